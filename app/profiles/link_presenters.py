"""What a young person reads of their links, and what somebody reads through one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from app import clock
from app.profiles.models import ProfileLink, ProfileOpening
from app.profiles.presenters import ProfilePage
from app.profiles.values import PARTS, PICTURE
from app.web.dates import on_moment
from app.web.errors import NotFoundError
from app.web.languages import _, ngettext

GAP_EVERY = 4


@dataclass(frozen=True, slots=True)
class LinkLine:
    """One link in the list: whom it is for, what it shows, until when, and what became of it."""

    id: UUID
    for_whom: str
    works: bool
    until: str
    shown: tuple[str, ...]
    opened: tuple[str, ...]


def link_lines(
    links: Iterable[ProfileLink], openings: Mapping[UUID, Sequence[ProfileOpening]]
) -> tuple[list[LinkLine], list[LinkLine]]:
    """Return the links that work, and those that do not any more."""
    lines = [_line(link, openings.get(link.id, ())) for link in links]
    return [line for line in lines if line.works], [line for line in lines if not line.works]


def _line(link: ProfileLink, openings: Sequence[ProfileOpening]) -> LinkLine:
    works = link.stopped_at is None and link.ends_at > clock.now()
    return LinkLine(
        id=link.id,
        for_whom=link.for_whom,
        works=works,
        until=_until(link, works=works),
        shown=tuple(part.heading for part in PARTS if part.key in link.shown),
        opened=_opened(link.for_whom, openings),
    )


def _until(link: ProfileLink, *, works: bool) -> str:
    if link.stopped_at is not None:
        return _("You stopped it %(when)s.", when=on_moment(link.stopped_at))
    when = on_moment(link.ends_at)
    return _("It stops %(when)s.", when=when) if works else _("It stopped %(when)s.", when=when)


def _opened(for_whom: str, openings: Sequence[ProfileOpening]) -> tuple[str, ...]:
    """Say when it was read and when a copy was taken, newest first: of several, how many and the last."""
    read = [one for one in openings if not one.is_copy]
    copies = [one for one in openings if one.is_copy]
    if not openings:
        return (_("Not opened yet."),)
    lines = [
        ngettext(
            "%(who)s opened it %(when)s.",
            "%(who)s opened it %(num)s times. The last time was %(when)s.",
            len(read),
            who=for_whom,
            when=on_moment(read[0].at),
        )
        if read
        else "",
        ngettext(
            "%(who)s took a copy %(when)s.",
            "%(who)s took a copy %(num)s times. The last time was %(when)s.",
            len(copies),
            who=for_whom,
            when=on_moment(copies[0].at),
        )
        if copies
        else "",
    ]
    return tuple(filter(None, lines))


def with_gaps(code: str) -> str:
    """Return a code in groups of four, as it is read aloud and typed."""
    return " ".join(code[start : start + GAP_EVERY] for start in range(0, len(code), GAP_EVERY))


@dataclass(frozen=True, slots=True)
class Linked:
    """What somebody reads who has a link's code, whom it was made for, and until when it works."""

    profile: ProfilePage
    for_whom: str
    until: str


def linked(link: ProfileLink, profile: ProfilePage | None) -> Linked:
    """Return what a link shows of a profile: its own headings and no others. Raises NotFoundError without one."""
    if profile is None:
        raise NotFoundError
    parts = [part for part in profile.parts if part.section.key in link.shown]
    picture = profile.picture if PICTURE in link.shown else None
    return Linked(replace(profile, parts=parts, picture=picture), link.for_whom, on_moment(link.ends_at))
