"""Families as group figures count them: one young person stands for all who share a parent carer."""

from collections.abc import Iterable, Mapping
from uuid import UUID

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components


def one_of_each_family(ties: Iterable[tuple[UUID, UUID]], begun: Mapping[UUID, int]) -> dict[UUID, UUID]:
    """Return for each parent carer the young person that stands for their family.

    `ties` are (parent carer, young person); `begun` gives the week in which each young person who counts first came to
    anything. Of a family the one who came first stands for all. Whoever is not in `begun` stands for nobody.
    """
    held = [(carer, person) for carer, person in ties if person in begun]
    carers, people = (sorted({tie[at] for tie in held}, key=str) for at in (0, 1))
    if not held:
        return {}
    row, column = ({one: place for place, one in enumerate(side)} for side in (carers, people))
    at = [(row[carer], len(carers) + column[person]) for carer, person in held]
    size = len(carers) + len(people)
    graph = sparse.csr_array((np.ones(len(at)), tuple(zip(*at, strict=True))), shape=(size, size))
    family = connected_components(graph, directed=False)[1]
    first: dict[int, UUID] = {}
    for person in sorted(people, key=lambda one: (begun[one], str(one))):
        first.setdefault(int(family[len(carers) + column[person]]), person)
    return {carer: first[int(family[row[carer]])] for carer in carers}
