"""Small panels whose every number is in the test that asks for them."""

from dataclasses import replace

import numpy as np

from app.impact.values import CheckIns, Floats, Integers, Panel, Sessions
from bench.panels import MadePanel, World, make_panel, scenario

SMALL = World(people=120, weeks=30, effects=(0.0, 0.8))


def small_world(**changes: object) -> World:
    return replace(SMALL, **changes)  # type: ignore[arg-type]


def small_panel(seed: int = 1, **changes: object) -> MadePanel:
    return make_panel(seed, small_world(**changes))


def scenario_panel(name: str, seed: int = 1, **changes: object) -> MadePanel:
    return make_panel(seed, scenario(name, **changes))


def panel_of(
    person: list[int] | Integers,
    week: list[int] | Integers,
    score: list[float] | Floats,
    starts: dict[int, int],
    people: int | None = None,
) -> Panel:
    """One intervention, begun by each person of `starts` in that week; check-ins on Mondays."""
    who = np.array(person, np.int64)
    begun = np.array(list(starts), np.int64)
    return Panel(
        check_ins=CheckIns(who, 7 * np.array(week, np.int64), np.array(score, np.float64)),
        sessions=Sessions(begun, np.zeros(begun.size, np.int64), 7 * np.array(list(starts.values()), np.int64)),
        interventions=("football",),
        people=people if people is not None else int(max(who.max(initial=0), begun.max(initial=0))) + 1,
    )
