"""How well the change by sessions attended is told: python -m bench.impact_dose --seeds 40.

The usual panels (with effects of zero on average, and check-ins that go missing on bad days) get a change added that
grows with the sessions attended so far, or none. Prints, for the change per session and for the last band less the
first, bias, 95% coverage and how often it is called at 5%. It ends with status 1 where coverage is below 90% or false
alarms are above 7% by more than two standard errors.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from app.impact.dose import MOST_SESSIONS, dose_effects
from app.impact.values import Panel
from bench.panels import WEEK, make_panel, scenario

Floats = NDArray[np.float64]

EFFECTS = (0.0, 0.0)
LEAST_COVERAGE, MOST_FALSE, LARGEST_P = 0.90, 0.07, 0.05
EACH = (0.0, 0.08)


def with_dose(panel: Panel, each: float) -> Panel:
    """Add `each` for every session of either intervention attended by the week of a check-in, up to the cap."""
    entries, sessions = panel.check_ins, panel.sessions
    week, held = np.asarray(entries.time, np.int64) // WEEK, np.asarray(sessions.time, np.int64) // WEEK
    weeks, kinds = int(max(week.max(), held.max())) + 1, len(panel.interventions)
    table = np.zeros((panel.people, kinds, weeks), np.int64)
    np.add.at(table, (sessions.person, sessions.intervention, held), 1)
    dose = np.minimum(table.cumsum(2), MOST_SESSIONS).sum(1)[entries.person, week]
    return replace(panel, check_ins=replace(entries, score=entries.score + each * dose), groups={}, referrals=None)


def measure(name: str, each: float, seeds: range) -> Floats:
    """Return a row an estimate: error per session, covered, called; last band less first called."""
    rows = []
    for seed in seeds:
        panel = with_dose(make_panel(seed, scenario(name, effects=EFFECTS)).panel, each)
        for found in dose_effects(panel):
            figure, p, more = found.per_session, found.per_session_p, found.more_p
            if figure is not None and p is not None and more is not None:
                inside = figure.low <= each <= figure.high
                rows.append((figure.change - each, inside, p <= LARGEST_P, more <= LARGEST_P))
    return np.array(rows, np.float64)


def main() -> int:
    """Print the table; return 1 where a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--scenarios", default="observed,none,sticky")
    options = parser.parse_args()
    seeds, missed = range(options.first_seed, options.first_seed + options.seeds), False
    print(f"{'scenario':10} {'each':>5} {'bias':>7} {'cover 95':>8} {'called':>7} {'more called':>11}")
    for name in options.scenarios.split(","):
        for each in EACH:
            rows = measure(name, each, seeds)
            bias, covered, called, more = rows.mean(0)
            print(f"{name:10} {each:5.2f} {bias:+7.4f} {covered:8.1%} {called:7.1%} {more:11.1%}", flush=True)
            noise = 2 / np.sqrt(rows.shape[0])
            missed |= LEAST_COVERAGE - covered > noise * np.sqrt(covered * (1 - covered))
            missed |= each == 0 and max(called, more) - MOST_FALSE > noise * np.sqrt(called * (1 - called))
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
