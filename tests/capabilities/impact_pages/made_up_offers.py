"""Made-up offers for attacks: who counts in which outcome and group, day after day, awkward on purpose."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

import numpy as np

from app.impact.cells import Cell, CellKey
from app.impact.disclosure import FIGURES_FROM, WITHHELD_WHOLE, Drawn, Measured, publishable, publishable_alone
from app.impact.tables import (
    BANDED,
    CARERS,
    EVERYONE,
    GOALS,
    GROUPED,
    PAIRS,
    SCHOOL,
    STAYED,
    USUAL_OUTCOME,
    pair_group,
)

OUTCOMES = (USUAL_OUTCOME, GOALS, SCHOOL, CARERS)
COLUMNS = GROUPED[:3]
ONE_OFFER = uuid4()


@dataclass
class Offer:
    """People of one offer: their group in each column, which outcomes they count in, their last news, and how they are.

    A group's figure is the plain mean of how its people are.
    """

    rng: np.random.Generator
    groups: dict[str, dict[str, str]]
    counted: dict[str, set[str]]
    news: dict[str, str]
    how: dict[str, float]

    @classmethod
    def made(cls, rng: np.random.Generator, *, people: int, alike: float) -> "Offer":
        """Make one of which each outcome but the first leaves out a person with the chance 1 - `alike`."""
        names = [f"p{number}" for number in range(people)]
        groups = {}
        for table in (*COLUMNS, STAYED, *BANDED):
            width = int(rng.integers(2, 5))
            share = rng.dirichlet(np.full(width, 0.6))
            places = rng.choice(width, people, p=share).tolist()
            groups[table] = {name: f"g{place}" for name, place in zip(names, places, strict=True)}
        counted = {USUAL_OUTCOME: set(names)}
        for outcome in OUTCOMES[1:]:
            left_out = alike if rng.random() < 0.5 else 1.0
            counted[outcome] = {name for name in names if rng.random() < left_out}
        how = dict(zip(names, rng.normal(0.5, 1.5, people).tolist(), strict=True))
        return cls(rng, groups, counted, dict.fromkeys(names, "day 0"), how)

    def next_day(self, number: int, *, come_back: bool = True) -> None:
        """Let some bring news, one or two leave everything, opt out of an outcome, or come back to it."""
        names = list(self.news)
        for name in self.rng.choice(names, min(len(names), int(self.rng.integers(4, 25))), replace=False):
            self.news[str(name)] = f"day {number}"
            self.how[str(name)] += float(self.rng.normal(0, 0.5))
        for name in self.rng.choice(names, int(self.rng.integers(0, 3)), replace=False):
            for outcome in self.counted.values():
                outcome.discard(str(name))
        for name in self.rng.choice(names, int(self.rng.integers(0, 4)) * come_back, replace=False):
            for outcome in self.counted.values():
                outcome.add(str(name))
        for name in self.rng.choice(names, int(self.rng.integers(0, 2)), replace=False):
            self.counted[str(self.rng.choice(OUTCOMES))].discard(str(name))

    def cells(self, offer_id: UUID = ONE_OFFER) -> dict[CellKey, Cell]:
        """Return every cell as it would be if nothing were held back beside it."""
        found = {}
        for outcome, people in self.counted.items():
            found[CellKey(EVERYONE, offer_id, outcome=outcome)] = self._cell(people)
            tables = [*COLUMNS, *([STAYED] if outcome == USUAL_OUTCOME else [])]
            tables += BANDED if outcome == SCHOOL else []
            for table in tables:
                for group in sorted(set(self.groups[table].values())):
                    own = {name for name in people if self.groups[table][name] == group}
                    cell = self._cell(own, with_figure=table in COLUMNS)
                    if table in BANDED and len(people) < FIGURES_FROM:
                        cell = Cell(WITHHELD_WHOLE, cell.contributions)
                    found[CellKey(table, offer_id, group, outcome)] = cell
        return found | self._pairs(offer_id)

    def _pairs(self, offer_id: UUID) -> dict[CellKey, Cell]:
        found = {}
        for table, (first, second) in PAIRS.items():
            if first not in COLUMNS or second not in COLUMNS:
                continue
            rows, columns = self.groups[first], self.groups[second]
            for row in sorted(set(rows.values())):
                for column in sorted(set(columns.values())):
                    own = {n for n in self.counted[USUAL_OUTCOME] if (rows[n], columns[n]) == (row, column)}
                    mean = self._mean(own)
                    drawn = None if mean is None else Drawn(mean, mean - 0.3, mean + 0.3, 0.3)
                    figures = publishable_alone(Measured(len(own), 0, 0, drawn=drawn))
                    key = CellKey(table, offer_id, pair_group(row, column))
                    found[key] = Cell(figures, self._brought(own))
        return found

    def _mean(self, people: set[str]) -> float | None:
        return float(np.mean([self.how[name] for name in sorted(people)])) if people else None

    def _cell(self, people: set[str], *, with_figure: bool = True) -> Cell:
        mean, number = self._mean(people) if with_figure else None, len(people)
        ends = (None, None) if mean is None else (mean - 0.3, mean + 0.3)
        return Cell(publishable(Measured(number, 4 * number, 8, mean, *ends)), self._brought(people))

    def _brought(self, people: set[str]) -> Mapping[str, str]:
        return {name: self.news[name] for name in sorted(people)}
