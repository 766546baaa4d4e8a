"""Every string that young people read: the messages that `make translations` finds in templates, forms and the rest.

That none is left out, `test_every_language.py` shows by reading every page in a made-up language.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.frontend import parse_mapping_cfg

ROOT = Path(__file__).parents[2]
TRANSLATIONS = ROOT / "app" / "translations"
TEMPLATES = ROOT / "templates"
LAYOUT = "layouts/young_person.html"
FILLED_IN = "it"
TAG = re.compile(r"<[^>]*>")
GAP = re.compile(r"%\(\w+\)s")
SENTENCE = re.compile(r"[.!?:;]+(?=\s|$)")
WORD = re.compile(r"[\w’'-]*\w")
MAY_SPEAK = re.compile(r"app\.web\.languages|_\(|ngettext\(|\{%-? *trans|^choosable", re.MULTILINE)
"""A file without any of these has no message in it; reading only the others saves half a minute."""


@dataclass(frozen=True, order=True)
class Passage:
    """One string and the file that it stands in."""

    where: str
    text: str

    @property
    def words(self) -> list[str]:
        return WORD.findall(self.text)


@cache
def extracted() -> Catalog:
    """Return what `make translations` finds in the source as it is."""
    with (TRANSLATIONS / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    keywords = {**DEFAULT_KEYWORDS, "_l": None}
    catalogue = Catalog()
    for pattern, method in methods:
        for path in sorted(ROOT.glob(pattern)):
            if MAY_SPEAK.search(path.read_text()):
                found = extract_from_file(method, path, keywords=keywords, options=options.get(pattern))
                for line, message, comments, context in found:
                    where = str(path.relative_to(ROOT))
                    catalogue.add(message, None, [(where, line)], auto_comments=comments, context=context)
    return catalogue


def forms_of(message: object) -> tuple[str, ...]:
    """Return a message, and its plural where it has one."""
    return tuple(message) if isinstance(message, (tuple, list)) else (str(message),)


def passages() -> list[Passage]:
    """Return every passage, once for each file that it stands in."""
    return sorted(set(_passages()))


def _passages() -> Iterator[Passage]:
    for message in extracted():
        for form in forms_of(message.id):
            text = GAP.sub(FILLED_IN, TAG.sub("", form)).replace("%%", "%")
            if re.search(r"[a-z]{2}", text):
                yield from (Passage(where, text) for where, _ in message.locations)


def reading_age_index(passages: list[Passage]) -> float:
    """Return the Automated Readability Index (Senter and Smith 1967) of passages together, each at least one sentence.

    4.71 letters a word + 0.5 words a sentence - 21.43. Up to 4: a reading age of 8 to 9.
    """
    words = [word for passage in passages for word in passage.words]
    letters = sum(character.isalnum() for word in words for character in word)
    sentences = sum(max(len(SENTENCE.findall(passage.text.rstrip(".!?:; ") + ".")), 1) for passage in passages)
    return 4.71 * letters / len(words) + 0.5 * len(words) / sentences - 21.43


def their_templates() -> list[Path]:
    """Return the templates of young people's pages."""
    return sorted(path for path in TEMPLATES.rglob("*.html") if f'"{LAYOUT}"' in path.read_text())
