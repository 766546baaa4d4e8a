"""Which groups a council's published tables tell apart, and who counts in each cell of them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from app.impact.cells import Cell, CellKey, has_news, news
from app.impact.contributions import Contributions
from app.impact.council_panel import CouncilPanel, Counted
from app.impact.disclosure import MINIMUM
from app.impact.tables import GROUPED, NOT_RECORDED, PAIRS, REST, USUAL_OUTCOME, pair_group
from app.impact.values import Integers

Labels = Mapping[str, tuple[str, ...]]

ONE_IN_OF_TWO_COLUMNS = 4
"""One in how many of the people of a table of two columns must have something new."""


def groups_of(labels: Iterable[str], standing: frozenset[str]) -> dict[str, str]:
    """Return each label's group: its own where 10 or more have it, or it has been published before; else the rest.

    Spelling counts for nothing but the way the group is written.
    """
    known = {name.casefold(): name for name in standing}
    spellings: dict[str, Counter[str]] = {}
    for label in labels:
        if label != NOT_RECORDED:
            spellings.setdefault(label.casefold(), Counter())[label] += 1
    found: dict[str, str] = {}
    for key, spelling in spellings.items():
        usual = max(sorted(spelling), key=spelling.__getitem__)
        own = known.get(key) or (usual if spelling.total() >= MINIMUM else REST)
        found |= dict.fromkeys(spelling, own)
    return found


@dataclass(frozen=True)
class Grouping:
    """One table by one column or two: its `groups`, and which of them each person is in, (people,)."""

    table: str
    columns: tuple[str, ...]
    groups: tuple[str, ...]
    member: Integers


@dataclass(frozen=True)
class Members:
    """Who counts in one cell, and what they bring."""

    people: Counted
    brought: Contributions


def labels_of_council(council: CouncilPanel, standing: Mapping[str, frozenset[str]]) -> dict[str, tuple[str, ...]]:
    """Return the group of each person in every table by one column, `standing` being what is published by table."""
    return {table: _grouped(council.labels[table], standing.get(table, frozenset())) for table in GROUPED}


def _grouped(labels: tuple[str, ...], standing: frozenset[str]) -> tuple[str, ...]:
    groups = groups_of(labels, standing - {REST})
    return tuple(groups.get(label, REST) for label in labels)


def standing_groups(council: CouncilPanel, published: Mapping[CellKey, Cell]) -> dict[str, frozenset[str]]:
    """Return the groups that have been published, by table: with a figure, or withheld while anybody is in them.

    A name that went would say that its council had ten of them and has nine.
    """
    had = {table: {label.casefold() for label in council.labels[table]} for table in GROUPED}
    found: dict[str, set[str]] = {}
    for key, cell in published.items():
        if key.outcome != council.outcome or key.table not in GROUPED:
            continue
        if not cell.figures.is_withheld or key.group.casefold() in had[key.table]:
            found.setdefault(key.table, set()).add(key.group)
    return {table: frozenset(groups) for table, groups in found.items()}


def groupings_of(outcome: str, labels: Labels, standing: Mapping[str, frozenset[str]]) -> Iterator[Grouping]:
    """Yield the tables that tell anybody apart; those of two columns for wellbeing alone."""
    single: dict[str, Grouping] = {}
    for table in GROUPED:
        if standing.get(table) or len(set(labels[table])) > 1:
            groups = tuple(sorted({*labels[table], *standing.get(table, frozenset()), REST}))
            place = {group: at for at, group in enumerate(groups)}
            member = np.array([place[label] for label in labels[table]], np.int64)
            single[table] = Grouping(table, (table,), groups, member)
    yield from single.values()
    for table, (first, second) in PAIRS.items():
        if outcome == USUAL_OUTCOME and first in single and second in single:
            one, other = single[first], single[second]
            groups = tuple(pair_group(mine, theirs) for mine in one.groups for theirs in other.groups)
            yield Grouping(table, (first, second), groups, one.member * len(other.groups) + other.member)


def members_of(council: CouncilPanel, grouping: Grouping) -> dict[CellKey, Members]:
    """Return who is in each cell of a table: every offer with every group of the council, whoever came to it."""
    found = {}
    for offer in council.offers:
        counted = council.counted[offer.offer_id]
        member = grouping.member[counted.place]
        order = np.argsort(member, kind="stable")
        people = counted.part(order)
        entries = council.brought(offer.offer_id, people.place).entries
        ends = np.searchsorted(member[order], np.arange(len(grouping.groups) + 1)).tolist()
        for at, group in enumerate(grouping.groups):
            own = slice(ends[at], ends[at + 1])
            key = CellKey(grouping.table, offer.offer_id, group, council.outcome)
            found[key] = Members(people.part(own), Contributions(entries[own]))
    return found


def waits(cells: Mapping[CellKey, Members], published: Mapping[CellKey, Cell]) -> bool:
    """Say whether a table of two columns waits: most of the fitting goes into these."""
    before = {key: published[key] for key in cells if key.table in PAIRS and key in published}
    people = sum(cell.people for cell in before.values())
    changed = sum(news(cell.contributions, cells[key].brought) for key, cell in before.items())
    return bool(before) and changed < people / ONE_IN_OF_TWO_COLUMNS


def with_news(cells: Mapping[CellKey, Members], published: Mapping[CellKey, Cell]) -> set[CellKey]:
    """Return the cells that would be published anew; of a table of two columns none while it waits."""
    if waits(cells, published):
        return set()
    return {key for key, members in cells.items() if has_news(published.get(key), members.brought)}
