"""A young person gets a copy of their own data on a phone, after saying again who they are; a parent carer theirs."""

import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from app import clock
from app.accounts.models import Account, SignedInSession
from app.accounts.services import make_sign_in_card
from app.database import db, transaction
from tests.journeys.accessibility import violations
from tests.journeys.conftest import PageFor
from tests.people import Cast

pytestmark = pytest.mark.browser

STICKS_OUT = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"


def is_fine(page: Page) -> None:
    assert violations(page) == [], page.url
    assert not page.evaluate(STICKS_OUT), page.url


def tap(page: Page, *words: str) -> None:
    for word in words:
        page.get_by_role("button", name=word, exact=True).click()


def get_copy(page: Page) -> zipfile.ZipFile:
    with page.expect_download() as download:
        page.get_by_role("button", name="Get my copy").click()
    assert download.value.suggested_filename.startswith("tidemark-20")
    whole = zipfile.ZipFile(download.value.path())
    assert whole.testzip() is None
    return whole


def test_a_young_person_gets_their_copy(lived_in: Cast, page_for: PageFor) -> None:
    with transaction():
        account = db.session.get_one(Account, lived_in.young_person.account_id)
        code = make_sign_in_card(account=account, actor=lived_in.mentor)
    page = page_for(None)
    page.goto(f"/c/derwent/card#{code}")
    page.get_by_role("button", name="Next").click()
    tap(page, "Cat", "Sun", "Boat", "Star")
    page.wait_for_url("**/home")
    with transaction():
        db.session.execute(update(SignedInSession).values(started_at=clock.now() - timedelta(minutes=11)))
    page.goto("/me")
    page.get_by_role("link", name="My data").click()
    is_fine(page)
    page.get_by_role("link", name="Get a copy").click()
    expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()
    is_fine(page)
    tap(page, "Cat", "Sun", "Boat", "Star")
    expect(page.get_by_role("heading", name="A copy for me")).to_be_visible()
    is_fine(page)
    whole = get_copy(page)
    data = json.loads(whole.read("data.json"))
    assert len(data["tables"]["check_ins"]) > 10
    assert data["tables"]["goals"]


def test_the_page_in_the_copy_opens_by_itself(lived_in: Cast, page_for: PageFor, tmp_path: Path) -> None:
    page = page_for(lived_in.young_person)
    page.goto("/my-copy")
    get_copy(page).extractall(tmp_path)
    page.goto((tmp_path / "index.html").as_uri())
    expect(page.get_by_role("heading", name="What Tidemark holds of Amina Testperson")).to_be_visible()
    assert page.evaluate("() => getComputedStyle(document.querySelector('dl')).borderRadius") == "8px"
    assert page.evaluate("() => [...document.images].every((one) => one.naturalWidth > 0 || one.loading === 'lazy')")
    assert not page.evaluate(STICKS_OUT)


def test_a_parent_carer_gets_theirs(lived_in: Cast, page_for: PageFor) -> None:
    page = page_for(lived_in.parent_carer)
    page.goto("/how-i-am")
    page.get_by_role("link", name="Get a copy of my data").click()
    is_fine(page)
    data = json.loads(get_copy(page).read("data.json"))
    assert data["whose"] == "Sana Parent"
    assert "posts" not in data["tables"]
