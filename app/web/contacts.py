"""Finding ways to reach somebody in words: e-mail addresses and telephone numbers."""

import re

E_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
TELEPHONE = re.compile(r"(?<![\w-])\+?\d(?:[ ()-]{0,2}\d){8,}(?![\w-])")


def without_contacts(words: str, instead: str) -> str:
    """Return words with `instead` in place of each e-mail address, and of each number of nine digits or more."""
    return TELEPHONE.sub(instead, E_MAIL.sub(instead, words))
