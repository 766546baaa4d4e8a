"""A form that could not be taken just now comes back with every letter, to be sent again without typing it anew."""

import re
from dataclasses import dataclass

from flask import request

SECRET = re.compile(r"pass|code|picture|token|secret|auth|credential|endpoint", re.IGNORECASE)
NOT_WORDS = re.compile(r"[a-z0-9_.:-]*|[\dT:.-]+")
CSRF = "csrf_token"


@dataclass(frozen=True, slots=True)
class TypedBefore:
    """What was sent to an address: words to show again, and the rest to send along."""

    action: str
    words: list[tuple[str, str]]
    rest: list[tuple[str, str]]
    had_files: bool


def typed_before() -> TypedBefore | None:
    """Return what this request's form says, or None where it says nothing or has a secret in it.

    Words that another site put into a form never come back: the browser has to say that our own page sent it.
    """
    fields = [(name, value) for name, value in request.form.items(multi=True) if name != CSRF]
    if not fields or request.headers.get("Sec-Fetch-Site") != "same-origin":
        return None
    if any(SECRET.search(name) for name, _ in fields):
        return None
    words = [(name, value) for name, value in fields if not NOT_WORDS.fullmatch(value)]
    rest = [field for field in fields if field not in words]
    return TypedBefore(request.full_path.rstrip("?"), words, rest, bool(request.files))
