"""A young person reads Tidemark in their own language: before sign-in, after it, and from right to left."""

import pytest
from flask import Flask
from playwright.sync_api import expect

from app.accounts.models import Account
from app.accounts.services import make_sign_in_card
from app.accounts.values import Viewer
from app.database import db, transaction
from app.young_people.looks import Looks
from app.young_people.queries import looks_of
from app.young_people.services import choose_looks
from tests.journeys.accessibility import violations
from tests.journeys.conftest import PageFor
from tests.people import Cast

pytestmark = pytest.mark.browser

STICKS_OUT = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
PAGES = (
    "/home",
    "/check-in",
    "/goals",
    "/posts",
    "/profile",
    "/me",
    "/me/my-weeks",
    "/me/how-it-looks",
    "/reminders",
    "/help-now",
)


def choose(viewer: Viewer, language: str) -> None:
    with transaction():
        choose_looks(viewer=viewer, looks=Looks(language=language))


def test_welsh_is_chosen_on_the_card_page_and_two_taps_are_answered_in_it(cast: Cast, page_for: PageFor) -> None:
    with transaction():
        account = db.session.get_one(Account, cast.young_person.account_id)
        code = make_sign_in_card(account=account, actor=cast.mentor)
    page = page_for(None)
    page.goto(f"/c/derwent/card#{code}")
    page.get_by_role("button", name="Cymraeg").click()
    expect(page.get_by_label("Y cod ar dy gerdyn")).to_have_value(code)
    assert page.locator("html").get_attribute("lang") == "cy"
    assert violations(page) == []
    page.get_by_role("button", name="Nesaf").click()
    for word in ("Cath", "Haul", "Cwch", "Seren"):
        page.get_by_role("button", name=word, exact=True).click()
    page.wait_for_url("**/home")
    expect(page.get_by_role("heading", name="Helo Amina")).to_be_visible()
    page.get_by_role("button", name="Da iawn").click()
    expect(page.get_by_role("heading", name="Wedi’i gadw: Da iawn")).to_be_visible()
    db.session.rollback()
    assert looks_of(cast.young_person).language == "cy"
    page.goto("/me/how-it-looks")
    page.locator("label", has_text="English").click()
    page.get_by_role("button", name="Cadw", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("Saved. It looks like this now.")


@pytest.mark.parametrize("language", ["cy", "pl", "ur"])
def test_no_page_in_another_language_has_anything_wrong(lived_in: Cast, page_for: PageFor, language: str) -> None:
    choose(lived_in.young_person, language)
    page = page_for(lived_in.young_person)
    wrong = []
    for path in PAGES:
        page.goto(path)
        wrong += [f"{path}: {one}" for one in violations(page)]
        if page.evaluate(STICKS_OUT):
            wrong.append(f"{path}: wider than the screen")
    assert wrong == []
    assert (page.locator("html").get_attribute("lang"), page.locator("html").get_attribute("dir")) == (
        language,
        "rtl" if language == "ur" else None,
    )


def test_with_no_signal_it_is_the_phone_s_language(lived_in: Cast, page_for: PageFor) -> None:
    choose(lived_in.young_person, "ur")
    page = page_for(lived_in.young_person)
    page.goto("/home")
    page.evaluate("async () => { await navigator.serviceWorker.ready; }")
    page.goto("/goals")
    kept = page.evaluate("async () => (await (await caches.match('/offline')).text())")
    assert '<html lang="ur" dir="rtl"' in kept
    assert "سگنل نہیں" in kept


def test_a_phone_s_own_language_is_the_first_guess(app: Flask, cast: Cast) -> None:
    assert cast
    client = app.test_client()
    for asked, lang in (("pl-PL,pl;q=0.9,en;q=0.5", "pl"), ("ur", "ur"), ("fr", "en-GB"), ("", "en-GB")):
        page = client.get("/", headers={"Accept-Language": asked})
        assert f'<html lang="{lang}"' in page.text
        assert page.headers["Content-Language"] == lang
        assert {"Accept-Language", "Cookie"} <= set(page.headers["Vary"].split(", "))
    client.set_cookie("tidemark-language", "cy")
    assert '<html lang="cy"' in client.get("/", headers={"Accept-Language": "pl"}).text
