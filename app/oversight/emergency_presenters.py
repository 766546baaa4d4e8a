"""What pages show of emergency accesses: to whoever opened one, to mentors, and to the auditor, who learns no name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from app import clock
from app.accounts.queries import Named
from app.accounts.values import ROLE_WORDS
from app.oversight.presenters import SHORT
from app.web.dates import moment_in_words, on_moment, time_in_words
from app.young_people.models import EmergencyAccess
from app.young_people.values import Verdict

VERDICTS = {Verdict.RIGHT: "It was right", Verdict.NOT_RIGHT: "It was not right"}


@dataclass(frozen=True, slots=True)
class OpenLine:
    """An access of the viewer's own that goes on."""

    young_person_id: UUID
    name: str
    until: str


def open_lines(found: Iterable[EmergencyAccess], names: Mapping[UUID, str]) -> list[OpenLine]:
    return [OpenLine(one.young_person_id, names[one.young_person_id], time_in_words(one.ends_at)) for one in found]


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """One emergency access as the auditor sees it; `reason` and `words` are empty in the list."""

    id: UUID
    who: str
    role: str
    about: UUID
    when: str
    until: str
    state: str
    is_open: bool
    needs_review: bool
    reason: str = ""
    words: str = ""

    @property
    def about_short(self) -> str:
        return str(self.about)[:SHORT]


def review_lines(found: Iterable[EmergencyAccess], adults: Mapping[UUID, Named]) -> list[ReviewLine]:
    return [review_line(one, adults) for one in found]


def review_line(one: EmergencyAccess, adults: Mapping[UUID, Named], *, is_whole: bool = False) -> ReviewLine:
    """Return one access; `is_whole` opens the reason and what was found, which has to be written down."""
    adult = adults.get(one.account_id)
    ended, moment = one.ended_at or one.ends_at, clock.now()
    return ReviewLine(
        id=one.id,
        who=adult.name if adult else "Somebody who has left",
        role=ROLE_WORDS[adult.role] if adult else "",
        about=one.young_person_id,
        when=moment_in_words(one.started_at),
        until=time_in_words(ended),
        state=VERDICTS[one.verdict] if one.verdict else "To review",
        is_open=ended > moment,
        needs_review=one.reviewed_at is None,
        reason=one.reason if is_whole else "",
        words=one.review if is_whole else "",
    )


def told_lines(found: Iterable[EmergencyAccess], adults: Mapping[UUID, Named], names: Mapping[UUID, str]) -> list[str]:
    """Return a sentence for a mentor on each time that somebody opened a record of theirs; never why."""
    lines = []
    for one in found:
        adult = adults.get(one.account_id)
        who = f"{adult.name} ({ROLE_WORDS[adult.role].lower()})" if adult else "Somebody who has left"
        ended = one.ended_at or one.ends_at
        can = "can" if ended > clock.now() else "could"
        opened = f"{who} opened {names[one.young_person_id]}’s record in an emergency"
        began = on_moment(one.started_at)
        lines.append(f"{opened} {began}, and {can} read it until {time_in_words(ended)}.")
    return lines
