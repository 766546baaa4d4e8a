"""`make screenshots`: pictures of every page of the made-up council, light and dark, into docs/screenshots.

The main ones have names of their own; every other page stands in `pages`, under its endpoint, on a phone. `python -m
tests.journeys.screenshots pages` takes only those.
"""

import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from app import create_app
from app.demo.material import email_of
from app.web.languages import COOKIE
from tests.capabilities.imports.test_real_series import converted
from tests.journeys.chromium import find, launch_flags
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.pages import all_paths, ids_of, people
from tests.made_up_council import MadeUpCouncil, served_council
from tests.servers import ROOT

FOLDER = ROOT / "docs" / "screenshots"
PAGES = FOLDER / "pages"
PORT = 5099
COLOURS = 256
SERIES = "Real series"


@dataclass(frozen=True)
class Shot:
    """One page to take: whose, where, how large; `follow` are links to open first, one after another.

    `tick` are boxes to tick before its form is sent.
    """

    name: str
    role: str
    path: str
    size: tuple[int, int] = PHONE
    follow: tuple[str, ...] = ()
    tick: tuple[str, ...] = ()
    whole: bool = False
    folder: Path = FOLDER
    language: str = "en"


SHOTS = (
    Shot("home", "young_person", "/home"),
    Shot("check-in", "young_person", "/check-in"),
    Shot("feed", "young_person", "/posts"),
    Shot("drawing", "young_person", "/posts/new/drawing"),
    Shot("voice", "young_person", "/posts/new/voice"),
    Shot("goals", "young_person", "/goals"),
    Shot("profile", "young_person", "/profile"),
    Shot("profile-links", "young_person", "/profile/links"),
    Shot("me", "young_person", "/me"),
    Shot("my-weeks", "young_person", "/me/my-weeks", whole=True),
    Shot("looks", "young_person", "/me/how-it-looks"),
    Shot("breaks", "young_person", "/my-breaks"),
    Shot("reminders", "young_person", "/reminders"),
    Shot("help-now", "young_person", "/help-now"),
    *(
        Shot(f"{name}-{language}", "young_person", path, language=language)
        for language in ("cy", "pl", "ur")
        for name, path in (("home", "/home"), ("check-in", "/check-in"), ("help-now", "/help-now"))
    ),
    Shot("caseload", "mentor", "/caseload", DESK),
    Shot("timeline", "mentor", "/caseload", DESK, follow=("Amina",)),
    Shot("timeline-phone", "mentor", "/caseload", PHONE, follow=("Amina",)),
    Shot("asked", "mentor", "/caseload", DESK, follow=("Amina", "When they are asked")),
    Shot("comparison", "council_staff", "/what-helped", DESK),
    Shot("comparison-phone", "council_staff", "/what-helped", PHONE),
    Shot("intervention", "council_staff", "/what-helped", DESK, follow=("Climbing club",), whole=True),
    Shot("intervention-phone", "council_staff", "/what-helped", PHONE, follow=("Climbing club",)),
    Shot("by-sex", "council_staff", "/what-helped?by=sex", DESK),
    Shot(
        "budget",
        "council_staff",
        "/what-helped/budget?pounds=20000",
        DESK,
        tick=("Climbing club", "One-to-one mentoring"),
    ),
    Shot("school-attendance", "council_staff", "/what-helped?outcome=school-attendance", DESK),
    Shot("attendance-bands", "council_staff", "/what-helped/attendance-bands", DESK),
    Shot("treated-as-asked", "council_staff", "/what-helped/treated-as-asked", DESK),
    Shot("treated-as-asked-phone", "council_staff", "/what-helped/treated-as-asked", PHONE),
    Shot("explore", "council_staff", "/what-helped/explore", DESK),
    Shot("emergency-access", "council_staff", "/emergency-access", PHONE),
    Shot("offers", "provider", "/offers", DESK),
    Shot("accounts", "administrator", "/accounts", DESK),
)
REAL_SERIES = Shot("real-series", "mentor", "/caseload", DESK, follow=(SERIES,))


