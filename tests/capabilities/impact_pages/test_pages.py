import csv
import io
import json
import re

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import func, select

from app.audit.models import AuditEntry
from app.breaks.models import Offer
from app.breaks.services import change_offer
from app.breaks.values import OfferDetails
from app.database import db, transaction
from app.impact.evidence_words import signed
from app.impact.models import PublishedCell, Refresh
from app.impact.services import refresh
from app.impact.tables import EVERYONE
from app.web.printing import why_not
from app.young_people.models import YoungPerson
from tests.capabilities.impact_pages.council import MadeUp, Plan, make_council
from tests.capabilities.impact_pages.published import CELLS, NAMES, publish_known_cells, publish_nothing
from tests.conftest import SignIn
from tests.people import Cast

PAGES = (
    "/what-helped",
    "/what-helped/explore",
    "/what-helped/download.csv",
    "/what-helped/download.xlsx",
    *(() if why_not() else ("/what-helped/download.pdf", "/what-helped/download.png")),
)


pytestmark = [pytest.mark.begins_with.with_args(publish_known_cells), pytest.mark.any_database]


@pytest.fixture
def council(cast: Cast) -> Cast:
    """Return the cast, in whose council known cells are published."""
    return cast


def text_of(html: str) -> str:
    """Return what a reader reads: no tags, spaces run together."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def csv_rows(content: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content)))


def test_the_page_says_the_plain_sentence_first(council: Cast, sign_in: SignIn) -> None:
    page = text_of(sign_in(council.council_staff).get("/what-helped").text)
    sentence = (
        "Climbing club and Mentoring were followed by better wellbeing than the same young people’s own weeks would "
        "lead us to expect. Gaming group was followed by lower wellbeing than expected: look closer. For Holiday hub "
        "we cannot tell yet. Simple before-and-after figures would flatter some of them: many join when they are low, "
        "and would have picked up anyway."
    )
    assert page.index(sentence) < page.index("Cost per point gained")
    assert "This is an association, not proof" in page


def test_the_page_has_every_row_with_its_figure_and_how_sure_it_is(council: Cast, sign_in: SignIn) -> None:
    html = sign_in(council.council_staff).get("/what-helped").text
    page = text_of(html)
    assert 'aria-label="plus 0.8, between plus 0.5 and plus 1.1; plain before and after plus 1.6"' in html
    assert 'aria-label="minus 0.4, between minus 0.8 and minus 0.1; plain before and after plus 0.1"' in html
    for words in ("Good evidence", "Some evidence", "Cannot tell yet", "Look closer", "Early", "Too early"):
        assert words in page
    assert "Fewer than 10 young people: withheld to protect them." in page
    assert "Counted: 4,480 check-ins and 1,215 sessions attended, of 115 young people." in page
    assert "Last refreshed: 20 November 2026, 3:15am; everything recorded by then has been read." in page
    assert "style=" not in html


def test_cost_per_point_is_given_only_where_the_direction_is_sure(council: Cast, sign_in: SignIn) -> None:
    rows = csv_rows(sign_in(council.council_staff).get("/what-helped/download.csv").text)
    given = {row["Intervention"]: row["Cost per point gained"] for row in rows}
    assert given["Climbing club"] == "370.0"
    assert given["Mentoring"] == "490.0"
    assert {given[name] for name in ("Holiday hub", "Gaming group", "Days out", "Swimming")} == {"not given"}
    assert given["Overnight stay"] == "withheld"
    why = {row["Intervention"]: row["Why no cost per point"] for row in rows}
    assert why["Climbing club"] == ""
    assert why["Holiday hub"] == "It is not sure whether wellbeing rises or falls, so no number of points is given."
    climbing = next(row for row in rows if row["Intervention"] == "Climbing club")
    assert (climbing["Cost per point, low"], climbing["Cost per point, high"]) == ("270.0", "590.0")


def test_groups_are_compared_by_link_and_by_fragment_alike(council: Cast, sign_in: SignIn) -> None:
    client = sign_in(council.council_staff)
    whole = client.get("/what-helped?by=need").text
    part = client.get("/what-helped?by=need", headers={"HX-Request": "true"}).text
    assert "<html" in whole
    assert "<html" not in part
    assert part.strip() in whole
    page = text_of(whole)
    assert "Climbing club was followed by better wellbeing than expected for Autism." in page
    assert "Another, or not recorded: withheld to protect people in small groups" in page
    assert "20 to 29" in page


@pytest.mark.parametrize("path", PAGES)
def test_an_unknown_way_of_comparing_is_not_found(council: Cast, sign_in: SignIn, path: str) -> None:
    assert sign_in(council.council_staff).get(f"{path}?by=name").status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_only_council_staff_see_any_of_it(app: Flask, council: Cast, sign_in: SignIn, path: str) -> None:
    seen = {name: sign_in(viewer).get(path).status_code for name, viewer in council.everybody.items()}
    staff = {"council_staff", "other_council_staff"}
    assert {name for name, status in seen.items() if status == 200} == staff
    assert {status for name, status in seen.items() if name not in staff} == {404}
    assert app.test_client().get(path).status_code == 303


@pytest.mark.parametrize("path", ["/what-helped", "/what-helped/explore", "/what-helped/download.csv"])
def test_another_council_sees_only_its_own(council: Cast, sign_in: SignIn, path: str) -> None:
    theirs = sign_in(council.other_council_staff).get(path).text
    assert all(name not in theirs for name in NAMES)
    assert "4,480" not in theirs


@pytest.mark.parametrize("by", ["", "need"])
def test_page_explore_csv_and_workbook_agree(council: Cast, sign_in: SignIn, by: str) -> None:
    client, ask = sign_in(council.council_staff), f"?by={by}" if by else ""
    page, explore = (text_of(client.get(f"/what-helped{end}{ask}").text) for end in ("", "/explore"))
    rows = csv_rows(client.get(f"/what-helped/download.csv{ask}").text)
    book = load_workbook(io.BytesIO(client.get(f"/what-helped/download.xlsx{ask}").data))["What helped"]
    in_book = [["" if cell.value is None else cell.value for cell in line] for line in book.iter_rows(min_row=2)]
    assert len(rows) == len(in_book) == sum(key[0] == (f"by_{by}" if by else EVERYONE) for key in CELLS)
    for row, line in zip(rows, in_book, strict=True):
        assert [value if isinstance(value, str) else float(str(value)) for value in line] == [
            text if isinstance(value, str) else float(text) for text, value in zip(row.values(), line, strict=True)
        ]
        if row["Change"] in {"withheld", "not given"}:
            continue
        low, high = signed(float(row["Low"])), signed(float(row["High"]))
        assert f"{signed(float(row['Change']))} {low} to {high}" in page
        assert f"{signed(float(row['Change']))} {low} to {high}" in explore


def test_withheld_rows_are_withheld_in_every_cell_of_the_downloads(council: Cast, sign_in: SignIn) -> None:
    rows = csv_rows(sign_in(council.council_staff).get("/what-helped/download.csv").text)
    overnight = next(row for row in rows if row["Intervention"] == "Overnight stay")
    assert {value for name, value in overnight.items() if name not in {"Intervention", "Group", "As of"}} == {
        "withheld"
    }


def test_negative_figures_stay_numbers(council: Cast, sign_in: SignIn) -> None:
    client = sign_in(council.council_staff)
    book = load_workbook(io.BytesIO(client.get("/what-helped/download.xlsx").data))["What helped"]
    changes = {line[0].value: line[4] for line in book.iter_rows(min_row=2)}
    assert (changes["Gaming group"].value, changes["Gaming group"].data_type) == (-0.4, "n")
    rows = csv_rows(client.get("/what-helped/download.csv").text)
    assert next(row["Change"] for row in rows if row["Intervention"] == "Gaming group") == "-0.4"


@pytest.mark.parametrize("name", ["=1+1", "+44", "-Club", "@home", "\tTab", "\rReturn"])
def test_no_name_becomes_a_formula(council: Cast, sign_in: SignIn, name: str) -> None:
    with transaction():
        offer = db.session.execute(select(Offer).where(Offer.name == "Climbing club")).scalar_one()
        change_offer(offer=offer, details=OfferDetails(name, cost_per_place=3800), actor=council.council_staff)
    client = sign_in(council.council_staff)
    held = csv_rows(client.get("/what-helped/download.csv").text)[0]["Intervention"]
    assert held == f"'{name}"
    for sheet in load_workbook(io.BytesIO(client.get("/what-helped/download.xlsx").data)):
        for line in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in line)
            assert all(not str(cell.value).startswith("=") for cell in line)


def test_explore_carries_the_figure_as_data_with_no_colour_and_no_template(council: Cast, sign_in: SignIn) -> None:
    html = sign_in(council.council_staff).get("/what-helped/explore").text
    held = re.search(r'<script type="application/json" id="figure">(.*?)</script>', html, re.DOTALL)
    assert held is not None
    figure = json.loads(held[1])
    assert "template" not in figure["layout"] or not figure["layout"]["template"]
    assert len(held[1]) < 6_000
    assert [trace["meta"] for trace in figure["data"]] == ["better", "unsure", "worse", "naive"]
    assert figure["data"][0]["x"] == [0.8, 0.6]
    assert "plotly-basic.min.js" in html


def test_plotly_loads_on_explore_alone(council: Cast, sign_in: SignIn) -> None:
    assert "plotly" not in sign_in(council.council_staff).get("/what-helped").text


@pytest.mark.begins_with.with_args(publish_nothing)
def test_before_the_first_refresh_the_page_says_when_figures_come(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.council_staff)
    page = text_of(client.get("/what-helped").text)
    assert "Nothing published yet" in page
    assert "after the first refresh" in page
    for path in PAGES[1:]:
        assert client.get(path).status_code == 200


def test_reading_the_pages_writes_nothing_down(council: Cast, sign_in: SignIn) -> None:
    client = sign_in(council.council_staff)
    counts = [select(func.count()).select_from(table) for table in (PublishedCell, Refresh, AuditEntry)]
    before = [db.session.execute(count).scalar_one() for count in counts]
    for path in PAGES:
        client.get(path)
    assert [db.session.execute(count).scalar_one() for count in counts] == before


def test_a_name_with_a_control_character_does_not_break_the_workbook(council: Cast, sign_in: SignIn) -> None:
    offer = db.session.execute(select(Offer).where(Offer.name == "Climbing club")).scalar_one()
    with transaction():
        change_offer(offer=offer, details=OfferDetails("\x1bClimbing\x0b club"), actor=council.council_staff)
    response = sign_in(council.council_staff).get("/what-helped/download.xlsx")
    assert response.status_code == 200
    sheet = load_workbook(io.BytesIO(response.data))["What helped"]
    assert "Climbing club" in {row[0] for row in sheet.iter_rows(values_only=True)}


PLANS = (Plan("=Climbing club", 34, effect=1.5), Plan("Swimming", 12), Plan("Overnight stay", 4))


def begin(cast: Cast) -> MadeUp:
    with transaction():
        made = make_council(cast.council_id, PLANS, people=45)
        refresh(council_id=cast.council_id)
    return made


with_people = pytest.mark.begins_with.with_args(begin)


@pytest.fixture
def made(begun: MadeUp) -> MadeUp:
    return begun.again()


@with_people
def test_no_page_or_file_names_a_young_person(made: MadeUp, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.council_staff)
    people = [db.session.get_one(YoungPerson, person) for person in made.people]
    secret = [word for person in people for word in (person.id.hex, str(person.id), person.last_name, person.reference)]
    for path in PAGES[:3]:
        for ask in ("", "?by=need", "?by=age", "?by=sex", "?by=ethnicity", "?by=locality"):
            answer = client.get(path + ask)
            assert answer.status_code == 200
            shown = re.findall(r"[\w-]+", answer.text)
            assert not set(shown) & set(secret)


@with_people
def test_after_a_refresh_the_page_counts_what_was_read(made: MadeUp, cast: Cast, sign_in: SignIn) -> None:
    assert made
    page = text_of(sign_in(cast.council_staff).get("/what-helped").text)
    assert "Counted: 540 check-ins" in page
    assert "=Climbing club" in page
