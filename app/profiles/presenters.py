"""What the one-page profile shows, on the phone, to adults and on paper: never a need or a diagnosis."""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from uuid import UUID

from app import clock
from app.media.models import Media
from app.media.presenters import MediaView, media_view
from app.media.values import MediaKind
from app.profiles.models import ProfileVersion
from app.profiles.values import PICTURE, SECTIONS, Section, SeenProfile
from app.web.dates import moment_in_words, on_day
from app.web.languages import _

LETTERS_IN_A_LINE = 90
ROOMY_UNTIL = 26
LINES_OF_A_PICTURE = 6


@dataclass(frozen=True, slots=True)
class ProfilePart:
    """One heading with what stands under it."""

    section: Section
    words: str
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class ProfilePicture:
    """The picture on a profile; `alt` says what it shows."""

    id: UUID
    alt: str
    width: int
    height: int
    thumbnail: bytes

    @property
    def inside(self) -> str:
        """Return the picture as an address that carries it: for a file, and for a reader without an account."""
        return f"data:image/webp;base64,{b64encode(self.thumbnail).decode()}"


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
    picture: ProfilePicture | None = None

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
    picture: MediaView | None
    had_picture: bool
    """Whether it had one, which may have gone since."""


def parts_of(sections: Mapping[str, str], problems: Mapping[str, str] | None = None) -> list[ProfilePart]:
    return [
        ProfilePart(section, sections.get(section.key, ""), (problems or {}).get(section.key)) for section in SECTIONS
    ]


def profile_page(
    profile: SeenProfile | None, picture: Media | None, *, name: str, pronouns: str, names: Mapping[UUID, str]
) -> ProfilePage | None:
    """Return the profile for a page, or None where nothing has been written yet."""
    if profile is None:
        return None
    parts = parts_of(profile.sections)
    lines = sum(ceil(len(line) / LETTERS_IN_A_LINE) or 1 for part in parts for line in part.words.splitlines())
    lines += LINES_OF_A_PICTURE if picture else 0
    return ProfilePage(
        name=name,
        pronouns=pronouns,
        parts=parts,
        by=_by(profile, names),
        saved=_day(profile.at),
        number=profile.number,
        is_tight=lines > ROOMY_UNTIL,
        picture=profile_picture(picture, name),
    )


def profile_picture(picture: Media | None, name: str) -> ProfilePicture | None:
    """Return a picture for a page about somebody of this name, or None where there is none."""
    if picture is None:
        return None
    seen = media_view(picture)
    is_photo = seen.kind is MediaKind.PHOTO
    chose = (
        _("The photo that %(name)s chose", name=name) if is_photo else _("The drawing that %(name)s chose", name=name)
    )
    alt = seen.description or chose
    return ProfilePicture(picture.id, alt, seen.width, seen.height, picture.thumbnail)


def version_lines(
    versions: Iterable[ProfileVersion], pictures: Mapping[str, Media], names: Mapping[UUID, str]
) -> list[VersionLine]:
    """Return a young person's own versions, each with its picture where `pictures` still has it."""
    seen = {id_: media_view(media) for id_, media in pictures.items()}
    return [
        VersionLine(
            number=version.number,
            saved=moment_in_words(version.at),
            by=_by(version, names),
            parts=[part for part in parts_of(version.sections) if part.words],
            picture=seen.get(version.sections.get(PICTURE, "")),
            had_picture=PICTURE in version.sections,
        )
        for version in versions
    ]


def _by(version: ProfileVersion | SeenProfile, names: Mapping[UUID, str]) -> str:
    """Return whose words they are and who typed them, which may be one person."""
    typed_by = names.get(version.typed_by, _("somebody"))
    if version.said_by == typed_by:
        return _("Said and typed by %(typed_by)s", typed_by=typed_by)
    return _("Said by %(said_by)s, typed by %(typed_by)s", said_by=version.said_by, typed_by=typed_by)


def _day(moment: datetime) -> str:
    return on_day(clock.in_britain(moment).date())
