"""The refresh keeps what single persons' estimates take from everybody, by the rule of the published cells."""

import pytest
from sqlalchemy import select

from app.database import db, transaction
from app.impact.models import PersonModelRow
from app.impact.person_state import PersonState
from app.impact.services import refresh
from tests.capabilities.impact_pages.council import MadeUp, Plan, check_in_now, make_council
from tests.people import Cast


def begin(cast: Cast) -> MadeUp:
    with transaction():
        plans = (Plan("Climbing club", 24, effect=1.5), Plan("Gaming group", 12), Plan("Swimming", 5))
        return make_council(cast.council_id, plans, people=36)


pytestmark = pytest.mark.begins_with.with_args(begin)


@pytest.fixture
def made(begun: MadeUp) -> MadeUp:
    return begun.again()


def run(council_id: object) -> PersonState | None:
    with transaction():
        refresh(council_id=council_id)  # type: ignore[arg-type]
    db.session.expire_all()
    row = db.session.execute(select(PersonModelRow).where(PersonModelRow.council_id == council_id)).scalar_one_or_none()
    return PersonState.from_text(row.state) if row else None


def test_a_part_of_the_model_changes_once_ten_of_its_people_have_something_new(made: MadeUp) -> None:
    first = run(made.council_id)
    assert first is not None
    people = dict(zip(first.offers, first.model.wholes, strict=True))
    assert [people[made.offers[name].id].people for name in made.offers] == [24, 12, 5]
    assert people[made.offers["Swimming"].id].departures is None
    with transaction():
        check_in_now(made, [*made.came["Gaming group"][:9], made.came["Climbing club"][0]])
    second = run(made.council_id)
    assert second is not None
    assert (second.model.check_in, second.model.weeks.size) != (first.model.check_in, first.model.weeks.size)
    for one, other in zip(first.model.wholes, second.model.wholes, strict=True):
        assert one.shape.tolist() == other.shape.tolist()
    with transaction():
        check_in_now(made, made.came["Gaming group"][9:10])
    third = run(made.council_id)
    assert third is not None
    changed = [
        offer
        for offer, one, other in zip(first.offers, second.model.wholes, third.model.wholes, strict=True)
        if one.shape.tolist() != other.shape.tolist()
    ]
    assert changed == [made.offers["Gaming group"].id]


def test_a_council_without_records_has_no_model(cast: Cast) -> None:
    assert run(cast.other_council_id) is None


def test_the_model_is_sealed(made: MadeUp) -> None:
    run(made.council_id)
    sealed = db.session.execute(select(PersonModelRow.sealed_state)).scalar_one()  # type: ignore[attr-defined]
    assert made.offers["Climbing club"].id.hex.encode() not in sealed
