import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.breaks.models import Offer
from app.breaks.services import change_offer
from app.breaks.values import OfferDetails
from app.database import db, transaction
from tests.capabilities.impact_pages.published import publish_known_cells
from tests.journeys.accessibility import violations
from tests.journeys.conftest import DESK, PHONE, PageFor
from tests.people import Cast

pytestmark = pytest.mark.browser

SMALLEST_TEXT = """() => Math.min(...[...document.querySelectorAll("svg text")]
    .filter((text) => text.textContent.trim() && text.getBoundingClientRect().width)
    .map((text) => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a))"""
STICKS_OUT = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture
def council(cast: Cast) -> Cast:
    publish_known_cells(cast)
    return cast


def drawn(page: Page, path: str = "/what-helped/explore") -> Page:
    page.goto(path)
    page.locator("#plot[data-drawn=yes]").wait_for()
    return page


@pytest.mark.parametrize("size", [PHONE, DESK])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_explore_draws_every_figure_under_the_content_policy(
    council: Cast, page_for: PageFor, scheme: str, size: tuple[int, int]
) -> None:
    page = drawn(page_for(council.council_staff, size=size, scheme=scheme))
    assert page.locator("#plot .scatterlayer .point").count() == 10
    assert page.locator("#plot .errorbar").count() == 5
    assert page.locator("#plot .annotation-text").all_text_contents() == [
        "Days out", "Holiday hub", "Gaming group", "Mentoring", "Climbing club",
    ]  # fmt: skip
    assert page.locator("style").count() == 0
    assert page.evaluate(SMALLEST_TEXT) >= 12
    assert not page.evaluate(STICKS_OUT)
    assert page.evaluate("() => document.querySelector('.plain-table').closest('.card').scrollWidth") <= page.evaluate(
        "() => document.querySelector('.plain-table').closest('.card').clientWidth"
    )


def test_the_marks_take_the_pages_colours_when_it_turns_dark(council: Cast, page_for: PageFor) -> None:
    page = drawn(page_for(council.council_staff, size=DESK))
    dot = page.locator("#plot .scatterlayer .point").first
    in_light = dot.evaluate("(mark) => getComputedStyle(mark).fill")
    page.emulate_media(color_scheme="dark")
    expect(dot).not_to_have_css("fill", in_light)
    assert page.locator("#plot-colours .tide").evaluate("(i) => getComputedStyle(i).color") == dot.evaluate(
        "(mark) => getComputedStyle(mark).fill"
    )


@pytest.mark.parametrize("size", [PHONE, DESK])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/what-helped", "/what-helped?by=need"])
def test_the_comparison_reads_well_on_a_phone_and_on_a_desk(
    council: Cast, page_for: PageFor, path: str, scheme: str, size: tuple[int, int]
) -> None:
    page = page_for(council.council_staff, size=size, scheme=scheme)
    page.goto(path)
    assert page.evaluate(SMALLEST_TEXT) >= 12
    assert not page.evaluate(STICKS_OUT)
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("by", ["", "?by=need"])
def test_axe_finds_nothing_on_explore(council: Cast, page_for: PageFor, by: str, scheme: str) -> None:
    page = drawn(page_for(council.council_staff, size=DESK, scheme=scheme), f"/what-helped/explore{by}")
    assert violations(page) == []


def test_a_pill_compares_in_place_and_the_address_says_so(council: Cast, page_for: PageFor) -> None:
    page = page_for(council.council_staff, size=DESK)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/what-helped")
    page.get_by_text("For whom: Everyone").click()
    page.get_by_role("link", name="By need").click()
    page.get_by_role("rowheader", name="Autism").wait_for()
    page.wait_for_url("**/what-helped?by=need")
    expect(page.get_by_text("For whom: By need")).to_be_visible()
    assert not [url for url in asked if "plotly" in url]
    page.get_by_role("link", name="Explore").click()
    page.wait_for_url("**/what-helped/explore?by=need")
    page.locator("#plot[data-drawn=yes]").wait_for()


def test_without_javascript_everything_is_there(council: Cast, page_for: PageFor) -> None:
    page = page_for(council.council_staff, javascript=False)
    page.goto("/what-helped")
    page.get_by_text("For whom: Everyone").click()
    page.get_by_role("link", name="By need").click()
    expect(page.get_by_role("rowheader", name="Autism")).to_be_visible()
    page.get_by_role("link", name="Explore").click()
    expect(page.get_by_text("The plot needs JavaScript. The table has the same figures.")).to_be_visible()
    expect(page.get_by_role("cell", name="+0.9 +0.4 to +1.4")).to_be_visible()


def test_the_name_of_an_offer_stays_text_in_the_plot(council: Cast, page_for: PageFor) -> None:
    name = "Club<br>+9.9 <a href='https://elsewhere.example'>read this</a> & more"
    with transaction():
        offer = db.session.execute(select(Offer).where(Offer.name == "Climbing club")).scalar_one()
        change_offer(offer=offer, details=OfferDetails(name), actor=council.council_staff)
    page = drawn(page_for(council.council_staff, size=DESK))
    box = page.locator("#plot .scatterlayer .point").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    told = page.locator("#plot .hoverlayer .hovertext").first
    expect(told).to_contain_text(name)
    expect(page.locator("#plot a[*|href*='elsewhere']")).to_have_count(0)
    expect(page.locator("#plot .annotation-text").last).to_have_text(name)
