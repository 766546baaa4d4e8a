"""Panels of other outcomes with known truth: school attendance by the week, and ratings that come rarely.

Attendance is the share of ten sessions a week that somebody went to, with most people near the ceiling, none in
holidays, and young people put forward when it has fallen. Ratings are the usual panels thinned by lot to one in about
five weeks, as goals are rated and parent carers are asked. Goals start low, are often set when something begins, and
come closer by themselves; each young person has up to three, that come and go.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.impact.one_level import Rated, first_weeks, on_one_level, without_course
from app.impact.values import GOAL_RATING, SCHOOL_ATTENDANCE, CheckIns, Panel, Sessions
from bench.panels import HOLIDAYS, make_panel, scenario

Floats = NDArray[np.float64]

WEEKS, SESSIONS_A_WEEK, WEEK = 64, 10, 7
WEEKS_TO_SEE, RECENT = 6, 3
STICKY, SPREAD, LEVEL, LEVELS = 0.6, 0.8, 1.2, 1.3
NEVER = 10**6
ONE_IN = 9.0
YEAR, FIRST_START, LAST_START = 52, 14, 40
RATED_SHARE, ALL_TOGETHER, SET_AT_A_START = 1 / 3, 0.8, 0.5
START_LEVEL, START_SPREAD, RISE, RISING = 3.0, 1.2, 2.0, 8.0


def attendance_panel(seed: int, people: int = 400, effects: tuple[float, ...] = (0.0, 0.8)) -> tuple[Panel, Floats]:
    """Return a panel of weekly shares and the true mean change of each intervention; `effects` are in log odds."""
    rng = np.random.default_rng([seed, 7])
    kinds, term = len(effects), np.flatnonzero(~np.isin(np.arange(WEEKS) % 52, HOLIDAYS))
    level, state = rng.normal(LEVEL, LEVELS, people), rng.normal(0, SPREAD, people)
    own = np.asarray(effects) + rng.normal(0, 0.2, (people, kinds))
    start, share = np.full((people, kinds), NEVER), np.full((people, WEEKS), np.nan)
    gained, number = np.zeros(kinds), np.zeros(kinds)
    for week in range(WEEKS):
        state = STICKY * state + np.sqrt(1 - STICKY**2) * rng.normal(0, SPREAD, people)
        if week not in term:
            continue
        seen = term[term < week]
        if seen.size >= WEEKS_TO_SEE:
            dip = share[:, seen[-RECENT:]].mean(1) - share[:, seen[:-RECENT]].mean(1)
            hazard = 0.004 + 0.12 / (1 + np.exp((dip + 0.2) / 0.04))
            for person in np.flatnonzero((rng.random(people) < hazard) & ((start < NEVER).sum(1) < kinds)):
                start[person, rng.choice(np.flatnonzero(start[person] == NEVER))] = week
        on = start <= week
        odds = level + state + (own * on).sum(1) + 0.2 * np.sin(week / 8)
        chance = 1 / (1 + np.exp(-odds))
        share[:, week] = rng.binomial(SESSIONS_A_WEEK, chance) / SESSIONS_A_WEEK
        for kind in range(kinds):
            without = 1 / (1 + np.exp(-(odds - own[:, kind])))
            gained[kind] += (chance - without)[on[:, kind]].sum()
            number[kind] += on[:, kind].sum()
    who, when = np.nonzero(np.isfinite(share))
    began, kinds_begun = np.nonzero(start < NEVER)
    panel = Panel(
        check_ins=CheckIns(who, WEEK * when, share[who, when]),
        sessions=Sessions(began, kinds_begun, WEEK * start[began, kinds_begun]),
        interventions=tuple(f"offer-{place}" for place in range(kinds)),
        people=people,
        outcome=SCHOOL_ATTENDANCE,
    )
    return panel, gained / np.maximum(number, 1)


def rating_panel(
    seed: int, people: int = 600, effects: tuple[float, ...] = (0.0, 0.6), selection: str = "none"
) -> tuple[Panel, Floats]:
    """Return a panel of ratings on 0 to 10 that come once in about five weeks, and the true mean changes.

    With `selection` "observed", young people are put forward on check-ins that the ratings do not show.
    """
    made = make_panel(seed, scenario("observed", people=people, effects=effects, selection=selection))
    entries = made.panel.check_ins
    kept = np.random.default_rng([seed, 8]).random(entries.person.size) < 1 / ONE_IN
    thin = CheckIns(entries.person[kept], np.asarray(entries.time, np.int64)[kept], entries.score[kept])
    panel = replace(made.panel, check_ins=thin, prompts=None, referrals=None, groups={}, outcome=GOAL_RATING)
    return panel, made.truth


@dataclass(frozen=True)
class GoalRatings:
    """Ratings of goals with the sessions that people came to, and each intervention's true mean change, (K,)."""

    rated: Rated
    sessions: Sessions
    people: int
    truth: Floats


