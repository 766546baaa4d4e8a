"""Disclosure control of counts: what adding and taking away tells of a withheld one, and what is held back against it.

The groups of one column add up to everyone, in every outcome and on every day. A group that is made of the same young
people in two outcomes, or on two days, is one unknown: what each tells of it is put together. Columns are remembered as
they were published (`Cell.told`). Whoever puts all of this together must be left with at least five possible values of
every withheld count (`MOST_KNOWN`).

Sessions are published of everyone at an offer and of no group, so that no group's can be worked out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256

import numpy as np

from app.impact.adding_up import MOST_KNOWN, Bounds, Sum, narrow, tell, too_well_told
from app.impact.cells import Cell, CellKey, Range, Said, Told
from app.impact.disclosure import (
    MINIMUM,
    NOBODY_KNOWS,
    PEOPLE_IN_STATE,
    STEP,
    WITHHELD_BESIDE,
    WITHHELD_WHOLE,
    Figures,
)
from app.impact.tables import COUNTED, EVERYONE
from app.impact.values import Floats

LONGEST_MEMORY = 20
"""How many columns of one table are remembered."""

Cells = Mapping[CellKey, Cell]
Column = tuple[str, str]
"""The outcome and the table."""


def people_range(figures: Figures) -> Range:
    """Return between which whole numbers a published cell says that its people lie."""
    if figures.complementary:
        return float(MINIMUM), NOBODY_KNOWS
    if figures == WITHHELD_WHOLE:
        return 0.0, NOBODY_KNOWS
    if figures.people is None:
        return PEOPLE_IN_STATE[figures.state]
    return float(figures.people), figures.people + STEP - 1.0


def protect(cells: Cells, before: Cells, anew: Iterable[CellKey]) -> dict[CellKey, Cell]:
    """Return the counted cells of one offer, of all its outcomes, with all that is held back.

    `before` is what the refresh before had published of the offer; `anew` names the cells that are published anew now.
    Of those in the column of a withheld one the smallest goes first, in every outcome in which it is the same people;
    then everyone's count becomes a range; then groups go that stood published before, then whole columns, and at last
    everyone's count: a cell of those says nothing at all.
    """
    held = {key: _without_sessions(key, cell) for key, cell in cells.items() if key.table in (EVERYONE, *COUNTED)}
    fresh = held.keys() & set(anew)
    if not fresh and all(cell.told for key, cell in held.items() if key.table == EVERYONE):
        return held
    system = _Counts(held, before)
    every = {(key.outcome, key.table) for key in held if key.table != EVERYONE}
    while columns := system.told_too_well(held):
        changed = _held_back(held, columns, system, fresh) or _held_back(held, every, system, fresh)
        if not changed:
            break
        held |= {key: replace(held[key], figures=figures) for key, figures in changed.items()}
    return system.remembered(held)


def _held_back(held: Cells, columns: set[Column], system: "_Counts", fresh: set[CellKey]) -> dict[CellKey, Figures]:
    """Return the next cells of these columns to change, and to what; nothing where they say nothing any more."""
    own = [key for key in held if (key.outcome, key.table) in columns]
    tops = [key for key in held if key.table == EVERYONE and key.outcome in {outcome for outcome, _ in columns}]
    shown = [key for key in own if not held[key].figures.is_withheld]
    new = [key for key in shown if key in fresh]
    counted = [key for key in tops if held[key].figures.people is not None]
    if new or (shown and not counted):
        gone = min(new or shown, key=lambda key: (people_range(held[key].figures)[0], _order(key)))
        return {key: WITHHELD_BESIDE for key in system.alike(gone) if not held[key].figures.is_withheld}
    if counted:
        return {key: replace(held[key].figures, people=None) for key in counted}
    saying = [key for key in own if held[key].figures != WITHHELD_WHOLE]
    return dict.fromkeys(saying or [key for key in tops if held[key].figures != WITHHELD_WHOLE], WITHHELD_WHOLE)


def _order(key: CellKey) -> tuple[str, str, str]:
    return key.table, key.group, key.outcome


def _without_sessions(key: CellKey, cell: Cell) -> Cell:
    if key.table == EVERYONE or cell.figures.sessions is None:
        return cell
    return replace(cell, figures=replace(cell.figures, sessions=None))


class _Counts:
    """The counts of one offer as unknowns: which cells are of the same one, what adds up, what was told before.

    A column of which some cells were made from older records than others does not add up exactly. What is remembered is
    put together only as far as it is true; this refresh, and the one before with it, also as if every column added up,
    since a reader may think so. Nothing follows from what contradicts itself.
    """

    def __init__(self, cells: Cells, before: Cells) -> None:
        stood = {key: cell for key, cell in before.items() if key.table in (EVERYONE, *COUNTED)}
        self._told = {key.outcome: cell.told for key, cell in stood.items() if key.table == EVERYONE}
        self._names, was = fingerprints(cells), fingerprints(stood)
        self._unknowns: dict[str, int] = {}
        self._place = {key: self._unknown(name) for key, name in self._names.items()}
        self._alike: dict[int, list[CellKey]] = {}
        for key, place in self._place.items():
            self._alike.setdefault(place, []).append(key)
        self._columns, columns_before = _columns(cells), _columns(stood)
        self._sums = {column: self._sum(self._names, *own) for column, own in self._columns.items()}
        self._adding_up = {self._sums[column] for column, own in self._columns.items() if _adds_up(cells, *own)}
        told = [one for outcome in self._told.values() for one in outcome]
        said = [count for one in told for count in (one.total, *one.parts)]
        for name in (*was.values(), *(count.of for count in said)):
            self._unknown(name)
        parts = [(outcome, one.table, part) for outcome, own in self._told.items() for one in own for part in one.parts]
        true = {Sum(self._unknown(one.total.of), self._places(p.of for p in one.parts)) for one in told if one.adds_up}
        believed = {self._sum(was, *own) for own in columns_before.values()}
        self._shown_before = {self._unknown(count.of) for count in said if count.shown}
        self._withheld_before = {self._unknown(part.of) for _, _, part in parts if not part.shown}
        self._columns_of: dict[int, set[Column]] = {}
        for outcome, table, part in parts:
            self._columns_of.setdefault(self._unknown(part.of), set()).add((outcome, table))
        for key, place in self._place.items():
            self._columns_of.setdefault(place, set()).add((key.outcome, key.table))
        self._readings = (
            (_in_order(self._sums.values()), self._nothing_told()),
            (_in_order(true | self._adding_up), self._bounds((count.of, (count.low, count.high)) for count in said)),
            (
                _in_order(believed | set(self._sums.values())),
                self._bounds((name, people_range(stood[key].figures)) for key, name in was.items()),
            ),
        )

    def _bounds(self, said: Iterable[tuple[str, Range]]) -> Bounds:
        told = self._nothing_told()
        for name, ends in said:
            tell(told, self._unknowns[name], ends)
        return told

    def _unknown(self, name: str) -> int:
        return self._unknowns.setdefault(name, len(self._unknowns))

    def _places(self, names: Iterable[str]) -> tuple[int, ...]:
        return tuple(sorted(map(self._unknown, names)))

    def _sum(self, names: Mapping[CellKey, str], top: CellKey, parts: Iterable[CellKey]) -> Sum:
        return Sum(self._unknown(names[top]), self._places(names[part] for part in parts))

    def _nothing_told(self) -> Bounds:
        return np.zeros(len(self._unknowns)), np.full(len(self._unknowns), NOBODY_KNOWS)

    def alike(self, key: CellKey) -> list[CellKey]:
        """Return every cell of today that is of the same unknown."""
        return self._alike[self._place[key]]

    def told_too_well(self, held: Cells) -> set[Column]:
        """Return the columns with a withheld count, of today or before, of which fewer than five values are left."""
        withheld = [key for key, cell in held.items() if key.table != EVERYONE and cell.figures.is_withheld]
        left = {outcome: self._left_by(held, outcome) for outcome in {key.outcome for key in withheld}}
        found = [key for key in withheld if left[key.outcome][self._place[key]] < MOST_KNOWN]
        return {(key.outcome, key.table) for key in found} or self._told_together(held)

    def _left_by(self, held: Cells, outcome: str) -> Floats:
        """Return how far apart the least and the most of every unknown are by what one outcome tells today."""
        told = self._nothing_told()
        for key, cell in held.items():
            if key.outcome == outcome:
                tell(told, self._place[key], people_range(cell.figures))
        narrow([one for (of, _), one in self._sums.items() if of == outcome], *told)
        left: Floats = told[1] - told[0]
        return left

    def _told_together(self, held: Cells) -> set[Column]:
        """Return those told by all outcomes and days together; no count that one of them shows."""
        secret = self._secret(held)
        told = set[int]()
        for sums, before in self._readings if secret else ():
            low, high = before[0].copy(), before[1].copy()
            for key, cell in held.items():
                tell((low, high), self._place[key], people_range(cell.figures))
            narrow(sums, low, high)
            if (low > high).any():
                continue
            closely = {place for place in secret if high[place] - low[place] < MOST_KNOWN}
            several = len({one.total for one in sums}) > 1
            told |= closely or (too_well_told(sums, (low, high), sorted(secret)) if several else set())
        return {column for place in told for column in self._columns_of[place] if column in self._columns}

    def _secret(self, held: Cells) -> set[int]:
        withheld = {self._place[key] for key, cell in held.items() if cell.figures.is_withheld}
        shown = {self._place[key] for key, cell in held.items() if not cell.figures.is_withheld}
        return (withheld | self._withheld_before) - shown - self._shown_before

    def remembered(self, held: Cells) -> dict[CellKey, Cell]:
        """Return the cells, everyone's with its columns of now and before."""
        told = {outcome: list(columns) for outcome, columns in self._told.items()}
        for (outcome, table), (top, parts) in self._columns.items():
            said = self._said(held, top), tuple(self._said(held, part) for part in parts)
            now, own = Told(table, *said, self._sums[outcome, table] in self._adding_up), told.setdefault(outcome, [])
            if now not in own:
                own.append(now)
        tops = {key: told.get(key.outcome, []) for key in held if key.table == EVERYONE}
        return dict(held) | {key: replace(held[key], told=_latest(own)) for key, own in tops.items()}

    def _said(self, held: Cells, key: CellKey) -> Said:
        figures = held[key].figures
        return Said(self._names[key], *people_range(figures), shown=not figures.is_withheld)


