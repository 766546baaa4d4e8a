"""Which passwords are refused, and why in a sentence: too short, among the commonest, or made of what anybody knows."""

import hashlib
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from app.accounts.values import LONGEST_PASSWORD, PASSWORD_RULE, SHORTEST_PASSWORD

COMMON = Path(__file__).with_name("common_passwords") / "passwords.bin"
PREFIX = 8
"""Bytes of the SHA-256 of each common password that the file keeps, in order."""
OF_OURS = ("tidemark", "password", "passwort", "council", "welcome")
"""Words that everybody here would think of, beside the council's and the person's own."""
SHORTEST_WORD = 4


def why_refused(password: str, *, about: Iterable[str] = ()) -> str | None:
    """Return why a password cannot be used, for its owner to read; None where it can.

    `about`: names and addresses of the council and of the person; none of their words may stand in it.
    """
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        return PASSWORD_RULE
    plain = _plain(password)
    if is_common(plain):
        return "This password is among those that are tried first. Think of another one."
    found = next((word for word in _words((*OF_OURS, *about)) if word in plain), None)
    if found is not None:
        return f"Leave “{found}” out of it: whoever knows you or the council would try that."
    return None


def is_common(password: str) -> bool:
    """Say whether a password is one of the 43,940 commonest of twelve letters or more."""
    known, wanted = _common(), hashlib.sha256(_plain(password).encode()).digest()[:PREFIX]
    at = bisect_left(known, wanted)
    return at < len(known) and known[at] == wanted


@cache
def _common() -> list[bytes]:
    contents = COMMON.read_bytes()
    return [contents[start : start + PREFIX] for start in range(0, len(contents), PREFIX)]


def _words(texts: Iterable[str]) -> Iterable[str]:
    found = (word for text in texts for word in re.split(r"[\W_]+", _plain(text)))
    return (word for word in found if len(word) >= SHORTEST_WORD)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
