"""A QR code as one SVG path, so that it needs no styles and no image address."""

from dataclasses import dataclass

import segno

QUIET_ZONE = 4


@dataclass(frozen=True, slots=True)
class QrPicture:
    """The dark modules as a path in units of one module, and the width with its quiet zone."""

    path: str
    size: int


def qr_picture(text: str) -> QrPicture:
    """Return the QR code of a text, readable where up to 15% of it is damaged."""
    code = segno.make(text, error="m", micro=False)
    rows = [list(row) for row in code.matrix]
    squares = (
        f"M{x + QUIET_ZONE} {y + QUIET_ZONE}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, dark in enumerate(row)
        if dark
    )
    return QrPicture("".join(squares), len(rows) + 2 * QUIET_ZONE)
