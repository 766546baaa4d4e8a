"""What the one-page profile shows, on the phone, to adults and on paper: never a need or a diagnosis."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from uuid import UUID

from app import clock
from app.profiles.models import ProfileVersion
from app.profiles.values import SECTIONS, Section, SeenProfile
from app.web.dates import day_in_words, in_sentence, moment_in_words

LETTERS_IN_A_LINE = 90
ROOMY_UNTIL = 26


@dataclass(frozen=True, slots=True)
class ProfilePart:
    """One heading with what stands under it."""

    section: Section
    words: str
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class ProfilePage:
    """A one-page profile as it is now."""

    name: str
    pronouns: str
    parts: list[ProfilePart]
    by: str
    saved: str
    number: int
    is_tight: bool
    """Whether a sheet of A4 needs the smaller letters."""

    @property
    def written(self) -> list[ProfilePart]:
        return [part for part in self.parts if part.words]


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One saved version, in the list of them."""

    number: int
    saved: str
    by: str
    parts: list[ProfilePart]


def parts_of(sections: Mapping[str, str], problems: Mapping[str, str] | None = None) -> list[ProfilePart]:
    return [
        ProfilePart(section, sections.get(section.key, ""), (problems or {}).get(section.key)) for section in SECTIONS
    ]


def profile_page(
    profile: SeenProfile | None, *, name: str, pronouns: str, names: Mapping[UUID, str]
) -> ProfilePage | None:
    """Return the profile for a page, or None where nothing has been written yet."""
    if profile is None:
        return None
    parts = parts_of(profile.sections)
    lines = sum(ceil(len(line) / LETTERS_IN_A_LINE) or 1 for part in parts for line in part.words.splitlines())
    return ProfilePage(
        name=name,
        pronouns=pronouns,
        parts=parts,
        by=_by(profile, names),
        saved=_day(profile.at),
        number=profile.number,
        is_tight=lines > ROOMY_UNTIL,
    )


def version_lines(versions: Iterable[ProfileVersion], names: Mapping[UUID, str]) -> list[VersionLine]:
    return [
        VersionLine(
            number=version.number,
            saved=moment_in_words(version.at),
            by=_by(version, names),
            parts=[part for part in parts_of(version.sections) if part.words],
        )
        for version in versions
    ]


def _by(version: ProfileVersion | SeenProfile, names: Mapping[UUID, str]) -> str:
    """Return whose words they are and who typed them, which may be one person."""
    typed_by = names.get(version.typed_by, "somebody")
    if version.said_by == typed_by:
        return f"Said and typed by {typed_by}"
    return f"Said by {version.said_by}, typed by {typed_by}"


def _day(moment: datetime) -> str:
    return in_sentence(day_in_words(clock.in_britain(moment).date()))
