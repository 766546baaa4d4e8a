"""Taking other people out of what adults wrote about somebody; no I/O."""

import re
from collections.abc import Iterable

from app.web.contacts import without_contacts

SOMEBODY_ELSE = "[somebody else]"
CONTACT = "[how to reach somebody]"
SHORTEST_NAME = 2


def without_others(words: str, names: Iterable[str]) -> str:
    """Return words with every e-mail address, telephone number and given name out of them.

    `names`: of other people, whole (taken out however it is written) or one word of one (taken out where it begins
    with the same capital, and is a word of its own).
    """
    words = without_contacts(words, CONTACT)
    known = {name.strip() for name in names if len(name.strip()) >= SHORTEST_NAME}
    for name in sorted(known, key=len, reverse=True):
        flags = re.IGNORECASE if " " in name else re.NOFLAG
        words = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", SOMEBODY_ELSE, words, flags=flags)
    return words
