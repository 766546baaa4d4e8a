"""Reads from the packs of measures what young people are asked, for the catalogues of other languages."""

import tomllib
from collections.abc import Iterator
from typing import BinaryIO

from app.checkins.measures import SAID

Message = tuple[int, str, str, list[str]]


def measures_in(file: BinaryIO, keywords: object, comment_tags: object, options: object) -> Iterator[Message]:
    """Return the words of the measures that a young person may choose (Babel's interface for extractors)."""
    del keywords, comment_tags, options
    for entry in tomllib.loads(file.read().decode())["measure"]:
        if entry["choosable"]:
            for words in (*(entry[name] for name in SAID if name in entry), *entry.get("words", ())):
                yield 0, "_", words, []
