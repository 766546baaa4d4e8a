"""Outcomes other than weekly wellbeing that are published beside it, on the same footing and by the same rules."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np

from app.impact.council_panel import CouncilPanel, with_outcome
from app.impact.values import SCHOOL_ATTENDANCE, CheckIns, Outcome
from app.young_people.school_queries import school_weeks_of_council

Fact = tuple[UUID, date, float]
"""Whose it is, when it was, and how much; a higher figure is better unless the outcome says otherwise."""


@dataclass(frozen=True)
class OtherOutcome:
    """One further outcome: `code` stands in the database, `read` returns its facts of a council, figures as stored.

    `read` leaves out whoever is not in group figures.
    """

    code: str
    outcome: Outcome
    read: Callable[[UUID], Iterable[Fact]]


def _school(council_id: UUID) -> Iterator[Fact]:
    return ((fact.young_person_id, fact.monday, fact.share) for fact in school_weeks_of_council(council_id))


OTHER_OUTCOMES = (OtherOutcome("school_attendance", SCHOOL_ATTENDANCE, _school),)


def other_panels(council_id: UUID, council: CouncilPanel) -> Iterator[CouncilPanel]:
    """Yield the council's panel for every further outcome of which anything was recorded."""
    for other in OTHER_OUTCOMES:
        scores = _scores(other.read(council_id), council.place)
        if scores.person.size:
            yield with_outcome(council, other.code, other.outcome, scores)


def _scores(facts: Iterable[Fact], place: Mapping[UUID, int]) -> CheckIns:
    held = [(place[person], on, score) for person, on, score in facts if person in place]
    return CheckIns(
        np.array([person for person, _, _ in held], np.int64),
        np.array([on for _, on, _ in held], "datetime64[s]"),
        np.array([score for _, _, score in held], np.float64),
    )
