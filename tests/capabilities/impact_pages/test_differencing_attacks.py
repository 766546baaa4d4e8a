"""Attacks over every published table at once: one outcome, all outcomes, one day and the next, and every day."""

from collections.abc import Iterator, Mapping

import numpy as np
import pytest

from app.impact.cells import Cell, CellKey
from app.impact.publication import decide
from app.impact.tables import COUNTED, EVERYONE, USUAL_OUTCOME
from tests.capabilities.impact_pages.count_attack import left_of, people_as_told, told_too_well
from tests.capabilities.impact_pages.figure_attack import figures_told
from tests.capabilities.impact_pages.made_up_offers import OUTCOMES, Offer

Cells = Mapping[CellKey, Cell]
TWO_POINTS = 2.0


def offers(number: int, seed: int, alike: float = 0.97) -> Iterator[Offer]:
    rng = np.random.default_rng(seed)
    for _ in range(number):
        yield Offer.made(rng, people=int(rng.integers(12, 110)), alike=alike)


def of_outcome(cells: Cells, outcome: str) -> dict[CellKey, Cell]:
    return {key: cell for key, cell in cells.items() if key.outcome == outcome}


def test_all_tables_of_one_outcome_tell_no_withheld_count() -> None:
    leaks, plain, attacked = 0, 0, 0
    for offer in offers(40, 1):
        cells = offer.cells()
        held = decide(cells, {}).cells
        for outcome in OUTCOMES:
            left = left_of(of_outcome(held, outcome))
            leaks += len(told_too_well(left))
            attacked += len(left)
            plain += len(told_too_well(left_of(of_outcome(cells, outcome))))
    assert leaks == 0
    assert plain > 20
    assert attacked > 100


def test_all_tables_of_all_outcomes_together_tell_no_withheld_count() -> None:
    leaks, alone, attacked = 0, 0, 0
    for offer in offers(12, 2):
        cells = offer.cells()
        held = decide(cells, {}).cells
        left = left_of(held)
        leaks += len(told_too_well(left))
        attacked += len(left)
        each: dict[CellKey, Cell] = {}
        for outcome in OUTCOMES:
            each |= decide(of_outcome(cells, outcome), {}).cells
        alone += len(told_too_well(left_of(each)))
    assert leaks == 0
    assert alone > 0, "outcomes that are protected one by one do tell"
    assert attacked > 100


@pytest.mark.parametrize("credulous", [False, True])
def test_yesterday_and_today_tell_no_withheld_count(credulous: bool) -> None:  # noqa: FBT001 (what the case expects)
    leaks, plain, attacked = 0, 0, 0
    for offer in offers(5, 3):
        yesterday = decide(offer.cells(), {}).cells
        raw = offer.cells()
        for day in range(1, 7):
            offer.next_day(day)
            today = decide(offer.cells(), yesterday).cells
            left = left_of(yesterday, today, credulous=credulous)
            leaks += len(told_too_well(left))
            attacked += len(left)
            plain += len(told_too_well(left_of(raw, offer.cells(), credulous=credulous)))
            yesterday, raw = today, offer.cells()
    assert leaks == 0
    assert plain > 20
    assert attacked > 100


@pytest.mark.parametrize("come_back", [True, False])
def test_many_days_together_tell_no_withheld_count(come_back: bool) -> None:  # noqa: FBT001 (what the case expects)
    attacked = 0
    for offer in offers(6, 4):
        days: list[Cells] = [decide(offer.cells(), {}).cells]
        for day in range(1, 15):
            offer.next_day(day, come_back=come_back)
            days.append(decide(offer.cells(), days[-1]).cells)
        left = left_of(*days)
        assert told_too_well(left) == []
        attacked += len(left)
    assert attacked > 60


def test_what_is_held_back_leaves_most_of_what_may_be_shown() -> None:
    may, shown = 0, 0
    for offer in offers(12, 8):
        published: Cells = {}
        for day in range(8):
            cells = offer.cells()
            published = decide(cells, published).cells
            counted = [key for key, cell in cells.items() if key.table in COUNTED and not cell.figures.is_withheld]
            may += len(counted)
            shown += sum(not published[key].figures.is_withheld for key in counted)
            offer.next_day(day + 1)
    assert shown > 0.85 * may


def test_the_total_minus_what_is_shown_leaves_five_values() -> None:
    """By hand, without a programme: everyone's count less the counts of the groups that show theirs."""
    some, plain = 0, 0
    for offer in offers(30, 5):
        cells = offer.cells()
        for published, is_held in ((decide(cells, {}).cells, True), (cells, False)):
            for outcome in OUTCOMES:
                top = next(cell for key, cell in published.items() if key.table == EVERYONE and key.outcome == outcome)
                for table in COUNTED:
                    column = [c for k, c in published.items() if k.table == table and k.outcome == outcome]
                    hidden = [cell for cell in column if cell.figures.is_withheld]
                    if len(hidden) != 1 or people_as_told(top.figures)[1] > 1_000:
                        continue
                    shown = [people_as_told(cell.figures) for cell in column if not cell.figures.is_withheld]
                    least = people_as_told(top.figures)[0] - sum(most for _, most in shown)
                    most = people_as_told(top.figures)[1] - sum(low for low, _ in shown)
                    low, high = people_as_told(hidden[0].figures)
                    closely = min(most, high) - max(least, low) < 4
                    some += is_held
                    plain += closely and not is_held
                    assert not (closely and is_held)
    assert some > 10
    assert plain > 10


def test_no_group_says_how_many_sessions_its_people_came_to() -> None:
    """So that no total less what is shown can tell a withheld group's."""
    said = 0
    for offer in offers(10, 6):
        for key, cell in decide(offer.cells(), {}).cells.items():
            assert key.table == EVERYONE or cell.figures.sessions is None
            said += cell.figures.sessions is not None
    assert said > 20


def test_no_figure_of_a_small_group_follows_from_all_tables_of_one_day_or_two() -> None:
    rng, held, plain = np.random.default_rng(7), list[float](), list[float]()
    for _ in range(10):
        offer = Offer.made(rng, people=int(rng.integers(40, 300)), alike=1.0)
        cells = of_outcome(offer.cells(), USUAL_OUTCOME)
        yesterday = decide(cells, {}).cells
        held += figures_told(yesterday).values()
        plain += figures_told(cells).values()
        for day in range(1, 4):
            offer.next_day(day)
            today = decide(of_outcome(offer.cells(), USUAL_OUTCOME), yesterday).cells
            held += figures_told(yesterday, today).values()
            yesterday = today
    assert len(held) > 40
    assert min(plain) < TWO_POINTS < min(held)
