"""Opens files that somebody sent and makes them anew. Run as a script: in a process without keys, settings or database.

`python opening.py picture FORMAT` or `voice FORMAT` reads a file from standard input. It answers with a line of JSON
(`width`, `height`, `seconds`, and the lengths `contents` and `thumbnail`; or `refused` with a reason), then the bytes.
It imports nothing of ours, so that starting it is quick and nothing of the app is in its memory.
"""

import io
import json
import sys
from contextlib import suppress
from typing import Any, NamedTuple

from PIL import Image, ImageCms, ImageOps

MEMORY = 2_000_000_000
SECONDS_OF_WORK = 20
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 2_048
THUMBNAIL_SIDE = 320
QUALITY, THUMBNAIL_QUALITY = 80, 55
PAPER = "white"
LONGEST_SOUND, GRACE = 180, 5
RATE, BITS_A_SECOND = 24_000, 48_000
DECODERS = "opus,libopus,vorbis,aac,mp3,mp3float,flac,alac,amrnb,amrwb,pcm_s16le,pcm_s24le,pcm_f32le,pcm_u8"


class RefusedError(ValueError):
    """The file is not made anew; says why in one word."""


class Opened(NamedTuple):
    """A file made anew: pixels of a picture or seconds of sound, and the bytes."""

    width: int
    height: int
    seconds: int
    contents: bytes
    thumbnail: bytes


def limit_this_process() -> None:
    """Take the right to use much memory or time, and to write any file, from this process."""
    with suppress(ImportError):
        import resource  # noqa: PLC0415 (there is none on Windows)

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_OF_WORK, SECONDS_OF_WORK))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def open_picture(data: bytes, form: str) -> Opened:
    """Return the first frame of a picture as WebP: upright, in sRGB, at most 2,048 pixels a side, and nothing else.

    Only the decoder named is tried. Raises RefusedError (`pixels`, `heif`) before anything large is unpacked.
    """
    if form == "HEIF":
        _learn_heif()
    with Image.open(io.BytesIO(data), formats=(form,)) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise RefusedError("pixels")
        opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        whole = _on_paper(ImageOps.exif_transpose(opened))
    whole.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    small = whole.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return Opened(whole.width, whole.height, 0, _webp(whole, QUALITY), _webp(small, THUMBNAIL_QUALITY))


def _learn_heif() -> None:
    try:
        from pi_heif import register_heif_opener  # noqa: PLC0415 (an extra)
    except ImportError:
        raise RefusedError("heif") from None
    register_heif_opener(thumbnails=False)


def _on_paper(picture: Image.Image) -> Image.Image:
    """Return the picture's colours as sRGB on white: a new image, which carries nothing over but pixels."""
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in {"RGB", "CMYK", "L"}:
        with suppress(ImageCms.PyCMSError, OSError):
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            seen = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
            picture = seen or picture
    flat = picture.convert("RGBA")
    paper = Image.new("RGBA", flat.size, PAPER)
    paper.alpha_composite(flat)
    return paper.convert("RGB")


def _webp(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=quality, method=4, exif=b"", xmp=b"", icc_profile=b"")
    return out.getvalue()


def open_voice(data: bytes, form: str) -> Opened:
    """Return what is heard as an MP3, one channel of 48 kb/s, without a tag in it; at most three minutes.

    Only the container named and plain sound decoders are tried. Raises RefusedError (`voice`, `silent`, `long`).
    """
    try:
        import av  # noqa: PLC0415 (an extra)
    except ImportError:
        raise RefusedError("voice") from None
    out, samples = io.BytesIO(), 0
    with (
        av.open(io.BytesIO(data), "r", format=form, options={"codec_whitelist": DECODERS}) as heard,
        av.open(out, "w", format="mp3", options={"id3v2_version": "0", "fflags": "+bitexact"}) as said,
    ):
        if not heard.streams.audio:
            raise RefusedError("silent")
        track: Any = said.add_stream("libmp3lame", rate=RATE, layout="mono", bit_rate=BITS_A_SECOND)
        plain = av.AudioResampler(format="s16p", layout="mono", rate=RATE)
        for frame in heard.decode(heard.streams.audio[0]):
            for part in plain.resample(frame):
                samples += part.samples
                if samples > (LONGEST_SOUND + GRACE) * RATE:
                    raise RefusedError("long")
                part.pts = None
                said.mux(track.encode(part))
        for part in plain.resample(None):
            part.pts = None
            said.mux(track.encode(part))
        if not samples:
            raise RefusedError("silent")
        said.mux(track.encode(None))
    return Opened(0, 0, max(1, round(samples / RATE)), out.getvalue(), b"")


OPENERS = {"picture": open_picture, "voice": open_voice}


def answer(kind: str, form: str, data: bytes) -> bytes:
    """Return what goes to standard output."""
    try:
        made = OPENERS[kind](data, form)
    except RefusedError as error:
        return json.dumps({"refused": str(error)}).encode() + b"\n"
    except (MemoryError, Image.DecompressionBombError):
        return json.dumps({"refused": "pixels"}).encode() + b"\n"
    except Exception as error:  # noqa: BLE001 (whatever a decoder makes of a hostile file, it is refused)
        return json.dumps({"refused": "broken", "because": type(error).__name__}).encode() + b"\n"
    head = {"width": made.width, "height": made.height, "seconds": made.seconds}
    head |= {"contents": len(made.contents), "thumbnail": len(made.thumbnail)}
    return json.dumps(head).encode() + b"\n" + made.contents + made.thumbnail


if __name__ == "__main__":
    sent = sys.stdin.buffer.read()
    limit_this_process()
    sys.stdout.buffer.write(answer(sys.argv[1], sys.argv[2], sent))
