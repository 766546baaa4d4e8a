"""What pages may show of how parent carers are."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID, uuid4

from app import clock
from app.checkins.carer_queries import SharedByCarer
from app.checkins.measures import carer_measure, measure
from app.checkins.models import CarerCheckIn
from app.crypto.fields import UNREADABLE
from app.web.dates import moment_in_words, on_moment, short_date

TOP = 100


@dataclass(frozen=True, slots=True)
class CarerQuestion:
    """The question to a parent carer, with the id that the answer will have."""

    id: UUID
    words: str
    answers: tuple[int, ...]
    lowest_means: str
    highest_means: str
    source: str


@dataclass(frozen=True, slots=True)
class CarerLine:
    """One answer; `share` is its place from 0 to 100."""

    id: UUID
    answer: str
    when: str
    share: int


@dataclass(frozen=True, slots=True)
class SharedLine:
    """What one parent carer shares with the mentor, in one sentence."""

    name: str
    latest: str
    earlier: str


def carer_question() -> CarerQuestion:
    asked = carer_measure()
    return CarerQuestion(
        uuid4(), asked.question, tuple(asked.answers), asked.lowest_means, asked.highest_means, asked.source
    )


def carer_lines(check_ins: Iterable[CarerCheckIn]) -> list[CarerLine]:
    return [_line(check_in) for check_in in check_ins]


def _line(check_in: CarerCheckIn) -> CarerLine:
    asked, answer = measure(check_in.measure), check_in.answer
    return CarerLine(
        id=check_in.id,
        answer=UNREADABLE if answer is None else asked.words_for(answer),
        when=moment_in_words(check_in.at),
        share=0 if answer is None else round(TOP * asked.to_0_10(answer) / 10),
    )


def shared_lines(shared: Iterable[SharedByCarer]) -> tuple[SharedLine, ...]:
    """Return the newest answer of each parent carer with when it was, and the numbers before it."""
    return tuple(_shared(one) for one in shared)


def _shared(one: SharedByCarer) -> SharedLine:
    newest, *before = one.check_ins
    earlier = [
        f"{row.answer:g} ({short_date(clock.in_britain(row.at).date())})" for row in before if row.answer is not None
    ]
    return SharedLine(one.name, f"{_line(newest).answer}, {on_moment(newest.at)}", ", ".join(earlier))
