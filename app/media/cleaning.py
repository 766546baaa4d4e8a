"""From a file that somebody sent to one that is safe to keep and to show: sniffed here, opened in a process apart."""

import json
import logging
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from threading import BoundedSemaphore

from app.media.sniffing import Sniffed, sniff
from app.media.values import LARGEST_KEPT, LONGEST_VOICE_NOTE, ROOM, Cleaned, MediaKind, NotTakenError
from app.web.languages import _, _l
from app.web.uploads import AtMost

logger = logging.getLogger(__name__)
SCRIPT = Path(__file__).with_name("opening.py")
PATIENCE = 40
MOST_AT_ONCE = 2
AT_ONCE = BoundedSemaphore(MOST_AT_ONCE)
PICTURES = {
    Sniffed.JPEG: "JPEG",
    Sniffed.PNG: "PNG",
    Sniffed.WEBP: "WEBP",
    Sniffed.GIF: "GIF",
    Sniffed.AVIF: "AVIF",
    Sniffed.HEIF: "HEIF",
}
SOUNDS = {
    Sniffed.MATROSKA: "matroska",
    Sniffed.OGG: "ogg",
    Sniffed.MP4: "mp4",
    Sniffed.WAV: "wav",
    Sniffed.MP3: "mp3",
}
SCREENSHOT = _l("Take a screenshot of it and choose that.")
NOT_A_PICTURE = {
    Sniffed.SVG: _l(
        "That is an SVG. A program can hide in it, so we can’t take it. %(screenshot)s", screenshot=SCREENSHOT
    ),
    Sniffed.ARCHIVE: _l("That is a zip file, not a photo. Open it first, then choose one photo from it."),
    Sniffed.PDF: _l("That is a PDF, not a photo. %(screenshot)s", screenshot=SCREENSHOT),
    Sniffed.FILM: _l("That is a film. There is no room for films here. Choose a photo."),
    Sniffed.MP4: _l("That is a film. There is no room for films here. Choose a photo."),
    Sniffed.MATROSKA: _l("That is a film. There is no room for films here. Choose a photo."),
}
UNKNOWN_PICTURE = _l("We can’t tell what that file is. Choose a photo: JPG, PNG, WebP, GIF or HEIC.")
UNKNOWN_SOUND = _l("We can’t tell what that file is. Choose a sound: MP3, M4A, OGG, WebM or WAV.")
WHY = {
    "voice": _l("Voice notes are not turned on here yet. Can you write it?"),
    "silent": _l("There is no sound in that. Try once more."),
    "long": _l("That is too long. There is room for %(minutes)s minutes.", minutes=LONGEST_VOICE_NOTE // 60),
    "pixels": _l("That picture is too big to open. %(screenshot)s", screenshot=SCREENSHOT),
    "heif": _l("Your phone saved that photo as HEIC, which we can’t open here. %(screenshot)s", screenshot=SCREENSHOT),
    "broken": _l("That file looks broken. Try another one."),
}


def received(file: AtMost | None) -> bytes:
    """Return the bytes of a file that came with a form; raises NotTakenError where there is none or too much."""
    if file is None:
        raise NotTakenError(_("Choose a file first."))
    if file.is_too_big:
        size = f"{file.sent / 1_000_000:,.0f} MB"
        raise NotTakenError(
            _("That is %(size)s. There is room for %(room)s. Make it smaller, then try again.", size=size, room=ROOM)
        )
    return file.getvalue()


def clean(data: bytes, kind: MediaKind) -> Cleaned:
    """Return what is seen or heard in a file, made anew; raises NotTakenError with a sentence for the sender."""
    return _picture(data) if kind.is_picture else _voice(data)


def can_hear() -> bool:
    """Say whether this installation has what opens voice notes."""
    return find_spec("av") is not None


def _voice(data: bytes) -> Cleaned:
    found = sniff(data)
    if found not in SOUNDS:
        raise NotTakenError(UNKNOWN_SOUND)
    return _opened("voice", SOUNDS[found], data, "audio/mpeg")


def _picture(data: bytes) -> Cleaned:
    found = sniff(data)
    if found not in PICTURES:
        raise NotTakenError(NOT_A_PICTURE.get(found, UNKNOWN_PICTURE))
    return _opened("picture", PICTURES[found], data, "image/webp")


def _opened(what: str, form: str, data: bytes, content_type: str) -> Cleaned:
    command = [sys.executable, "-I", str(SCRIPT), what, form]
    try:
        with AT_ONCE:
            done = subprocess.run(command, input=data, capture_output=True, timeout=PATIENCE, env={}, check=False)  # noqa: S603 (our own script)
    except subprocess.TimeoutExpired:
        raise NotTakenError(WHY["pixels"]) from None
    if done.returncode:
        logger.warning("a file of form %s ended the process that opened it: %d", form, done.returncode)
        raise NotTakenError(WHY["broken"])
    line, _, rest = done.stdout.partition(b"\n")
    head = json.loads(line)
    if "refused" in head:
        raise NotTakenError(WHY[head["refused"]])
    contents, thumbnail = rest[: head["contents"]], rest[head["contents"] :]
    if len(contents) > LARGEST_KEPT:
        raise NotTakenError(WHY["pixels"])
    return Cleaned(contents, thumbnail, content_type, head["width"], head["height"], head["seconds"])
