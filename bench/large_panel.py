"""A panel as large as asked for, made in one go and kept in a file, so that every method reads the very same one."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from app.impact.values import CheckIns, Panel, Prompts, Sessions

INTERVENTIONS, WEEKS = 20, 104
CHECK_INS_EACH = 100
SESSIONS, STARTS = 10, 3
RHO, CHECK_IN_NOISE = 0.5, 1.2
WEEK = 7
LEAST_ANSWERED = 0.6


def large_panel(check_ins: int, people: int, interventions: int = INTERVENTIONS, weeks: int = WEEKS) -> Panel:
    """Make a panel of exactly `check_ins`; each person attends three interventions and answers better on good days."""
    rng = np.random.default_rng(1)
    sent = int(check_ins / LEAST_ANSWERED) + 100
    person, week = rng.integers(0, people, sent), rng.integers(0, weeks, sent)
    start = rng.integers(6, weeks, (people, STARTS))
    kind = np.argsort(rng.random((people, interventions)), axis=1)[:, :STARTS]
    level, mood = rng.normal(6, 1.2, people), np.zeros((people, weeks))
    mood[:, 0] = rng.normal(0, 1, people)
    for t in range(1, weeks):
        mood[:, t] = RHO * mood[:, t - 1] + np.sqrt(1 - RHO**2) * rng.normal(0, 1, people)
    effect = np.linspace(-0.5, 1, interventions)
    deviation = mood[person, week] + rng.normal(0, CHECK_IN_NOISE, sent)
    for slot in range(STARTS):
        deviation += effect[kind[person, slot]] * (week >= start[person, slot])
    answered = rng.random(sent) < 1 / (1 + np.exp(-(1 + 0.5 * deviation)))
    asked = int(np.searchsorted(np.cumsum(answered), check_ins)) + 1
    day, answered = week[:asked] * WEEK + rng.integers(0, 5, asked), answered[:asked]
    score = np.clip(np.rint(level[person[:asked]] + deviation[:asked]), 0, 10)
    return Panel(
        check_ins=CheckIns(person[:asked][answered], day[answered], score[answered]),
        sessions=Sessions(
            np.repeat(np.arange(people), STARTS * SESSIONS),
            np.repeat(kind.ravel(), SESSIONS),
            (start[:, :, None] + np.arange(SESSIONS)).ravel() * WEEK,
        ),
        interventions=tuple(f"offer-{place}" for place in range(interventions)),
        people=people,
        prompts=Prompts(person[:asked], day, answered),
    )


def write(panel: Panel, path: Path) -> None:
    """Keep a panel's columns, and each person's starts as (people, 3) tables of week and intervention."""
    prompts, sessions = panel.prompts, panel.sessions
    if prompts is None:
        raise ValueError("A large panel has prompts.")
    shape = (panel.people, STARTS, SESSIONS)
    np.savez(
        path,
        person=panel.check_ins.person, time=panel.check_ins.time, score=panel.check_ins.score,
        attended=sessions.person, attended_kind=sessions.intervention, attended_time=sessions.time,
        asked=prompts.person, asked_time=prompts.time, answered=prompts.answered,
        start=np.asarray(sessions.time).reshape(shape)[:, :, 0] // WEEK,
        kind=sessions.intervention.reshape(shape)[:, :, 0],
    )  # fmt: skip


def read(path: Path, *, prompts: bool) -> Panel:
    """Read a panel as the engine takes it, its prompts only where asked for."""
    with np.load(path) as held:
        return Panel(
            check_ins=CheckIns(held["person"], held["time"], held["score"]),
            sessions=Sessions(held["attended"], held["attended_kind"], held["attended_time"]),
            interventions=tuple(f"offer-{place}" for place in range(INTERVENTIONS)),
            people=held["start"].shape[0],
            prompts=Prompts(held["asked"], held["asked_time"], held["answered"]) if prompts else None,
        )


def main() -> None:
    """Make a panel file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("check_ins", type=int)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    write(large_panel(options.check_ins, options.check_ins // CHECK_INS_EACH), options.out)


if __name__ == "__main__":
    main()
