"""What goes into the impact engine and what comes out of it: plain arrays and frozen records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Truths = NDArray[np.bool_]
Times = NDArray[np.datetime64] | NDArray[np.int64] | NDArray[np.float64]


@dataclass(frozen=True)
class CheckIns:
    """Scores as they were given; a higher score is better.

    `person` (N,): index of the person, 0 to people - 1. `time` (N,): datetime64 of any unit, or days as a number, of
    which day 0 is a Monday. `score` (N,): any scale, finite. `measure` (N,), where given: which measure each was
    answered on, numbered from 0; a term for each takes off by how much measures differ within people who changed.
    """

    person: Integers
    time: Times
    score: Floats
    measure: Integers | None = None


@dataclass(frozen=True)
class Sessions:
    """Sessions attended, one a row: `person` (S,), `intervention` (S,) index into the names, `time` (S,)."""

    person: Integers
    intervention: Integers
    time: Times


@dataclass(frozen=True)
class Referrals:
    """When somebody decided on an intervention: `person` (R,), `intervention` (R,), `time` (R,)."""

    person: Integers
    intervention: Integers
    time: Times


@dataclass(frozen=True)
class Prompts:
    """Every prompt sent: `person` (Q,), `time` (Q,), `answered` (Q,), true where a check-in came."""

    person: Integers
    time: Times
    answered: Truths


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What the scores are of, for the words and for the width of the scale.

    `name` stands in sentences ("weekly wellbeing"); `unit` is one unit of it as shown, in the singular; `low` and
    `high` are the ends of the scale as stored; figures in words are `times` the stored ones (100 for a share that is
    shown in percentage points).
    """

    name: str = "weekly wellbeing"
    unit: str = "point"
    low: float = 0.0
    high: float = 10.0
    higher_is_better: bool = True
    times: float = 1.0

    @property
    def scale(self) -> float:
        """The width of the scale as stored."""
        return self.high - self.low

    @property
    def as_shown(self) -> Outcome:
        """The same outcome for scores that are in the unit shown already."""
        return replace(self, low=self.low * self.times, high=self.high * self.times, times=1.0)


WELLBEING = Outcome()
GOAL_RATING = Outcome(name="the goal rating")
SCHOOL_ATTENDANCE = Outcome(name="weekly school attendance", unit="percentage point", high=1.0, times=100.0)
CARER_WELLBEING = Outcome(name="the parent carers’ wellbeing")
TREATED_AS_ASKED = Outcome(name="the answer to “did they treat me how I asked”")


@dataclass(frozen=True)
class Panel:
    """Everything that one estimate is made from.

    `people` is how many persons the indices run over. `interventions` names the intervention indices. `groups` maps a
    column (such as "need") to one label for each person, in the order of the indices. All times are of one kind.
    `outcome` says what the scores are of; without it they are weekly wellbeing, on 0 to 10 unless they go beyond.
    """

    check_ins: CheckIns
    sessions: Sessions
    interventions: tuple[str, ...]
    people: int
    referrals: Referrals | None = None
    prompts: Prompts | None = None
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    outcome: Outcome | None = None


class PanelIsMalformed(ValueError):  # noqa: N818 - errors state the fact
    """The arrays of a panel do not fit together; the message says which and how."""


@dataclass(frozen=True)
class ShapePoint:
    """The change in one span of weeks around the first session, against the weeks well before it.

    `first_week` and `last_week` count from the week of the first session (0); None is open-ended.
    """

    first_week: int | None
    last_week: int | None
    change: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Alternative:
    """What a simpler method says of the same intervention, to be shown beside, never instead."""

    name: str
    change: float | None
    standard_error: float | None