def _in_order(sums: Iterable[Sum]) -> list[Sum]:
    return sorted(sums, key=lambda one: (one.total, one.parts))


def _latest(told: Iterable[Told]) -> tuple[Told, ...]:
    by_table: dict[str, list[Told]] = {}
    for one in told:
        by_table.setdefault(one.table, []).append(one)
    return tuple(one for own in by_table.values() for one in own[-LONGEST_MEMORY:])


def fingerprints(cells: Cells) -> dict[CellKey, str]:
    """Return a name for whose count each cell holds: the same of the same people under one group of one table."""
    number: dict[str, int] = {}
    found = {}
    for key, cell in cells.items():
        for person in cell.contributions:
            if person not in number:
                number[person] = int.from_bytes(sha256(person.encode()).digest())
        whose = sum(number[person] for person in cell.contributions)
        found[key] = sha256(f"{key.table}\n{key.group}\n{whose:x}".encode()).hexdigest()[:32]
    return found


def _columns(cells: Cells) -> dict[Column, tuple[CellKey, list[CellKey]]]:
    """Return everyone's cell and the groups' of each column of each outcome."""
    tops = {key.outcome: key for key in cells if key.table == EVERYONE}
    found: dict[Column, tuple[CellKey, list[CellKey]]] = {}
    for key in sorted(cells, key=_order):
        if key.table != EVERYONE and key.outcome in tops:
            found.setdefault((key.outcome, key.table), (tops[key.outcome], []))[1].append(key)
    return found


def _adds_up(cells: Cells, top: CellKey, parts: Sequence[CellKey]) -> bool:
    """Say whether every young person of the total is in one part, and nobody else is."""
    people = cells[top].contributions.keys()
    return (
        sum(cells[part].people for part in parts)
        == len(people)
        == len(people & {person for part in parts for person in cells[part].contributions})
    )
