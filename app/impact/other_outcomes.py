"""Outcomes other than weekly wellbeing that are published beside it, on the same footing and by the same rules."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

import numpy as np

from app.checkins.carer_queries import carer_scores_of_council
from app.goals.queries import goal_ratings_of_council
from app.impact.council_panel import CouncilPanel, times_of, with_outcome
from app.impact.families import one_of_each_family
from app.impact.one_level import Rated, first_weeks, on_one_level, without_course
from app.impact.tables import CARERS, GOALS, SCHOOL
from app.impact.values import CARER_WELLBEING, GOAL_RATING, SCHOOL_ATTENDANCE, CheckIns, Outcome, Times
from app.young_people.queries import carers_of_council
from app.young_people.school_queries import school_weeks_of_council


class Fact(NamedTuple):
    """Whose it is, which of their goals or parent carers it is of, when it was, and how much, as stored.

    `full_time` says of a week of school that it was one; None of anything else.
    """

    person: UUID
    source: UUID
    at: date | datetime
    value: float
    full_time: bool | None = None


@dataclass(frozen=True)
class OtherOutcome:
    """One further outcome: `code` stands in the database, `read` returns its facts, of people in group figures alone.

    `on_one_level` makes one series for each young person of their sources.
    """

    code: str
    outcome: Outcome
    read: Callable[[UUID, CouncilPanel], Iterable[Fact]]
    on_one_level: Callable[[Rated, CouncilPanel], CheckIns] | None = None


def _school(council_id: UUID, _: CouncilPanel) -> Iterator[Fact]:
    for fact in school_weeks_of_council(council_id):
        person = fact.young_person_id
        yield Fact(person, person, fact.monday, fact.share, full_time=fact.full_time)


def _goals(council_id: UUID, _: CouncilPanel) -> Iterator[Fact]:
    return (Fact(one.young_person_id, one.goal_id, one.at, one.rating) for one in goal_ratings_of_council(council_id))


def _of_goals(rated: Rated, council: CouncilPanel) -> CheckIns:
    return on_one_level(without_course(rated, first_weeks(council.panel.sessions, council.panel.people)))


def _carers(council_id: UUID, council: CouncilPanel) -> Iterator[Fact]:
    """Yield how parent carers are, each family's as of one young person, so that ten of them are ten families."""
    first = first_weeks(council.panel.sessions, council.panel.people)
    begun = {person: int(first[place]) for person, place in council.place.items()}
    stands_for = one_of_each_family(carers_of_council(council_id), begun)
    for score in carer_scores_of_council(council_id):
        person = stands_for.get(score.account_id)
        if person is not None:
            yield Fact(person, score.account_id, score.at, score.score_0_10)


def _of_carers(rated: Rated, _: CouncilPanel) -> CheckIns:
    return on_one_level(rated)


OTHER_OUTCOMES = (
    OtherOutcome(GOALS, GOAL_RATING, _goals, _of_goals),
    OtherOutcome(SCHOOL, SCHOOL_ATTENDANCE, _school),
    OtherOutcome(CARERS, CARER_WELLBEING, _carers, _of_carers),
)


def other_panels(council_id: UUID, council: CouncilPanel) -> Iterator[CouncilPanel]:
    """Yield the council's panel for every further outcome of which anything was recorded."""
    for other in OTHER_OUTCOMES:
        facts = [fact for fact in other.read(council_id, council) if fact.person in council.place]
        if facts:
            yield _panel(other, facts, council)


def _panel(other: OtherOutcome, facts: list[Fact], council: CouncilPanel) -> CouncilPanel:
    rated = _rated(facts, council.place)
    as_came = CheckIns(rated.person, rated.time, rated.score)
    said = [fact.full_time for fact in facts]
    return with_outcome(
        council,
        other.code,
        other.outcome,
        as_came if other.on_one_level is None else other.on_one_level(rated, council),
        recorded=None if other.on_one_level is None else as_came,
        full_time=np.array(said, np.bool_) if None not in said else None,
    )


def _rated(facts: list[Fact], place: Mapping[UUID, int]) -> Rated:
    number: dict[UUID, int] = {}
    return Rated(
        np.array([place[fact.person] for fact in facts], np.int64),
        np.array([number.setdefault(fact.source, len(number)) for fact in facts], np.int64),
        _times([fact.at for fact in facts]),
        np.array([fact.value for fact in facts], np.float64),
    )


def _times(moments: list[date | datetime]) -> Times:
    if all(isinstance(at, datetime) for at in moments):
        return times_of(at for at in moments if isinstance(at, datetime))
    return np.array(moments, "datetime64[s]")
