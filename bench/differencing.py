"""What differencing attacks find in the published counts of made-up offers, and how much of them is left to read.

Prints, for offers whose outcomes have more or fewer people in common and whose people come and go for a fortnight: how
much is shown of the counts that the rule of ten lets through, how often everyone's count is withheld for a time, and of
how many secret counts an attacker who kept every day is left with fewer than five possible values, with and without
protection over outcomes and days.
"""

import argparse
from collections.abc import Mapping

import numpy as np

from app.impact.cells import Cell, CellKey
from app.impact.disclosure import WITHHELD_WHOLE
from app.impact.publication import decide
from app.impact.tables import COUNTED, EVERYONE
from tests.capabilities.impact_pages.count_attack import left_of, told_too_well
from tests.capabilities.impact_pages.made_up_offers import Offer

ALIKE = (1.0, 0.97, 0.8)
Cells = Mapping[CellKey, Cell]


def one_offer(offer: Offer, days: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return how many counts may be shown and are, tops there were and withheld, secrets and those told; and plain."""
    published: list[Cells] = []
    plain: list[Cells] = []
    found = np.zeros(8, np.int64)
    for day in range(days):
        plain.append(offer.cells())
        published.append(decide(plain[-1], published[-1] if published else {}).cells)
        for key, cell in plain[-1].items():
            figures = published[-1][key].figures
            if key.table in COUNTED and not cell.figures.is_withheld:
                found[:2] += 1, not figures.is_withheld
            elif key.table == EVERYONE:
                found[2:4] += 1, figures == WITHHELD_WHOLE
        offer.next_day(day + 1)
    for place, kept in ((4, published), (6, plain)):
        left = left_of(*kept)
        found[place : place + 2] += len(left), len(told_too_well(left))
    return found


def main() -> None:
    """Print one row for each share of people that outcomes have in common."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offers", type=int, default=24)
    parser.add_argument("--days", type=int, default=15)
    chosen = parser.parse_args()
    print(f"{chosen.offers} made-up offers, {chosen.days} days; fewer than five values left (of secret counts)")
    print("alike   shown of what may be   everyone withheld   attacked: told   unprotected: told")
    for alike in ALIKE:
        rng, total = np.random.default_rng(20), np.zeros(8, np.int64)
        for _ in range(chosen.offers):
            total += one_offer(Offer.made(rng, people=int(rng.integers(12, 110)), alike=alike), chosen.days)
        may, shown, tops, whole, secret, told, open_, open_told = total.tolist()
        print(
            f"{alike:5.2f} {shown / may:17.1%} {whole / tops:20.1%} {secret:14,}: {told:4,} {open_:13,}: {open_told:4,}"
        )


if __name__ == "__main__":
    main()
