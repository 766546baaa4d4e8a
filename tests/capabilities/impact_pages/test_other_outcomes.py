"""From weeks of school, goals, parent carers and what was said after sessions to published cells."""

import pytest

from app.breaks.feedback import Treated
from app.checkins.carer_services import choose_for_carer
from app.database import transaction
from app.impact.attendance_bands import BANDS
from app.impact.cells import Cell
from app.impact.disclosure import Figures, State
from app.impact.published_rows import Published
from app.impact.services import prepare, refresh
from app.impact.tables import BANDS_AFTER, BANDS_BEFORE, CARERS, EVERYONE, GOALS, LEVEL, SCHOOL, TOTALS, TREATED
from app.young_people.services import choose_sharing
from app.young_people.values import Audience
from tests.capabilities.impact_pages.council import MadeUp, Plan, make_council
from tests.capabilities.impact_pages.count_attack import left_of, told_too_well
from tests.capabilities.impact_pages.outcomes import (
    answer_as_carers,
    first_week_of,
    rate_goals,
    record_school,
    rise,
    say_treated,
    young_viewer,
)
from tests.people import Cast

CLIMBING, SWIMMING = "Climbing club", "Swimming"
PLANS = (Plan(CLIMBING, 34, effect=1.0), Plan(SWIMMING, 13))


def begin(cast: Cast) -> MadeUp:
    with transaction():
        return make_council(cast.council_id, PLANS, people=50)


pytestmark = pytest.mark.begins_with.with_args(begin)


@pytest.fixture
def made(begun: MadeUp) -> MadeUp:
    return begun.again()


def run(made: MadeUp) -> None:
    with transaction():
        refresh(council_id=made.council_id)


def cells_of(made: MadeUp, table: str, outcome: str, offer: str = CLIMBING) -> dict[str, Cell]:
    offer_id = made.offers[offer].id
    return {
        key.group: cell
        for key, cell in Published(made.council_id).cells.items()
        if (key.table, key.offer_id, key.outcome) == (table, offer_id, outcome)
    }


def figures(made: MadeUp, outcome: str, offer: str = CLIMBING) -> Figures:
    return cells_of(made, EVERYONE, outcome, offer)[""].figures


def test_school_attendance_is_published_in_percentage_points(made: MadeUp) -> None:
    with transaction():
        record_school(made, made.people, rise(made, made.people, CLIMBING, 5, 8).tolist())
    run(made)
    found = figures(made, SCHOOL)
    assert (found.state, found.people) == (State.GRADED, 30)
    assert found.change is not None
    assert 15 < found.change < 40
    assert figures(made, SCHOOL, SWIMMING).state is State.COUNT_ONLY


def test_goal_ratings_are_published_whoever_may_read_the_goals(made: MadeUp) -> None:
    with transaction():
        rate_goals(made, made.people, rise(made, made.people, CLIMBING, 3, 6))
    run(made)
    found = figures(made, GOALS)
    assert (found.state, found.people) == (State.GRADED, 30)
    assert found.change is not None
    assert found.change > 1
    totals = next(c for k, c in Published(made.council_id).cells.items() if (k.table, k.outcome) == (TOTALS, GOALS))
    assert (totals.figures.people, totals.figures.check_ins) == (50, 600)


def test_parent_carers_count_by_family_and_as_they_chose(made: MadeUp) -> None:
    came = made.came[CLIMBING]
    others = [person for person in made.people if person not in came]
    families = [[came[0], came[1]], *([person] for person in (*came[2:], *others))]
    stands = [family[0] for family in families]
    with transaction():
        carers = answer_as_carers(made, families, rise(made, stands, CLIMBING, 4, 6))
        for carer in carers[len(came) - 3 : len(came) - 1]:
            choose_for_carer(viewer=carer, shares_with_mentor=False, in_group_figures=False)
    with transaction():
        out_of_figures(came[5])
    run(made)
    cell = cells_of(made, EVERYONE, CARERS)[""]
    assert cell.people == len(came) - 1 - 2 - 1
    assert cell.figures.people == 30
    assert len({came[0].hex, came[1].hex} & cell.contributions.keys()) == 1
    assert not {came[5].hex, came[-1].hex, came[-2].hex} & cell.contributions.keys()
    assert cell.figures.change is not None
    assert cell.figures.change > 0.5


def out_of_figures(person: object) -> None:
    choose_sharing(
        viewer=young_viewer(person),  # type: ignore[arg-type]
        default_audience=Audience.MENTOR,
        profile_audience=Audience.TEAM,
        shares_profile_with_providers=False,
        in_group_figures=False,
    )


