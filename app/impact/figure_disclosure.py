"""Which figures must be kept back so that no figure of a group too small for one can be worked out from the others.

The figures of the groups of one column, each weighted by its people, add up to everyone's, and those of a table of two
columns to the figures of each. Whoever takes the shown from the whole is left with the figure of all the rest; here
nobody may be left with that of fewer than 20, nor of 20 among whom fewer than 10 stand beside a smaller group. All of
this supposes the worst: that the exact counts are known and that figures add up exactly.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.impact.disclosure import FIGURES_FROM, MINIMUM
from app.impact.values import Integers, Truths


def tells(dark: Sequence[int]) -> bool:
    """Say whether the figure of all these groups together would tell that of one too small to be shown."""
    people = sum(dark)
    small = [count for count in dark if 0 < count < FIGURES_FROM]
    return 0 < people < FIGURES_FROM or any(people - count < MINIMUM for count in small)


def kept_back(people: Mapping[str, int], lit: Collection[str], fresh: Collection[str]) -> set[str]:
    """Return which of the groups of one column that have a figure (`lit`) must not show it.

    `people` counts every group exactly. The smallest goes first; those that stood published before go last.
    """
    shown, back = set(lit), set[str]()
    while shown and tells([count for group, count in people.items() if group not in shown]):
        new = shown.intersection(fresh) or shown
        gone = min(new, key=lambda group: (people[group], group))
        shown.remove(gone)
        back.add(gone)
    return back


def lit_pairs(people: Integers, lit: Truths, rows: Truths, columns: Truths) -> Truths:
    """Return which cells of a table of two columns may show their figure, of those that have one (`lit`), (R, C).

    `people` (R, C) counts every cell exactly; `rows` and `columns` say which groups of the single columns show theirs.
    Every cell too small for a figure must lie on a rectangle of cells without one, of which the other three have at
    least 10 people each: then what is added to it can be taken off them, and every sum that is published stays the same
    (the hypercube method of Repsilber, 1994). Rows that show nothing themselves are known only all together, and so are
    columns. Where no rectangle can be found, the table shows nothing.
    """
    kept = lit & rows[:, None] & columns[None, :] & (people >= FIGURES_FROM)
    table = _Table.of(people, kept, rows, columns)
    if min(table.people.shape, default=0) < 2:  # noqa: PLR2004 (a single row says what the column says)
        return np.zeros_like(kept)
    for row, column in zip(*np.nonzero(table.sensitive & table.dark), strict=True):
        if not table.protect(int(row), int(column)):
            return np.zeros_like(kept)
    result: Truths = kept & ~table.dark[np.ix_(table.row_of, table.column_of)]
    return result


@dataclass
class _Table:
    """A table whose rows and columns without a figure of their own are run together.

    `dark` cells show no figure; of these, `sensitive` must not be told. `row_of` and `column_of` say where each row and
    column went.
    """

    people: Integers
    dark: Truths
    sensitive: Truths
    row_of: Integers
    column_of: Integers

    @classmethod
    def of(cls, people: Integers, kept: Truths, rows: Truths, columns: Truths) -> "_Table":
        row_of, column_of = _merged(rows), _merged(columns)
        shape = (int(row_of.max(initial=-1)) + 1, int(column_of.max(initial=-1)) + 1)
        total, largest = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        lit = np.zeros(shape, np.bool_)
        place = np.broadcast_arrays(row_of[:, None], column_of[None, :])
        small = np.where(people < FIGURES_FROM, people, 0)
        np.add.at(total, (place[0], place[1]), people)
        np.maximum.at(largest, (place[0], place[1]), small)
        np.logical_or.at(lit, (place[0], place[1]), kept)
        beside = (largest > 0) & (total - largest < MINIMUM)
        sensitive = (total > 0) & ((total < FIGURES_FROM) | beside)
        return cls(total, ~lit, sensitive, row_of, column_of)

    def protect(self, row: int, column: int) -> bool:
        """Put a cell on a rectangle of dark cells, at the least cost in people whose figure goes; say whether it is."""
        enough = self.people >= MINIMUM
        usable = enough & enough[row][None, :] & enough[:, column][:, None]
        usable[row], usable[:, column] = False, False
        if not usable.any():
            return False
        price = np.where(self.dark, 0, self.people)
        cost = price + price[row][None, :] + price[:, column][:, None]
        other = np.unravel_index(np.argmin(np.where(usable, cost, np.iinfo(np.int64).max)), cost.shape)
        across, down = int(other[0]), int(other[1])
        self.dark[across, down] = self.dark[row, down] = self.dark[across, column] = True
        return True


def _merged(lit: Truths) -> Integers:
    """Return where each row goes: those with a figure to places of their own, the rest to one after them."""
    place = np.cumsum(lit) - 1
    merged: Integers = np.where(lit, place, int(lit.sum())).astype(np.int64)
    return merged


def nested(member: NDArray[np.float32], may_go: Truths) -> set[int]:
    """Return which figures must go because one group lies in another and fewer than 20 people make the difference.

    `member` (S, N) has a one for each person of each group that shows a figure; of two groups the smaller goes, where
    `may_go` (S,) lets it, else the larger.
    """
    size = member.sum(1)
    common = member @ member.T
    extra = size[:, None] - common
    inside = (extra.T == 0) & (extra > 0) & (extra < FIGURES_FROM)
    gone = set[int]()
    for larger, smaller in np.argwhere(inside):
        if {int(larger), int(smaller)} & gone:
            continue
        first, second = (smaller, larger) if may_go[smaller] else (larger, smaller)
        gone.add(int(first if may_go[first] else second))
    return gone
