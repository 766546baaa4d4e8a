"""Asking the council's virus scanner (clamd) about a file before anything opens it; without one nothing is asked.

The one command that is spoken is INSTREAM: the file in pieces, each after its length, then a piece of no length.
"""

import logging
import re
import socket
import struct
import time

from flask import current_app

from app.media.values import NotTakenError
from app.settings import ScannerSettings
from app.web.languages import _l

logger = logging.getLogger(__name__)
PIECE = 65_536
PATIENCE = 20.0
"""Seconds for the whole of one file."""
LONGEST_ANSWER = 4_096
CLEAN = "stream: OK"
FOUND = re.compile(r"stream: (?P<what>[\x21-\x7e]+) FOUND")
INFECTED = _l("There is something harmful in that file, so we did not keep it. Choose another one.")
AWAY = _l("We can’t check files for harm just now, so we did not keep it. Try again later.")


class ScannerAwayError(RuntimeError):
    """The scanner did not say of a file what is in it."""


def checked(data: bytes) -> bytes:
    """Return a file that the scanner finds nothing in; where there is no scanner, as it is.

    Raises NotTakenError where something was found, and where the scanner does not answer.
    """
    scanner: ScannerSettings | None = current_app.extensions["settings"].scanner
    if scanner is None:
        return data
    try:
        found = what_is_in(data, scanner)
    except (OSError, ScannerAwayError) as error:
        logger.error("a file was refused: the scanner is away (%s)", type(error).__name__)  # noqa: TRY400 (its message quotes an address)
        raise NotTakenError(AWAY) from None
    if found is not None:
        logger.warning("a file was refused: the scanner found something in it, which its own log names")
        raise NotTakenError(INFECTED)
    return data


def what_is_in(data: bytes, scanner: ScannerSettings) -> str | None:
    """Return the name of what clamd finds in a file, or None.

    Raises OSError, and ScannerAwayError at any answer that says neither.
    """
    until = time.monotonic() + PATIENCE
    with _connected(scanner, until) as way:
        way.sendall(b"zINSTREAM\0")
        for start in range(0, len(data), PIECE):
            piece = data[start : start + PIECE]
            way.settimeout(_left(until))
            way.sendall(struct.pack(">I", len(piece)) + piece)
        way.sendall(struct.pack(">I", 0))
        answer = _answer(way, until)
    if answer == CLEAN:
        return None
    found = FOUND.fullmatch(answer)
    if found is None:
        raise ScannerAwayError
    return found["what"]


def _connected(scanner: ScannerSettings, until: float) -> socket.socket:
    if scanner.path is None:
        return socket.create_connection((scanner.host, scanner.port), timeout=_left(until))
    way = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    way.settimeout(_left(until))
    try:
        way.connect(str(scanner.path))
    except OSError:
        way.close()
        raise
    return way


def _answer(way: socket.socket, until: float) -> str:
    """Return what stands before the NUL that ends an answer."""
    said = b""
    while b"\0" not in said and len(said) < LONGEST_ANSWER:
        way.settimeout(_left(until))
        more = way.recv(LONGEST_ANSWER)
        if not more:
            raise ScannerAwayError
        said += more
    return said.partition(b"\0")[0].decode("ascii", errors="replace")


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