def test_a_parent_carer_who_opts_out_while_figures_are_made_is_not_in_them(made: MadeUp) -> None:
    came = made.came[CLIMBING]
    with transaction():
        carers = answer_as_carers(made, [[person] for person in came], rise(made, came, CLIMBING, 4, 6))
    prepared = prepare(council_id=made.council_id)
    with transaction():
        choose_for_carer(viewer=carers[0], shares_with_mentor=False, in_group_figures=False)
    with transaction():
        refresh(council_id=made.council_id, prepared=prepared)
    assert came[0].hex not in cells_of(made, EVERYONE, CARERS)[""].contributions


def test_how_people_were_treated_is_a_level_of_each_offer(made: MadeUp) -> None:
    answers = [
        (person, [Treated.YES] * 3 if number % 4 else [Treated.NO, Treated.MOSTLY])
        for number, person in enumerate(made.came[CLIMBING])
    ]
    with transaction():
        say_treated(made, CLIMBING, answers)
        say_treated(made, SWIMMING, [(person, [Treated.YES]) for person in made.came[SWIMMING]])
        say_treated(made, CLIMBING, [(made.came[SWIMMING][0], [Treated.YES])])
    run(made)
    found = cells_of(made, LEVEL, TREATED)[""].figures
    assert (found.state, found.people, found.sessions) == (State.GRADED, 35, 90)
    assert found.change == round(100 * 26 / 35)
    assert found.low is not None
    assert found.high is not None
    assert 50 < found.low < found.change < found.high < 90
    swimming = cells_of(made, LEVEL, TREATED, SWIMMING)[""].figures
    assert (swimming.state, swimming.people, swimming.change) == (State.COUNT_ONLY, 10, None)


def test_a_level_changes_only_once_ten_have_answered_something_new(made: MadeUp) -> None:
    came = made.came[CLIMBING]
    with transaction():
        say_treated(made, CLIMBING, [(person, [Treated.YES]) for person in came[:25]])
    run(made)
    first = cells_of(made, LEVEL, TREATED)[""].figures
    assert (first.people, first.change) == (25, 95)
    with transaction():
        say_treated(made, CLIMBING, [(person, [Treated.NO]) for person in came[25:]])
    run(made)
    assert cells_of(made, LEVEL, TREATED)[""].figures == first
    with transaction():
        say_treated(made, CLIMBING, [(came[0], [Treated.YES, Treated.NO])])
    run(made)
    second = cells_of(made, LEVEL, TREATED)[""].figures
    assert (second.people, second.change) == (30, round(100 * 24.5 / 34))


def school_of(made: MadeUp, low: int, high: int) -> None:
    """Let so many of the climbers stay under 10%, so many go from there to full time, and the rest to half of it."""
    came, first = made.came[CLIMBING], first_week_of(made, CLIMBING)
    rises = [[0] * first[person] + [10] * (12 - first[person]) for person in came[low : low + high]]
    rows = [*[[0] * 12] * low, *rises, *[[5] * 12] * (len(came) - low - high)]
    with transaction():
        record_school(made, came, rows, full_time=came[low : low + high])


def test_bands_before_and_after_are_published_and_small_ones_are_not(made: MadeUp) -> None:
    school_of(made, low=3, high=15)
    run(made)
    shown = {
        table: {band: cells_of(made, table, SCHOOL)[band].figures for band in BANDS}
        for table in (BANDS_BEFORE, BANDS_AFTER)
    }
    counts = {table: [column[band].people for band in BANDS] for table, column in shown.items()}
    assert counts == {BANDS_BEFORE: [15, 15, None, None], BANDS_AFTER: [None, 15, None, 15]}
    assert all(cell.change is None for column in shown.values() for cell in column.values())
    left = left_of(
        {
            key: cell
            for key, cell in Published(made.council_id).cells.items()
            if key.offer_id == made.offers[CLIMBING].id
        }
    )
    assert told_too_well(left) == []
    assert {unknown[0] for unknown in left} > {BANDS_BEFORE, BANDS_AFTER}


def test_bands_of_an_offer_of_fewer_than_twenty_are_withheld_as_a_whole(made: MadeUp) -> None:
    with transaction():
        record_school(made, made.came[SWIMMING], [[5] * 12] * 13)
    run(made)
    assert figures(made, SCHOOL, SWIMMING).people == 10
    for table in (BANDS_BEFORE, BANDS_AFTER):
        cells = cells_of(made, table, SCHOOL, SWIMMING)
        assert {cell.figures.is_withheld for cell in cells.values()} == {True}
        assert {cell.figures.complementary for cell in cells.values()} == {False}


def test_full_time_is_news(made: MadeUp) -> None:
    school_of(made, low=3, high=15)
    run(made)
    before = cells_of(made, BANDS_AFTER, SCHOOL)["full time"]
    came, first = made.came[CLIMBING], first_week_of(made, CLIMBING)
    with transaction():
        record_school(made, came[3:18], [[0] * first[person] + [10] * (12 - first[person]) for person in came[3:18]])
    run(made)
    after = cells_of(made, BANDS_AFTER, SCHOOL)["full time"]
    assert (before.people, after.people) == (15, 0)
    assert after.figures.is_withheld
