"""What the side of the timeline shows of a young person: who they are, their profile, who is around them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app import clock
from app.accounts.queries import names_of
from app.accounts.values import Viewer
from app.checkins.carer_presenters import SharedLine, shared_lines
from app.checkins.carer_queries import shared_by_carers
from app.checkins.queries import check_ins_visible_to
from app.clock import in_britain
from app.profiles.queries import current_profile
from app.profiles.values import SECTIONS
from app.safeguarding.concern_words import due_words, found_words, source_of
from app.safeguarding.decision_presenters import WaitingLine, waiting_lines
from app.safeguarding.decision_queries import unfinished_of
from app.safeguarding.queries import concerns_of, open_concerns
from app.timeline.words import days_ago, long_day
from app.web.dates import time_in_words, whole_date
from app.young_people.queries import record_of, team_of
from app.young_people.values import Access, Tie

TIE_WORDS = {Tie.MENTOR: "mentor", Tie.PARENT_CARER: "parent carer", Tie.TEAM: "team"}


@dataclass(frozen=True, slots=True)
class ProfileView:
    """The one-page profile, and who said and typed it."""

    sections: tuple[tuple[str, str], ...]
    made: str


@dataclass(frozen=True, slots=True)
class ConcernView:
    """A call for help that nobody has answered yet: that they asked, or the words of theirs that were found."""

    id: UUID
    did: str
    when: str
    words: str
    found: str
    """What they tapped, or what was looked for and where it was; empty where they asked."""
    due: str


@dataclass(frozen=True, slots=True)
class PersonView:
    """One young person at the side of their timeline."""

    id: UUID
    name: str
    about: str
    last_check_in: str
    profile: ProfileView | None
    team: tuple[str, ...]
    concerns: tuple[ConcernView, ...]
    unfinished: tuple[WaitingLine, ...]
    """Calls for help that somebody took on and that are not closed."""
    earlier_calls: tuple[tuple[UUID, str], ...]
    """Those that are closed, by id and when."""
    carers: tuple[SharedLine, ...]
    is_mentored: bool
    emergency_until: str
    """Until when an emergency shows this page; empty where the viewer is around the young person."""
    may_see_what_followed: bool


def person_view(viewer: Viewer, access: Access) -> PersonView:
    """Return what the viewer may see: forms are for mentors, the profile for those it is shared with."""
    record, is_mentored = record_of(access), Tie.MENTOR in access.ties
    age = age_on(record.date_of_birth, clock.today())
    unfinished = waiting_lines(unfinished_of(access), {access.young_person_id: access.name})
    newest = check_ins_visible_to(access, before=None, limit=1)
    seen = days_ago(in_britain(newest[0].at).date(), clock.today()) if newest else ""
    return PersonView(
        id=access.young_person_id,
        name=access.name,
        about=", ".join(filter(None, (str(age) if age is not None else "", record.pronouns))),
        last_check_in=f"Last check-in {seen}." if seen else "No check-in shared with you yet.",
        profile=_profile(viewer, access),
        team=tuple(
            f"{'You' if account_id == viewer.account_id else name} ({TIE_WORDS[tie]})"
            for account_id, name, tie in sorted(team_of(viewer, access), key=lambda one: one[0] != viewer.account_id)
        ),
        concerns=tuple(
            ConcernView(
                concern.id,
                source_of(concern).did,
                _moment_words(concern.raised_at),
                concern.words,
                found_words(concern),
                due_words(concern),
            )
            for concern in open_concerns(access)
        ),
        unfinished=tuple(unfinished),
        earlier_calls=_earlier_calls(access, {one.id for one in unfinished}),
        carers=shared_lines(shared_by_carers(viewer, access)),
        is_mentored=is_mentored,
        emergency_until=time_in_words(access.emergency_until) if access.emergency_until else "",
        may_see_what_followed=bool(access.ties & {Tie.MENTOR, Tie.PARENT_CARER}),
    )


def _earlier_calls(access: Access, unfinished: set[UUID]) -> tuple[tuple[UUID, str], ...]:
    if access.is_self:
        return ()
    taken = [one for one in concerns_of(access) if one.acknowledged_at is not None and one.id not in unfinished]
    return tuple((one.id, whole_date(in_britain(one.raised_at).date())) for one in taken)


def _moment_words(moment: datetime) -> str:
    day = in_britain(moment).date()
    return f"{days_ago(day, clock.today())} at {time_in_words(moment)}"


def _profile(viewer: Viewer, access: Access) -> ProfileView | None:
    found = current_profile(access)
    if found is None:
        return None
    sections, said_by = found.sections, found.said_by
    typed_by = names_of(viewer, [found.typed_by]).get(found.typed_by, "somebody")
    on = long_day(in_britain(found.at).date())
    said = f"Said by {said_by}, typed by {typed_by}" if said_by and said_by != typed_by else f"Typed by {typed_by}"
    return ProfileView(
        tuple((section.heading, sections[section.key]) for section in SECTIONS if sections.get(section.key)),
        f"{said} on {on}.",
    )


def age_on(born: date | None, today: date) -> int | None:
    """Return somebody's age in whole years."""
    if born is None:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