@dataclass(frozen=True)
class IfMissing:
    """The change, with its 95% interval, if what is missing after the start lay `lower_by` points below what it seems.

    A negative `lower_by` is that much above.
    """

    lower_by: float
    change: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class InterventionEffect:
    """One intervention's estimate; changes are in points of the score, None where there is no figure to show.

    `people` attended and have a check-in from the week of their first session on. `people_with_enough_weeks` have at
    least 3 weeks with a check-in before that week and 3 from it on. `low` and `high` are the model's 95% interval;
    the pair with the referral allowance is wider where no referral dates could be used. `p` is two-sided against no
    change; `q` is its Benjamini-Hochberg value over the interventions shown. `shape` runs from before the first
    session to long after it; `dip` is the change in the three weeks before it.
    """

    intervention: str
    people: int = 0
    people_with_enough_weeks: int = 0
    sessions: int = 0
    check_ins_after: int = 0
    withheld: bool
    change: float | None = None
    standard_error: float | None = None
    degrees_of_freedom: int | None = None
    low: float | None = None
    high: float | None = None
    low_with_referral_allowance: float | None = None
    high_with_referral_allowance: float | None = None
    p: float | None = None
    q: float | None = None
    naive_change: float | None = None
    grade: str = ""
    finding: str = ""
    warnings: tuple[str, ...] = ()
    shape: tuple[ShapePoint, ...] = ()
    dip: ShapePoint | None = None
    alternatives: tuple[Alternative, ...] = ()
    response_basis: str = ""
    response_before: float | None = None
    response_after: float | None = None
    missing_after: float | None = None
    if_missing_lower: tuple[IfMissing, ...] = ()
    tipping_point: float | None = None
    tipping_point_of_sign: float | None = None
    missing_finding: str = ""
    follow_up_weeks: float | None = None
    naive_finding: str = ""
    would_change: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class GroupEffect:
    """One intervention's estimate among the people of one group; figures are None where withheld.

    `by` holds (column, label) pairs. `change`, `low` and `high` are the group's own. The `pooled` figures draw it
    toward the mean of the groups shown beside it; `shrinkage`, from 0 to 1, is the weight of that mean. `difference_p`
    tests whether these groups differ at all, the same for each of them; `difference_q` is its Benjamini-Hochberg value
    over every intervention of the same columns.
    """

    by: tuple[tuple[str, str], ...]
    intervention: str
    withheld: bool
    people: int | None = None
    people_with_enough_weeks: int | None = None
    change: float | None = None
    standard_error: float | None = None
    low: float | None = None
    high: float | None = None
    pooled_change: float | None = None
    pooled_low: float | None = None
    pooled_high: float | None = None
    shrinkage: float | None = None
    difference_p: float | None = None
    difference_q: float | None = None


@dataclass(frozen=True)
class PersonEffects:
    """Single persons' changes, one entry for each person and intervention that they began, sorted by person.

    All but the last four are (E,), changes in points of the score and NaN where there is no figure. `own_change` with
    its `own_standard_error` rests on the person's own check-ins alone; `change` with `standard_error`, `low` and `high`
    (95%) is drawn toward the whole; `shrinkage`, from 0 to 1, is the weight of the whole. `withheld`: too few people
    carry the intervention's figure, or the person has no check-in from the week of the first session on. For each
    intervention (J,): `people` who carry it, the mean change over them, `whole`, and the `spread` (standard deviation)
    of persons' changes about it. `allowance`: how far all of it may be off where staff act on what check-ins do not
    show.
    """

    person: Integers
    intervention: Integers
    own_change: Floats
    own_standard_error: Floats
    change: Floats
    standard_error: Floats
    low: Floats
    high: Floats
    shrinkage: Floats
    withheld: Truths
    people: Integers
    whole: Floats
    spread: Floats
    allowance: float


@dataclass(frozen=True)
class ModelSummary:
    """What the model found about moods in general.

    `people` have at least one check-in; `weeks` counts the calendar weeks with one. `rho` is the correlation of mood
    from one week to the next, `sd_mood` the spread of a person's weekly mood about their own level, `sd_check_in` the
    spread of one check-in about that week's mood. `response_slope` is the change in the log odds of answering a prompt
    for a mood one point better, None where prompts were not given or not used. `waits_differ`: referral dates were used
    and lie far enough before the first sessions to tell recovery from change. `changed_measure` people answered on more
    than one measure, and have a term for it.
    """

    people: int
    check_ins: int
    weeks: int
    rho: float
    sd_mood: float
    sd_check_in: float
    used_referrals: bool
    minimum_group: int
    response_slope: float | None = None
    waits_differ: bool = False
    changed_measure: int = 0


@dataclass(frozen=True)
class Estimate:
    """Everything that `estimate` found, interventions in the order of the panel's names."""

    interventions: tuple[InterventionEffect, ...]
    groups: tuple[GroupEffect, ...]
    model: ModelSummary
