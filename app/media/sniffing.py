"""What a file is, by its first bytes: neither its name nor what the sender calls it is asked."""

from enum import StrEnum

LOOKED_AT = 4_096


class Sniffed(StrEnum):
    """What a file looks like."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    GIF = "gif"
    AVIF = "avif"
    HEIF = "heif"
    SVG = "svg"
    ARCHIVE = "archive"
    PDF = "pdf"
    FILM = "film"
    MATROSKA = "matroska"
    OGG = "ogg"
    MP4 = "mp4"
    WAV = "wav"
    MP3 = "mp3"
    UNKNOWN = "unknown"


BEGINNINGS = (
    (b"\xff\xd8\xff", Sniffed.JPEG),
    (b"\x89PNG\r\n\x1a\n", Sniffed.PNG),
    (b"GIF87a", Sniffed.GIF),
    (b"GIF89a", Sniffed.GIF),
    (b"PK\x03\x04", Sniffed.ARCHIVE),
    (b"PK\x05\x06", Sniffed.ARCHIVE),
    (b"\x1f\x8b", Sniffed.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", Sniffed.ARCHIVE),
    (b"Rar!\x1a\x07", Sniffed.ARCHIVE),
    (b"BZh", Sniffed.ARCHIVE),
    (b"\xfd7zXZ\x00", Sniffed.ARCHIVE),
    (b"%PDF-", Sniffed.PDF),
    (b"\x1a\x45\xdf\xa3", Sniffed.MATROSKA),
    (b"OggS", Sniffed.OGG),
    (b"ID3", Sniffed.MP3),
)
RIFF = {b"WEBP": Sniffed.WEBP, b"WAVE": Sniffed.WAV, b"AVI ": Sniffed.FILM}
BRANDS = {
    Sniffed.AVIF: {b"avif", b"avis"},
    Sniffed.HEIF: {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"},
}
MP3_SYNC = 0xE0


def sniff(data: bytes) -> Sniffed:
    """Return what a file looks like; `FILM` is said of a film only where nothing else of it could be taken."""
    head = data[:LOOKED_AT]
    for beginning, found in BEGINNINGS:
        if head.startswith(beginning):
            return found
    if head.startswith(b"RIFF"):
        return RIFF.get(head[8:12], Sniffed.UNKNOWN)
    if head[4:8] == b"ftyp":
        return next((found for found, brands in BRANDS.items() if head[8:12] in brands), Sniffed.MP4)
    if len(head) > 1 and head[0] == 0xFF and head[1] & MP3_SYNC == MP3_SYNC:  # noqa: PLR2004 (a frame's first byte)
        return Sniffed.MP3
    return Sniffed.SVG if b"<svg" in head.lower() else Sniffed.UNKNOWN
