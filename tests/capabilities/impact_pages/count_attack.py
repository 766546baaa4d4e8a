"""The attack on counts: everything published of one offer, of all outcomes and days, put to a linear programme.

It shares nothing with what it attacks but the names of the tables. A group of the same young people, under the same
name in the same table, is taken for one unknown in whatever outcome and on whatever day it is read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linprog

from app.impact.cells import Cell, CellKey
from app.impact.disclosure import MINIMUM, WITHHELD_WHOLE, Figures
from app.impact.tables import COUNTED, EVERYONE

Range = tuple[float, float]
Unknown = tuple[str, str, frozenset[str]]
FAR = 10_000.0


def people_as_told(figures: Figures) -> Range:
    """What a reader knows of a cell: fewer than 10 where withheld, 10 and more where withheld to protect another.

    Of a table that is withheld as a whole, nothing.
    """
    if figures == WITHHELD_WHOLE:
        return 0, FAR
    if figures.is_withheld:
        return (MINIMUM, FAR) if figures.complementary else (0, MINIMUM - 1)
    if figures.people is not None:
        return figures.people, figures.people + 4
    return {"count_only": (10, 19), "early": (20, 29), "graded": (30, FAR)}[figures.state.value]


def unknown_of(key: CellKey, cell: Cell) -> Unknown:
    return key.table, key.group, frozenset(cell.contributions)


@dataclass
class Reader:
    """Somebody who keeps everything that was ever published of an offer.

    `credulous`: takes every column for one that adds up, though some of its cells were made from older records.
    """

    credulous: bool = False
    ranges: dict[Unknown, Range] = field(default_factory=dict)
    sums: set[tuple[Unknown, frozenset[Unknown]]] = field(default_factory=set)
    withheld: set[Unknown] = field(default_factory=set)
    shown: set[Unknown] = field(default_factory=set)

    def read(self, cells: Mapping[CellKey, Cell]) -> None:
        """Take in all counts of one day."""
        columns: dict[tuple[str, str], set[Unknown]] = {}
        tops: dict[str, Unknown] = {}
        for key, cell in cells.items():
            if key.table not in (EVERYONE, *COUNTED):
                continue
            unknown, told = unknown_of(key, cell), people_as_told(cell.figures)
            known = self.ranges.get(unknown, (0, FAR))
            self.ranges[unknown] = max(known[0], told[0]), min(known[1], told[1])
            if key.table == EVERYONE:
                tops[key.outcome] = unknown
                continue
            (self.withheld if cell.figures.is_withheld else self.shown).add(unknown)
            columns.setdefault((key.outcome, key.table), set()).add(unknown)
        for (outcome, _), parts in columns.items():
            people = sorted(person for part in parts for person in part[2])
            if self.credulous or people == sorted(tops[outcome][2]):
                self.sums.add((tops[outcome], frozenset(parts)))

    def left(self) -> dict[Unknown, Range]:
        """Return the least and the most that every count can be that was withheld and never shown.

        Empty where what was published contradicts itself: then nothing follows from it.
        """
        names = list(self.ranges)
        place = {unknown: at for at, unknown in enumerate(names)}
        adds_up = np.zeros((len(self.sums), len(names)))
        for row, (total, parts) in enumerate(sorted(self.sums, key=repr)):
            adds_up[row, place[total]] -= 1
            for part in parts:
                adds_up[row, place[part]] += 1
        found = {}
        for unknown in sorted(self.withheld - self.shown, key=repr):
            ends = []
            for sign in (1, -1):
                goal = np.zeros(len(names))
                goal[place[unknown]] = sign
                bounds = [self.ranges[name] for name in names]
                solved = linprog(goal, A_eq=adds_up, b_eq=np.zeros(len(adds_up)), bounds=bounds, method="highs")
                if solved.status != 0:
                    return {}
                ends.append(sign * solved.fun)
            found[unknown] = (ends[0], ends[1])
        return found


def left_of(*days: Mapping[CellKey, Cell], credulous: bool = False) -> dict[Unknown, Range]:
    """Return what is left of every secret count to somebody who has read these days' tables."""
    reader = Reader(credulous)
    for day in days:
        reader.read(day)
    return reader.left()


def told_too_well(left: Mapping[Unknown, Range]) -> list[Unknown]:
    """Return the counts of which fewer than five values are left, the true one among them."""
    return [
        unknown
        for unknown, (least, most) in left.items()
        if most - least < 4 - 1e-6 and least - 1e-6 <= len(unknown[2]) <= most + 1e-6
    ]
