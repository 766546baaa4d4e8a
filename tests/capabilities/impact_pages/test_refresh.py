from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.accounts.models import Account
from app.accounts.sessions import viewer_of
from app.accounts.values import Viewer
from app.audit.models import AuditEntry
from app.breaks.services import record_attendance
from app.breaks.values import AttendanceStatus
from app.checkins.models import CheckIn
from app.checkins.services import undo_check_in
from app.database import db, transaction
from app.impact.commands import impact_cli
from app.impact.disclosure import Figures, State
from app.impact.models import PublishedCell, Refresh
from app.impact.published_rows import Published
from app.impact.refreshes import RefreshSummary
from app.impact.services import prepare, refresh
from app.impact.tables import EVERYONE, TOTALS
from app.young_people.models import YoungPerson
from app.young_people.queries import own_access
from app.young_people.services import choose_sharing, update_details
from app.young_people.values import Audience
from tests.capabilities.impact_pages.council import MadeUp, Plan, check_in_now, details, make_council
from tests.capabilities.impact_pages.count_attack import left_of, told_too_well
from tests.people import Cast

PLANS = (
    Plan("Climbing club", 41, effect=1.5),
    Plan("Gaming group", 22),
    Plan("Swimming", 13),
    Plan("Overnight stay", 5),
)


def begin(cast: Cast) -> MadeUp:
    with transaction():
        return make_council(cast.council_id, PLANS, people=58)


def begin_refreshed(cast: Cast) -> MadeUp:
    made = begin(cast)
    run(made)
    return made


pytestmark = pytest.mark.begins_with.with_args(begin)
refreshed = pytest.mark.begins_with.with_args(begin_refreshed)


@pytest.fixture
def made(begun: MadeUp) -> MadeUp:
    return begun.again()


def run(made: MadeUp) -> RefreshSummary:
    with transaction():
        return refresh(council_id=made.council_id)


def published(made: MadeUp) -> dict[tuple[str, str, str], tuple[str, str]]:
    """Return every published cell: (table, offer, group) to (figures, when)."""
    names = {offer.id: name for name, offer in made.offers.items()}
    query = select(PublishedCell).where(PublishedCell.council_id == made.council_id)
    return {
        (row.table_name, names.get(row.intervention_id, ""), row.group): (row.figures, row.published_at.isoformat())  # type: ignore[arg-type]
        for row in db.session.execute(query).scalars()
    }


def figures(made: MadeUp, offer: str, table: str = EVERYONE, group: str = "") -> Figures:
    return Figures.from_text(published(made)[table, offer, group][0])


def young_viewer(made: MadeUp, number: int) -> Viewer:
    person = db.session.get_one(YoungPerson, made.people[number])
    return viewer_of(db.session.get_one(Account, person.account_id))


def opt_out(made: MadeUp, number: int) -> None:
    viewer = young_viewer(made, number)
    with transaction():
        choose_sharing(
            viewer=viewer,
            default_audience=Audience.MENTOR,
            profile_audience=Audience.TEAM,
            shares_profile_with_providers=False,
            in_group_figures=False,
        )


def test_each_intervention_shows_what_its_number_of_people_allows(made: MadeUp) -> None:
    summary = run(made)
    assert (summary.check_ins, summary.people) == (58 * 12, 60)
    climbing, gaming = figures(made, "Climbing club"), figures(made, "Gaming group")
    assert (climbing.state, climbing.people) == (State.GRADED, 40)
    assert climbing.change is not None
    assert climbing.low is not None
    assert climbing.low <= climbing.change
    assert (gaming.state, gaming.people) == (State.EARLY, 20)
    swimming = figures(made, "Swimming")
    assert (swimming.state, swimming.people, swimming.change) == (State.COUNT_ONLY, 10, None)
    assert figures(made, "Overnight stay") == Figures(State.WITHHELD)


def test_totals_are_rounded_down_and_sessions_are_counted(made: MadeUp) -> None:
    summary = run(made)
    totals = figures(made, "", TOTALS)
    assert (totals.people, totals.check_ins) == (55, 695)
    assert totals.sessions == summary.sessions // 5 * 5


def test_a_second_refresh_publishes_nothing_anew(made: MadeUp) -> None:
    first = run(made)
    before = published(made)
    second = run(made)
    assert first.anew == len(Published(made.council_id).cells) - 1
    assert second.anew == 0
    assert published(made) == before
    assert sum(outcome.kept for outcome in second.tables.values()) == first.anew


@refreshed
def test_one_young_persons_new_check_in_changes_nothing_published(made: MadeUp) -> None:
    before = published(made)
    with transaction():
        check_in_now(made, made.people[:1])
    summary = run(made)
    assert summary.check_ins == 58 * 12 + 1
    assert published(made) == before


@refreshed
def test_new_check_ins_of_ten_are_published(made: MadeUp) -> None:
    before = published(made)
    with transaction():
        check_in_now(made, made.came["Climbing club"][:10])
    run(made)
    after = published(made)
    changed = {key for key in before if after[key] != before[key]}
    assert (EVERYONE, "Climbing club", "") in changed
    assert (TOTALS, "", "") in changed
    assert (EVERYONE, "Swimming", "") not in changed
    assert figures(made, "", TOTALS).check_ins == 705


@refreshed
def test_a_new_session_of_one_counts_with_the_next_ten(made: MadeUp) -> None:
    before = published(made)
    session = made.sessions["Climbing club"][0]
    with transaction():
        for person in made.came["Climbing club"][:9]:
            record_attendance(session=session, young_person_id=person, status=AttendanceStatus.CAME, actor=None)
    run(made)
    assert published(made) == before
    with transaction():
        check_in_now(made, made.came["Climbing club"][9:10])
    run(made)
    assert published(made)[EVERYONE, "Climbing club", ""] != before[EVERYONE, "Climbing club", ""]