def import_real_series(council: MadeUpCouncil, folder: Path, mentor_email: str) -> None:
    """Read one person's 1,476 published moods (`tests/data/README.md`) in, as somebody on the mentor's list."""
    people, check_ins = folder / "people.csv", folder / "check-ins.csv"
    people.write_text(f"reference,first_name,last_name,mentor_email\nSERIES-1,{SERIES},Published,{mentor_email}\n")
    rows = "".join(f"SERIES-1,{at},{score}\n" for at, score in converted())
    check_ins.write_text("person,at,score\n" + rows)
    council.flask("import", "people", str(people), "--council", "derwent")
    council.flask("import", "check-ins", str(check_ins), "--council", "derwent", "--measure", "one_to_seven")


def shots_of_pages(app: Flask, paths: dict[str, list[str]]) -> list[Shot]:
    """Return a shot of each page that has none among the main ones, as the first role that opens it."""
    addresses = app.url_map.bind("localhost")
    taken = {addresses.match(shot.path.partition("?")[0])[0] for shot in SHOTS if not shot.follow}
    found = []
    for role, theirs in paths.items():
        for path in theirs:
            endpoint = str(addresses.match(path.partition("?")[0])[0])
            if endpoint not in taken:
                taken.add(endpoint)
                found.append(Shot(endpoint.replace(".", "-").replace("_", "-"), role, path, folder=PAGES))
    return found


def prepared(settings: dict[str, str]) -> list[Shot]:
    """Add what the made-up council lacks for some page, and return the shots of all that are not main ones."""
    os.environ.update(settings)
    app = create_app()
    with app.app_context():
        return shots_of_pages(app, all_paths(ids_of(people())))


def fewer_colours(path: Path) -> None:
    """Keep a picture in the colours that a page has, so that all of them fit into a repository."""
    with Image.open(path) as picture:
        picture.convert("RGB").quantize(COLOURS).save(path, optimize=True)


def take(browser: Browser, shot: Shot, council: MadeUpCouncil, scheme: str) -> None:
    """Sign in as the shot's role and take the page in one colour scheme."""
    context = browser.new_context(
        base_url=council.base,
        viewport={"width": shot.size[0], "height": shot.size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
        device_scale_factor=1,
        locale="en-GB",
        timezone_id="Europe/London",
        reduced_motion="reduce",
    )
    page: Page = context.new_page()
    if shot.role in council.sign_in_addresses:
        page.goto(council.sign_in_addresses[shot.role])
    context.add_cookies([{"name": COOKIE, "value": shot.language, "url": council.base}])
    page.goto(shot.path)
    for name in shot.follow:
        page.get_by_role("link", name=name).first.click()
    for name in shot.tick:
        page.get_by_label(name).check()
    if shot.tick:
        page.locator("main form button").first.click()
    page.wait_for_load_state("networkidle")
    if shot.whole:
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": shot.size[0], "height": height})
    path = shot.folder / f"{shot.name}-{scheme}.png"
    page.screenshot(path=path)
    context.close()
    if shot.folder == PAGES:
        fewer_colours(path)


def take_both(browser: Browser, shot: Shot, council: MadeUpCouncil) -> None:
    for scheme in ("light", "dark"):
        take(browser, shot, council, scheme)


def main(*, only_pages: bool = False) -> None:
    """Seed a council in a temporary folder, serve it, and take every shot."""
    PAGES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as name,
        served_council(Path(name), port=PORT) as council,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=find(), args=launch_flags())
        for shot in () if only_pages else SHOTS:
            take_both(browser, shot, council)
        for shot in prepared(council.settings):
            take_both(browser, shot, council)
        if not only_pages:
            mentor = next(one["name"] for one in council.people if one["role"] == "mentor")
            import_real_series(council, Path(name), email_of(mentor, "derwent"))
            take_both(browser, REAL_SERIES, council)
        browser.close()


if __name__ == "__main__":
    main(only_pages="pages" in sys.argv[1:])
