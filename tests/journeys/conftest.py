"""A live server and a real browser, 390x844 unless a test asks otherwise."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from app.accounts.values import Viewer
from tests.conftest import SignIn
from tests.journeys.chromium import find, find_without_windows, launch_flags
from tests.journeys.lived_in import live
from tests.journeys.pages import people
from tests.journeys.wire import Wire
from tests.people import Cast

PHONE = (390, 844)
DESK = (1280, 800)
LONGEST_WAIT = 20_000
"""Milliseconds that a test waits for what it expects to see: a busy machine takes its time over a photo."""

expect.set_options(timeout=LONGEST_WAIT)


class QuietHandler(WSGIRequestHandler):
    """A request handler that prints nothing."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 (werkzeug's own name)
        """Say nothing."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_without_windows(), args=launch_flags())
        yield browser
        browser.close()


@pytest.fixture
def whole_browser(browser: Browser) -> Iterator[Browser]:
    """A browser with windows and a screen, on which things pop up."""
    whole = browser.browser_type.launch(executable_path=find(), args=launch_flags())
    yield whole
    whole.close()


@pytest.fixture
def server_url(app: Flask) -> Iterator[str]:
    """Serve the test's app on a free port of this machine, with CSRF protection on as in real use."""
    app.config["WTF_CSRF_ENABLED"] = True
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def wire(server_url: str) -> Iterator[Wire]:
    """The network between phone and server, for a test to cut or to weigh; its `url` is what the phone opens."""
    wire = Wire(int(server_url.rsplit(":", 1)[1]))
    yield wire
    wire.close()


@dataclass
class Complaints:
    """What the browser complained about: console errors, policy violations, failed requests."""

    lines: list[str] = field(default_factory=list)
    expects_failures: bool = False
    """A test that cuts the network or ends a session looks for what the page makes of it, not at what Chromium logs."""

    def of_console(self, message: ConsoleMessage) -> None:
        expected = "responded with a status of 422" in message.text or (
            self.expects_failures and ("Failed to load resource" in message.text or message.text.startswith("htmx:"))
        )
        if message.type in {"error", "warning"} and not expected:
            self.lines.append(f"{message.type}: {message.text}")

    def of_page(self, error: Exception) -> None:
        self.lines.append(f"uncaught: {error}")

    def of_request(self, request: Request) -> None:
        elsewhere = request.url.startswith("https://www.bbc.co.uk/")
        if not elsewhere and not self.expects_failures and "net::ERR_ABORTED" not in (request.failure or ""):
            self.lines.append(f"failed: {request.method} {request.failure}")


@pytest.fixture
def lived_in(cast: Cast) -> Cast:
    """Return the cast, its young person with some weeks of check-ins, posts, replies, goals and a profile."""
    live(cast)
    return cast


@pytest.fixture
def demo_people(app: Flask, made_demo: None) -> dict[str, Viewer]:
    """Return who is who in a council of the demo, by role, who are in the app's databases from the start."""
    assert app
    assert made_demo is None
    return people()


PageFor = Callable[..., Page]


@pytest.fixture
def complaints() -> Complaints:
    return Complaints()


@pytest.fixture
def page_for(browser: Browser, server_url: str, sign_in: SignIn, complaints: Complaints) -> Iterator[PageFor]:
    """Return a function that opens a page on which `viewer` (None: nobody) is signed in.

    Every complaint of the browser fails the test at its end.
    """
    contexts: list[BrowserContext] = []

    def open_page(
        viewer: Viewer | None,
        *,
        size: tuple[int, int] = PHONE,
        scheme: str = "light",
        javascript: bool = True,
        url: str = server_url,
        using: Browser = browser,
    ) -> Page:
        context = using.new_context(
            base_url=url,
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if scheme == "dark" else "light",
            has_touch=size == PHONE,
            java_script_enabled=javascript,
            locale="en-GB",
            timezone_id="Europe/London",
        )
        contexts.append(context)
        if viewer is not None:
            cookie = sign_in(viewer).get_cookie("tidemark")
            assert cookie is not None
            context.add_cookies([{"name": "tidemark", "value": cookie.value, "url": url}])
        page = context.new_page()
        page.on("console", complaints.of_console)
        page.on("pageerror", complaints.of_page)
        page.on("requestfailed", complaints.of_request)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints.lines == []
