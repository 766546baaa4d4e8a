"""Panels of other outcomes with known truth: school attendance by the week, and ratings that come rarely.

Attendance is the share of ten sessions a week that somebody went to, with most people near the ceiling, none in
holidays, and young people put forward when it has fallen. Ratings are the usual panels thinned by lot to one in about
five weeks, as goals are rated and parent carers are asked.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from app.impact.values import GOAL_RATING, SCHOOL_ATTENDANCE, CheckIns, Panel, Sessions
from bench.panels import HOLIDAYS, make_panel, scenario

Floats = NDArray[np.float64]

WEEKS, SESSIONS_A_WEEK, WEEK = 64, 10, 7
WEEKS_TO_SEE, RECENT = 6, 3
STICKY, SPREAD, LEVEL, LEVELS = 0.6, 0.8, 1.2, 1.3
NEVER = 10**6
ONE_IN = 9.0


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