def goal_ratings(seed: int, people: int = 400, effects: tuple[float, ...] = (0.0, 0.8)) -> GoalRatings:
    """Make a year of ratings of goals, 0 to 10, about one in three weeks, most often all of a person's at once."""
    rng, kinds = np.random.default_rng([seed, 11]), len(effects)
    start = np.where(rng.random((people, kinds)) < 0.45, rng.integers(FIRST_START, LAST_START, (people, kinds)), NEVER)  # noqa: PLR2004 (a share of people)
    own = np.asarray(effects) + rng.normal(0, 0.2, (people, kinds))
    rows: list[tuple[int, int, int, float]] = []
    goals = 0
    for person in range(people):
        number = int(rng.integers(1, 4))
        begins = start[person][start[person] < NEVER]
        set_in = np.array([_set_in(begins, rng) for _ in range(number)])
        ends = set_in + rng.integers(16, 45, number)
        level, rise = rng.normal(START_LEVEL, START_SPREAD, number), rng.gamma(4, RISE / 4, number)
        state = rng.normal(0, SPREAD)
        for week in range(YEAR):
            state = STICKY * state + np.sqrt(1 - STICKY**2) * rng.normal(0, SPREAD)
            held = np.flatnonzero((set_in <= week) & (week < ends))
            chosen = _rated_now(held, rng)
            for goal in np.union1d(chosen, held[set_in[held] == week]).astype(int):
                close = level[goal] + rise[goal] * (1 - np.exp(-(week - set_in[goal]) / RISING))
                rating = close + state + own[person][start[person] <= week].sum() + rng.normal(0, 0.9)
                rows.append((person, goals + int(goal), week, float(np.clip(np.rint(rating), 0, 10))))
        goals += number
    columns = np.array(rows)
    who, source, week = columns[:, :3].astype(np.int64).T
    began, kind = np.nonzero(start < NEVER)
    sessions = Sessions(began, kind, WEEK * start[began, kind])
    return GoalRatings(
        Rated(who, source, WEEK * week, columns[:, 3]), sessions, people, np.asarray(effects, np.float64)
    )


def _set_in(begins: NDArray[np.int64], rng: np.random.Generator) -> int:
    """Return the week in which a goal is set: for half of those who begin something, shortly before it."""
    if begins.size and rng.random() < SET_AT_A_START:
        return int(max(rng.choice(begins) - rng.integers(0, 8), 0))
    return int(rng.integers(0, 30))


def _rated_now(held: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    if not held.size or rng.random() > RATED_SHARE:
        return held[:0]
    return held if rng.random() < ALL_TOGETHER else held[[rng.integers(held.size)]]


def as_they_came(made: GoalRatings) -> tuple[Panel, Floats]:
    """Return the ratings as a panel with nothing taken off."""
    return _panel(made, CheckIns(made.rated.person, made.rated.time, made.rated.score))


def as_one_series(made: GoalRatings) -> tuple[Panel, Floats]:
    """Return the ratings as a panel: the usual course of goals and their levels taken off."""
    begun = first_weeks(made.sessions, made.people)
    return _panel(made, on_one_level(without_course(made.rated, begun)))


def _panel(made: GoalRatings, check_ins: CheckIns) -> tuple[Panel, Floats]:
    names = tuple(f"offer-{place}" for place in range(made.truth.size))
    return Panel(check_ins, made.sessions, names, made.people, outcome=GOAL_RATING), made.truth
