"""The attack: everything that is published of one intervention, put to a linear programme."""

from collections.abc import Callable, Mapping

import numpy as np
from scipy.optimize import linprog

from app.impact.disclosure import MINIMUM, WITHHELD_WHOLE, Figures

Range = tuple[float, float | None]
Columns = Mapping[str, Mapping[str, Figures]]


def people_as_told(figures: Figures) -> Range:
    """What a reader knows of a cell: fewer than 10 where withheld, 10 and more where withheld to protect another.

    Of a table that is withheld as a whole, nothing.
    """
    if figures == WITHHELD_WHOLE:
        return 0, None
    if figures.is_withheld:
        return (MINIMUM, None) if figures.complementary else (0, MINIMUM - 1)
    if figures.people is not None:
        return figures.people, figures.people + 4
    return {"count_only": (10, 19), "early": (20, 29), "graded": (30, None)}[figures.state.value]


def sessions_as_told(figures: Figures) -> Range:
    return (0, None) if figures.sessions is None else (figures.sessions, figures.sessions + 4)


def told(
    everyone: Figures, columns: Columns, told_of: Callable[[Figures], Range] = people_as_told
) -> dict[tuple[str, str], tuple[float, float]]:
    """Return the least and the most that every withheld cell can be, by linear programming over all cells at once."""
    keys = [(name, label) for name, column in columns.items() for label in column]
    bounds = [told_of(everyone), *(told_of(columns[name][label]) for name, label in keys)]
    adds_up = np.zeros((len(columns), len(bounds)))
    adds_up[:, 0] = -1
    for place, (name, _) in enumerate(keys, start=1):
        adds_up[list(columns).index(name), place] = 1
    found = {}
    for place, (name, label) in enumerate(keys, start=1):
        if not columns[name][label].is_withheld:
            continue
        ends = []
        for sign in (1, -1):
            goal = np.zeros(len(bounds))
            goal[place] = sign
            solved = linprog(goal, A_eq=adds_up, b_eq=np.zeros(len(columns)), bounds=bounds, method="highs")
            assert solved.status in (0, 3), "what is published contradicts itself"
            ends.append(sign * solved.fun if solved.status == 0 else np.inf)
        found[name, label] = (ends[0], ends[1])
    return found
