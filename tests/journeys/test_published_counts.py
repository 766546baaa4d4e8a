"""A register filled in on a phone reaches the council's comparison at the next refresh, and tells of nobody."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app import clock
from app.audit import services as audit
from app.breaks.models import ProviderMember
from app.breaks.services import create_session
from app.database import db, transaction
from tests.capabilities.impact_pages.council import MadeUp, Plan, check_in_now, make_council
from tests.journeys.conftest import DESK, PageFor
from tests.people import Cast

pytestmark = pytest.mark.browser

OFFER = "Climbing club"
COMES = 32


@pytest.fixture
def made(cast: Cast) -> MadeUp:
    with transaction():
        made = make_council(cast.council_id, [Plan(OFFER, COMES, effect=1.5)], people=40)
        db.session.add(
            ProviderMember(
                council_id=cast.council_id,
                provider_id=made.offers[OFFER].provider_id,
                account_id=cast.provider.account_id,
            )
        )
        audit_of_membership(cast)
    return made


def audit_of_membership(cast: Cast) -> None:
    audit.record(council_id=cast.council_id, actor_id=None, action="provider_member:added")


def refresh(app: Flask) -> str:
    result = app.test_cli_runner().invoke(args=["impact", "refresh", "--council", "derwent"])
    assert result.exit_code == 0, result.output
    return result.output


def sessions_on(page: Page) -> int:
    """Return how many sessions the comparison counts for the offer."""
    page.goto("/what-helped")
    row = page.get_by_role("row").filter(has_text=OFFER)
    return int(re.findall(r"\d+", row.get_by_role("cell").nth(1).inner_text())[0])


def fill_in_the_register(page: Page, session_id: object) -> None:
    page.goto(f"/sessions/{session_id}/register")
    came = page.locator("input[type=radio][value=came]")
    expect(came).to_have_count(COMES)
    for number in range(COMES):
        came.nth(number).check(force=True)
    page.get_by_role("button", name="Save the register").tap()
    expect(page.get_by_role("status").first).to_be_visible()


def test_the_comparison_counts_a_new_session_after_the_next_refresh(
    app: Flask, cast: Cast, made: MadeUp, page_for: PageFor
) -> None:
    refresh(app)
    staff = page_for(cast.council_staff, size=DESK)
    before = sessions_on(staff)
    with transaction():
        started = clock.now() - timedelta(hours=3)
        session = create_session(
            offer=made.offers[OFFER], starts_at=started, ends_at=started + timedelta(hours=2), actor=None
        )
        session_id = session.id
        check_in_now(made, made.came[OFFER], answer=9.0)
    fill_in_the_register(page_for(cast.provider), session_id)
    assert sessions_on(staff) == before
    refresh(app)
    assert before + COMES - 5 < sessions_on(staff) < before + COMES + 5
    text = staff.content()
    for person in [*made.people, cast.amina]:
        assert str(person) not in text
    for name in ("Made", "Amina", "Ben", "Testperson"):
        assert name not in text
