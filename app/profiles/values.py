"""The headings of a one-page profile, and a profile as one reader sees it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.web.languages import _l

LONGEST_SECTION = 700
LONGEST_SAID_BY = 80
MOST_LINES = 9
"""Of one heading: five of these still fit on one sheet of A4."""


@dataclass(frozen=True, slots=True)
class Section:
    """One heading: how the young person is asked, how an adult reads it, and a line to start from."""

    key: str
    heading: str
    asked: str
    hint: str
    symbol: str
    """The picture beside it, where somebody asks for pictures."""


SECTIONS = (
    Section(
        "admire",
        _l("What people like and admire about me"),
        _l("What do people like about you?"),
        _l("Ask somebody who knows you, if you are not sure."),
        "proud",
    ),
    Section(
        "important",
        _l("What’s important to me"),
        _l("What matters to you?"),
        _l("People, pets and places you love. What must stay the same."),
        "family",
    ),
    Section(
        "support",
        _l("How best to support me"),
        _l("What helps you?"),
        _l("What should people do, and what should they not do?"),
        "help",
    ),
    Section(
        "spoken_to",
        _l("How I like to be spoken to"),
        _l("How do you like people to talk to you?"),
        _l("Short sentences? Time to think? Your name and pronouns?"),
        "say",
    ),
    Section(
        "when_hard",
        _l("What to do when things are hard"),
        _l("What should people do when things are hard?"),
        _l("How can they tell, what helps, and what makes it worse?"),
        "calm",
    ),
)
SECTION_KEYS = frozenset(section.key for section in SECTIONS)
PICTURE = "picture"
PARTS = (*SECTIONS, Section(PICTURE, _l("My picture"), "", "", ""))
"""All that a young person chooses readers for, one by one."""
PART_KEYS = SECTION_KEYS | {PICTURE}


@dataclass(frozen=True, slots=True)
class SeenProfile:
    """The newest version of a profile with the sections that one reader may see, and no others.

    `picture` is the id of the media that show what the young person is like, where the reader may see them.
    """

    number: int
    typed_by: UUID
    at: datetime
    said_by: str
    sections: dict[str, str]
    picture: UUID | None = None
