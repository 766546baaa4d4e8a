"""Files that somebody might send, made anew in each test: true ones, and ones that are up to something."""

import io
import struct
import wave
import zipfile
import zlib
from pathlib import Path
from typing import Any

from PIL import Image

MARK = b"PLANTED-7f3a-where-she-lives"
SCRIPT = b"<script>document.title='PLANTED-7f3a-where-she-lives'</script>"
GPS, GPS_LATITUDE_REF, GPS_LATITUDE, GPS_LONGITUDE_REF, GPS_LONGITUDE = 0x8825, 1, 2, 3, 4
ORIENTATION, MAKE, MAKER_NOTE = 0x0112, 0x010F, 0x927C
TURNED_RIGHT = 6


def picture(size: tuple[int, int] = (64, 48), mode: str = "RGB") -> Image.Image:
    """Return a picture whose left half is red and whose right half is blue."""
    made = Image.new(mode, size, (200, 30, 30))
    made.paste((30, 30, 200), (size[0] // 2, 0, size[0], size[1]))
    return made


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def jpeg_with_gps(size: tuple[int, int] = (64, 48)) -> bytes:
    """Return a photo as a phone makes it: on its side, with place, maker, comment, XMP and colour profile."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKE] = TURNED_RIGHT, MARK.decode()
    place = exif.get_ifd(GPS)
    place[GPS_LATITUDE_REF], place[GPS_LATITUDE] = "N", (52.0, 55.0, 21.0)
    place[GPS_LONGITUDE_REF], place[GPS_LONGITUDE] = "W", (1.0, 28.0, 33.0)
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + MARK + b"</x:xmpmeta>"
    return saved(picture(size), "JPEG", exif=exif.tobytes(), comment=MARK, xmp=xmp)


def jpeg_and_page() -> bytes:
    """Return a JPEG that is a web page too: in its comment, and after its end."""
    return saved(picture(), "JPEG", comment=SCRIPT) + b"<html>" + SCRIPT + b"</html>"


def gif_and_archive() -> bytes:
    """Return a GIF that is a zip file too (as a GIFAR is): a reader of zips looks from the end."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("Evil.class", MARK)
    return saved(picture(), "GIF") + archive.getvalue()


def png_with_words() -> bytes:
    """Return a PNG with text beside its pixels."""
    from PIL.PngImagePlugin import PngInfo  # noqa: PLC0415

    words = PngInfo()
    words.add_text("Location", MARK.decode())
    return saved(picture(), "PNG", pnginfo=words)


def animation() -> bytes:
    """Return a GIF of two frames, the second of which is green."""
    return saved(picture(), "GIF", save_all=True, append_images=[Image.new("RGB", (64, 48), (0, 200, 0))])


def svg() -> bytes:
    return b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>"


def zip_bomb() -> bytes:
    """Return a zip file of a few kilobytes that unpacks to 50 MB."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("photo.jpg", bytes(50_000_000))
    return archive.getvalue()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_bomb(width: int = 20_000, height: int = 10_000) -> bytes:
    """Return a PNG of under a megabyte that unpacks to 200 million pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    row = bytes(width + 1)
    body = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def png_text_bomb() -> bytes:
    """Return a small PNG whose compressed text unpacks to 100 MB."""
    whole = saved(picture(), "PNG")
    text = b"Comment\x00\x00" + zlib.compress(bytes(100_000_000), 9)
    return whole[:33] + _chunk(b"zTXt", text) + whole[33:]


def fifty_megabytes() -> bytes:
    """Return a photo of 50 MB: a true JPEG with much after it."""
    return saved(picture(), "JPEG") + bytes(50_000_000)


def heic() -> bytes:
    """Return a photo as an iPhone keeps it, with a place in it (made once with pillow-heif)."""
    return Path(__file__).with_name("photo.heic").read_bytes()


def tone(form: str, codec: str, seconds: float = 1.0, rate: int = 48_000, **tags: str) -> bytes:
    """Return a quiet tone of 440 Hz, with tags."""
    import av  # noqa: PLC0415 (an extra)
    import numpy as np  # noqa: PLC0415

    out = io.BytesIO()
    with av.open(out, "w", format=form) as container:
        container.metadata.update(tags)
        track: Any = container.add_stream(codec, rate=rate, layout="mono")
        samples = (np.sin(np.arange(int(rate * seconds)) * 2 * np.pi * 440 / rate) * 8_000).astype("int16")
        fit = av.AudioResampler(format=track.format.name, layout="mono", rate=rate, frame_size=track.frame_size or None)
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = rate
        for part in [*fit.resample(frame), *fit.resample(None)]:
            container.mux(track.encode(part))
        container.mux(track.encode(None))
    return out.getvalue()


def no_sound() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
    return out.getvalue()


def mp3_with_a_place() -> bytes:
    """Return an MP3 with an ID3 tag that says where it was recorded."""
    said = b"\x00Recording location\x00" + MARK
    frame = b"TXXX" + struct.pack(">I", len(said)) + b"\0\0" + said
    size = len(frame)
    syncsafe = bytes((size >> shift) & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\0\0" + syncsafe + frame + tone("mp3", "libmp3lame")