@refreshed
def test_an_undone_check_in_is_something_new_of_that_person(made: MadeUp) -> None:
    before = published(made)
    for number in range(9):
        viewer = young_viewer(made, number)
        newest = select(CheckIn.id).where(CheckIn.young_person_id == made.people[number]).order_by(CheckIn.at.desc())
        check_in_id = db.session.execute(newest.limit(1)).scalar_one()
        with transaction():
            undo_check_in(viewer=viewer, access=own_access(viewer), check_in_id=check_in_id)
    run(made)
    assert published(made) == before
    with transaction():
        check_in_now(made, made.people[9:10])
    run(made)
    assert published(made)[EVERYONE, "Climbing club", ""] != before[EVERYONE, "Climbing club", ""]


@refreshed
def test_whoever_opts_out_is_not_told_from_one_day_to_the_next_and_never_counted_again(made: MadeUp) -> None:
    before = published(made)
    opt_out(made, 0)
    summary = run(made)
    assert summary.people == 59
    assert published(made) == before
    with transaction():
        check_in_now(made, made.people[1:10])
    run(made)
    query = select(PublishedCell).where(
        PublishedCell.table_name == EVERYONE, PublishedCell.intervention_id == made.offers["Climbing club"].id
    )
    cell = db.session.execute(query).scalar_one()
    assert made.people[0].hex not in cell.contributions
    assert cell.published_at.isoformat() != before[EVERYONE, "Climbing club", ""][1]


def test_what_was_prepared_is_thrown_away_once_somebody_opts_out(made: MadeUp) -> None:
    prepared = prepare(council_id=made.council_id)
    opt_out(made, 0)
    with transaction():
        summary = refresh(council_id=made.council_id, prepared=prepared)
    assert summary.people == 59
    held = [row.contributions for row in db.session.execute(select(PublishedCell)).scalars()]
    assert all(made.people[0].hex not in people for people in held)
    assert any(made.people[1].hex in people for people in held)


@refreshed
def test_a_group_that_is_recorded_otherwise_is_withheld_and_then_gone(made: MadeUp) -> None:
    assert not figures(made, "Climbing club", "by_need", "Autism").is_withheld
    rng = np.random.default_rng(5)
    with transaction():
        for number, person in enumerate(made.people):
            told_now = replace(details(number, rng), primary_need="ASC")
            update_details(person=db.session.get_one(YoungPerson, person), details=told_now, actor=None)
    run(made)
    assert figures(made, "Climbing club", "by_need", "Autism").is_withheld
    assert figures(made, "Climbing club", "by_need", "ASC").people == 40
    with transaction():
        check_in_now(made, made.people[:1])
    run(made)
    assert ("by_need", "Climbing club", "Autism") not in published(made)
    assert run(made).anew == 0


@refreshed
def test_everything_published_together_survives_the_attack(made: MadeUp) -> None:
    with transaction():
        cells, attacked = Published(made.council_id).cells, 0
    for offer in made.offers.values():
        left = left_of({key: cell for key, cell in cells.items() if key.offer_id == offer.id})
        assert told_too_well(left) == []
        attacked += len(left)
    assert attacked > 10


def test_a_council_without_records_is_refreshed_too(cast: Cast) -> None:
    with transaction():
        summary = refresh(council_id=cast.other_council_id)
    assert (summary.people, summary.check_ins, summary.anew) == (0, 0, 0)


def test_a_refresh_is_written_down_in_the_trail(made: MadeUp, cast: Cast) -> None:
    with transaction():
        refresh(council_id=made.council_id, actor=cast.council_staff)
    entry = db.session.execute(select(AuditEntry).where(AuditEntry.action == "group_figures:refreshed")).scalar_one()
    assert entry.actor_id == cast.council_staff.account_id
    assert entry.record_id == db.session.execute(select(Refresh.id)).scalar_one()


@refreshed
def test_the_database_names_no_group_in_clear(made: MadeUp) -> None:
    assert made
    clear = db.session.execute(select(PublishedCell.group_key, PublishedCell.sealed_group)).all()  # type: ignore[attr-defined]
    for word in ("Autism", "Female", "Pakistani", "Matlock"):
        assert all(word not in key and word.encode() not in sealed for key, sealed in clear)


def test_the_command_says_what_was_read_and_what_was_published(app: Flask, made: MadeUp) -> None:
    run_cli = app.test_cli_runner()
    result = run_cli.invoke(impact_cli, ["refresh", "--council", "derwent"])
    assert result.exit_code == 0, result.output
    assert "Derwent Council: read 696 check-ins" in result.output
    assert "everyone: 4 published anew, 0 kept as they were, 1 withheld" in result.output
    again = run_cli.invoke(impact_cli, ["refresh"])
    assert "everyone: 0 published anew, 4 kept as they were, 1 withheld" in again.output
    assert "Trent Council: read 0 check-ins" in again.output
    for word in ("Autism", "Female", "Made", str(made.people[0])):
        assert word not in again.output


def test_the_command_refuses_a_council_that_is_not_there(app: Flask, cast: Cast) -> None:
    assert cast
    result = app.test_cli_runner().invoke(impact_cli, ["refresh", "--council", "severn"])
    assert result.exit_code == 1
    assert "There is no council at severn." in result.output


def test_published_moments_are_those_of_the_refresh(made: MadeUp) -> None:
    summary = run(made)
    assert clock.now() - summary.at < timedelta(minutes=5)
    assert {when for _, when in published(made).values()} == {summary.at.isoformat()}
