"""What one young person's estimate takes at each request: python -m bench.impact_live.

Makes a panel of five years, learns what all share, writes and reads it as the refresh keeps it, and prints the median
time of one person's part over those with the most check-ins. Reading and unsealing check-ins is not counted.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from statistics import median
from uuid import UUID

import numpy as np

from app.impact.fits import fit_panel
from app.impact.person import own_effects, person_model_of
from app.impact.person_state import PersonState
from app.impact.values import CheckIns, Panel, Sessions
from bench.panels import World, make_panel

WEEKS = 260
PEOPLE = 200
TIMES = 20
MOST_SECONDS = 0.05


def part_of(panel: Panel, person: int) -> Panel:
    """Return one person's records as a panel of one."""
    entries, visits = panel.check_ins, panel.sessions
    mine, came = (np.flatnonzero(each.person == person) for each in (entries, visits))
    return replace(
        panel,
        check_ins=CheckIns(0 * mine, np.asarray(entries.time, np.int64)[mine], entries.score[mine]),
        sessions=Sessions(0 * came, visits.intervention[came], np.asarray(visits.time, np.int64)[came]),
        people=1,
    )


def main() -> int:
    """Print the figures; return 1 where one person's part takes longer than it may."""
    made = make_panel(1, World(people=PEOPLE, weeks=WEEKS, effects=(0.0, 0.4, 0.7)))
    panel = replace(made.panel, groups={}, prompts=None, referrals=None)
    fits = fit_panel(panel, 10, use_referrals=False, use_prompts=False)
    state = PersonState(tuple(UUID(int=at) for at in range(len(panel.interventions))), person_model_of(fits))
    text = state.as_text()
    busiest = np.argsort(-np.bincount(panel.check_ins.person, minlength=PEOPLE))[:TIMES]
    reading, working = [], []
    for person in busiest:
        own = part_of(panel, int(person))
        begin = time.perf_counter()
        model = PersonState.from_text(text).model
        read = time.perf_counter()
        own_effects(model, own)
        reading.append(read - begin)
        working.append(time.perf_counter() - read)
    most = int(np.bincount(panel.check_ins.person).max())
    print(
        f"{WEEKS} weeks, up to {most} check-ins: the model is {len(text) / 1024:.0f} KiB, read in "
        f"{1000 * median(reading):.1f} ms; one person’s part takes {1000 * median(working):.1f} ms"
    )
    return 1 if median(reading) + median(working) > MOST_SECONDS else 0


if __name__ == "__main__":
    sys.exit(main())
