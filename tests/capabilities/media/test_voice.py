"""Voice notes: only what is heard comes through, as an MP3 without a tag."""

import io
import json
import sys
from collections.abc import Callable

import av
import pytest

from app.media import opening
from app.media.cleaning import WHY, clean
from app.media.values import LARGEST_KEPT, MediaKind, NotTakenError
from tests.capabilities.media import made


def cleaned(data: bytes) -> int:
    """Return how many seconds are kept of a file, after a look at what else is in it."""
    result = clean(data, MediaKind.VOICE)
    assert result.content_type == "audio/mpeg"
    assert made.MARK not in result.contents
    assert not result.contents.startswith(b"ID3")
    with av.open(io.BytesIO(result.contents), mode="r") as kept:
        assert kept.metadata == {}
        (stream,) = kept.streams.audio
        assert (len(kept.streams), stream.codec_context.name, stream.layout.name) == (1, "mp3float", "mono")
        heard = sum(frame.samples / frame.sample_rate for frame in kept.decode(audio=0))
    assert abs(heard - result.seconds) < 1
    return result.seconds


TAKEN = {
    "webm, as Chrome records": ("webm", "libopus"),
    "mp4, as Safari records": ("mp4", "aac"),
    "ogg": ("ogg", "libopus"),
    "wav": ("wav", "pcm_s16le"),
}


@pytest.mark.parametrize("name", TAKEN)
def test_what_phones_record_is_taken_without_its_tags(name: str) -> None:
    form, codec = TAKEN[name]
    sent = made.tone(form, codec, 2, title=made.MARK.decode(), comment=made.MARK.decode())
    assert made.MARK in sent
    assert cleaned(sent) == 2


def test_an_mp3_that_says_where_it_was_recorded_comes_out_without_it() -> None:
    sent = made.mp3_with_a_place()
    assert made.MARK in sent
    assert cleaned(sent) == 1


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "four minutes": (lambda: made.tone("ogg", "libopus", 240), "room for 3 minutes"),
    "a photo": (made.jpeg_with_gps, "can’t tell what that file is"),
    "a page": (lambda: made.SCRIPT, "can’t tell what that file is"),
    "half a note": (lambda: made.tone("mp4", "aac")[:600], "looks broken"),
    "a beginning and nothing more": (lambda: b"\x1a\x45\xdf\xa3" + bytes(200), "looks broken"),
    "no sound": (made.no_sound, "no sound in that"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_taken_is_refused_with_what_to_do(name: str) -> None:
    file, sentence = REFUSED[name]
    with pytest.raises(NotTakenError, match=sentence):
        clean(file(), MediaKind.VOICE)


def test_the_longest_note_fits() -> None:
    result = clean(made.tone("ogg", "libopus", 180), MediaKind.VOICE)
    assert result.seconds == 180
    assert len(result.contents) < LARGEST_KEPT / 3


def test_without_the_extra_a_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    assert json.loads(opening.answer("voice", "ogg", b"OggS")) == {"refused": "voice"}
    assert "not turned on here yet" in WHY["voice"]
