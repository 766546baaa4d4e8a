"""How close one young person's estimate comes to their true effect: python -m bench.impact_person --seeds 20.

Prints the root mean square error of the person's mean after minus mean before, of their own check-ins in the model, and
of that drawn toward the whole; then 95% coverage of the own interval, of the pooled one, and of a pooled one that takes
the mean and the spread for known. Everything is against the effect that the generator drew for the person (sd 0.3). It
ends with status 1 where the pooled interval's coverage leaves its limits by more than two standard errors over panels.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from app.impact.person import person_effects
from app.impact.values import Floats, Panel, PersonEffects, Truths
from bench.panels import MadePanel, make_panel, scenario

SURE = 1.959964
WEEK = 7
LEAST_COVERAGE, MOST_COVERAGE = 0.93, 0.97
NAMES = ("naive", "own", "pooled", "own cover", "cover", "ignored")


def naive_changes(panel: Panel, found: PersonEffects) -> Floats:
    """Return (E,) each person's mean after minus mean before, NaN where either side is missing."""
    entries, sessions = panel.check_ins, panel.sessions
    week = np.asarray(entries.time, np.int64) // WEEK
    start = np.full((panel.people, len(panel.interventions)), np.iinfo(np.int64).max)
    np.minimum.at(start, (sessions.person, sessions.intervention), np.asarray(sessions.time, np.int64) // WEEK)
    change = np.full(start.shape, np.nan)
    for kind in range(start.shape[1]):
        after = week >= start[entries.person, kind]
        with np.errstate(invalid="ignore"):
            change[:, kind] = _mean(entries.person, entries.score, after, panel.people)
            change[:, kind] -= _mean(entries.person, entries.score, ~after, panel.people)
    return change[found.person, found.intervention]


def _mean(person: np.ndarray, score: Floats, held: Truths, people: int) -> Floats:
    total: Floats = np.bincount(person, score * held, people) / np.bincount(person, held, people)
    return total


def ignoring(found: PersonEffects, told: Truths) -> tuple[Floats, Floats]:
    """Return (E,) estimates and errors with mean and spread by moments (DerSimonian and Laird 1986) taken for known."""
    change, error = np.full(found.person.size, np.nan), np.full(found.person.size, np.nan)
    for kind in range(found.people.size):
        rows = told & (found.intervention == kind)
        if not rows.any():
            continue
        weight = found.own_standard_error[rows] ** -2
        own = found.own_change[rows]
        excess = float(weight @ (own - weight @ own / weight.sum()) ** 2) - (own.size - 1)
        spread = max(excess / float(weight.sum() - weight @ weight / weight.sum()), 0.0)
        again = 1.0 / (1.0 / weight + spread)
        mean = float(again @ own) / float(again.sum())
        change[rows] = mean + spread * again * (own - mean)
        error[rows] = np.sqrt(spread * again / weight)
    return change, error


def measure(made: MadePanel) -> tuple[Floats, int]:
    """Return mean squares of three errors and three coverages, in the order of NAMES, and over how many persons."""
    found = person_effects(replace(made.panel, groups={}), minimum_group=2)
    truth = made.drawn[found.person, found.intervention]
    naive = naive_changes(made.panel, found)
    told = ~found.withheld & np.isfinite(found.own_change) & np.isfinite(naive)
    known, known_error = ignoring(found, told)
    rows = (
        (naive - truth) ** 2,
        (found.own_change - truth) ** 2,
        (found.change - truth) ** 2,
        np.abs(found.own_change - truth) <= SURE * found.own_standard_error,
        (found.low <= truth) & (truth <= found.high),
        np.abs(known - truth) <= SURE * known_error,
    )
    return np.array([row[told].mean() for row in rows]), int(told.sum())


def score(name: str, seeds: range) -> tuple[Mapping[str, float], float]:
    """Score one scenario with the log of prompts; return the figures and the standard error of the coverage."""
    rows, weight = zip(*(measure(make_panel(seed, scenario(name))) for seed in seeds), strict=True)
    mean = np.average(rows, axis=0, weights=weight)
    mean[:3] = np.sqrt(mean[:3])
    spread = float(np.std([row[4] for row in rows], ddof=1)) / float(np.sqrt(len(rows)))
    return dict(zip(NAMES, mean.tolist(), strict=True)), spread


def main() -> int:
    """Print the table; return 1 where a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--scenarios", default="observed,none,sticky,few")
    options = parser.parse_args()
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    print(
        f"{'':10} {'RMSE naive':>10} {'own':>6} {'pooled':>6} {'cover own':>9} {'pooled':>7} {'+-':>5} {'ignored':>7}"
    )
    missed = []
    for name in options.scenarios.split(","):
        found, spread = score(name, seeds)
        print(
            f"{name:10} {found['naive']:10.2f} {found['own']:6.2f} {found['pooled']:6.2f} {found['own cover']:9.1%} "
            f"{found['cover']:7.1%} {spread:5.1%} {found['ignored']:7.1%}",
            flush=True,
        )
        if not LEAST_COVERAGE - 2 * spread <= found["cover"] <= MOST_COVERAGE + 2 * spread:
            missed.append(name)
    for name in missed:
        print(f"MISSED in {name}: coverage between {LEAST_COVERAGE:.0%} and {MOST_COVERAGE:.0%}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
