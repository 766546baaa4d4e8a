"""How long the impact engine takes, and how much memory: python -m bench.impact_speed [--check-ins 1000000]."""

from __future__ import annotations

import argparse
import resource
import sys
import time

import numpy as np

from app.impact.estimation import estimate
from app.impact.values import CheckIns, Panel, Sessions

MOST_SECONDS = 3.0
MOST_MEBIBYTES = 1024
MILLION = 1_000_000
SESSIONS = 10


def large_panel(check_ins: int, people: int, interventions: int, weeks: int) -> Panel:
    """Make a panel of the asked size at once; each person attends up to three interventions."""
    rng = np.random.default_rng(1)
    person = rng.integers(0, people, check_ins)
    week = rng.integers(0, weeks, check_ins)
    start = rng.integers(6, weeks, (people, 3))
    kind = np.argsort(rng.random((people, interventions)), axis=1)[:, :3]
    level = rng.normal(6, 1.2, people)
    mood = np.zeros((people, weeks))
    mood[:, 0] = rng.normal(0, 1, people)
    for t in range(1, weeks):
        mood[:, t] = 0.5 * mood[:, t - 1] + np.sqrt(0.75) * rng.normal(0, 1, people)
    effect = np.linspace(-0.5, 1, interventions)
    shift = (effect[kind[person]] * (week[:, None] >= start[person])).sum(1)
    score = np.clip(np.rint(level[person] + mood[person, week] + shift + rng.normal(0, 1.2, check_ins)), 0, 10)
    attended = np.repeat(np.arange(people), 3 * SESSIONS)
    when = (start[:, :, None] + np.arange(SESSIONS)).ravel() * 7
    return Panel(
        check_ins=CheckIns(person, week * 7 + rng.integers(0, 5, check_ins), score),
        sessions=Sessions(attended, np.repeat(kind.ravel(), SESSIONS), when),
        interventions=tuple(f"offer-{place}" for place in range(interventions)),
        people=people,
    )


def main() -> int:
    """Print seconds and peak memory; return 1 where a million check-ins miss what is required."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check-ins", type=int, default=MILLION)
    options = parser.parse_args()
    panel = large_panel(options.check_ins, max(options.check_ins // 100, 1), 20, 104)
    loaded = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    begun, worked = time.perf_counter(), time.process_time()
    found = estimate(panel)
    seconds, worked = time.perf_counter() - begun, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"check-ins {options.check_ins:,}  people {found.model.people:,}  weeks {found.model.weeks}")
    print(f"seconds {seconds:.2f}  of processor {worked:.2f}  peak MiB {peak:.0f}  before the estimate {loaded:.0f}")
    if options.check_ins == MILLION and (seconds > MOST_SECONDS or peak > MOST_MEBIBYTES):
        print(f"MISSED: at most {MOST_SECONDS} s and {MOST_MEBIBYTES} MiB")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
