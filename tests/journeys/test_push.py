"""Web push from the tap that turns it on to the few words that pop up, through a push service of this machine."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser as WholeBrowser
from playwright.sync_api import CDPSession, Page, expect

from tests.capabilities.notifications.conftest import pushing
from tests.capabilities.notifications.services_of_the_world import Browser, PushService
from tests.capabilities.prompts.agreed import agree, make_due
from tests.journeys.conftest import PageFor
from tests.people import Cast

pytestmark = pytest.mark.browser

SUBSCRIBED = """({endpoint, p256dh, auth}) => {
    const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")),
        (one) => one.charCodeAt(0)).buffer;
    PushManager.prototype.subscribe = async ({ userVisibleOnly, applicationServerKey }) => {
        if (!userVisibleOnly || applicationServerKey.length !== 65) throw new TypeError("no browser takes this");
        return { endpoint, getKey: (name) => bytes({ p256dh, auth }[name]) };
    };
}"""
"""Chromium subscribes with its maker's service only: here a phone of the test's own gives its address and keys."""
SHOWN = """async () => {
    const phone = await navigator.serviceWorker.ready;
    for (let turn = 0; turn < 100; turn++) {
        const shown = await phone.getNotifications();
        if (shown.length) return shown.map(({ title, body, tag }) => ({ title, body, tag }));
        await new Promise((done) => setTimeout(done, 50));
    }
    return [];
}"""
"""What stands on the phone's screen, once something does."""


@pytest.fixture
def pushes(app: Flask, tmp_path: Path) -> Iterator[PushService]:
    with pushing(app, tmp_path) as service:
        yield service


def registration_of(session: CDPSession, page: Page) -> str:
    """Return the browser's own id of the page's service worker."""
    found: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(one["registrationId"] for one in event["registrations"] if not one["isDeleted"]),
    )
    session.send("ServiceWorker.enable")
    page.wait_for_function("() => navigator.serviceWorker.ready.then(() => true)")
    return found[-1]


def test_what_was_asked_pops_up_on_the_phone_and_says_nothing(
    app: Flask, cast: Cast, page_for: PageFor, pushes: PushService, whole_browser: WholeBrowser
) -> None:
    plan_id, keys = agree(cast.young_person), Browser("phone")
    page = page_for(cast.young_person, using=whole_browser)
    page.context.grant_permissions(["notifications"])
    page.goto("/me")
    page.get_by_role("link", name="How we tell you").tap()
    expect(page.get_by_role("heading", name="On this phone")).to_be_visible()
    page.evaluate(SUBSCRIBED, asdict(keys.target(pushes.url)))
    page.get_by_role("button", name="Turn it on for this phone").tap()
    expect(page.get_by_role("button", name="Turn off the one that is on since")).to_be_visible()

    make_due(plan_id)
    app.test_cli_runner().invoke(args=["prompts", "send"])
    (push,) = pushes.pushes
    opened = keys.opened(push.body)

    session = page.context.new_cdp_session(page)
    origin = page.evaluate("() => location.origin")
    message = {"origin": origin, "registrationId": registration_of(session, page), "data": json.dumps(opened)}
    session.send("ServiceWorker.deliverPushMessage", message)
    assert page.evaluate(SHOWN) == [{"title": "Tidemark", "body": "Whenever you like.", "tag": "prompt"}]
    page.goto("/home")
    expect(page.get_by_text("It’s time.")).to_be_visible()
