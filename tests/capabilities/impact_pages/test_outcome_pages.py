"""Other outcomes on the pages and in the files: their own words and units, and withheld where they must be."""

import csv
import io
import json
import re

import pytest
from flask import Flask
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import func, select

from app.audit.models import AuditEntry
from app.breaks.models import Offer
from app.database import db
from app.impact.evidence_words import MINUS
from app.impact.shown_outcomes import SHOWN_OUTCOMES, ShownOutcome
from app.web.printing import why_not
from tests.capabilities.impact_pages.published import NAMES, publish_known_cells, publish_nothing
from tests.conftest import SignIn
from tests.people import Cast
from tests.printing import needs_printing

SCHOOL = "/what-helped?outcome=school-attendance"
PRINTED = () if why_not() else ("pdf", "png")
FOLDERS = ("/what-helped/treated-as-asked", "/what-helped/attendance-bands")
READ = (*FOLDERS, *(f"{folder}/download.csv" for folder in FOLDERS))
FILES = tuple(f"{folder}/download.{kind}" for folder in FOLDERS for kind in ("xlsx", *PRINTED))


pytestmark = [pytest.mark.begins_with.with_args(publish_known_cells), pytest.mark.any_database]


@pytest.fixture
def council(cast: Cast) -> Cast:
    """Return the cast, in whose council known cells are published."""
    return cast


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def csv_rows(content: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content)))


def path_of(name: str) -> str:
    offer = db.session.execute(select(Offer).where(Offer.name == name)).scalar_one()
    return f"/what-helped/{offer.id}"


def test_school_attendance_is_said_in_its_own_words_and_unit(council: Cast, sign_in: SignIn) -> None:
    html = sign_in(council.council_staff).get(SCHOOL).text
    page = text_of(html)
    for words in (
        "Climbing club was followed by better school attendance than the same young people’s own weeks",
        "Mentoring was followed by lower school attendance than expected: look closer.",
        "Weekly school attendance was 8.6 percentage points higher than expected, likely between +6.1 and +11.2.",
        "Change, percentage points",
        "Cost per percentage point gained",
        "Counted: 2,545 weeks of school, of 90 young people.",
        "about 1 percentage point too low or too high",
        "20 young people with three recorded weeks of school on both sides",
        "many join when school attendance is low",
    ):
        assert words in page, words
    assert "wellbeing" not in page
    assert "check-in" not in page
    assert f"{MINUS}6.2" in page
    assert 'aria-label="plus 8.6, between plus 6.1 and plus 11.2; plain before and after plus 9.0"' in html


@pytest.mark.parametrize("outcome", SHOWN_OUTCOMES)
def test_every_outcome_has_its_page_explore_and_files(council: Cast, sign_in: SignIn, outcome: ShownOutcome) -> None:
    client, ask = sign_in(council.council_staff), f"?outcome={outcome.code}"
    for end in ("", "/explore", "/download.csv", "/download.xlsx"):
        assert client.get(f"/what-helped{end}{ask}").status_code == 200
    for end in ("", "/explore", "/download.csv", "/download.xlsx"):
        assert client.get(f"{path_of('Climbing club')}{end}{ask}").status_code == 200
    page = client.get(f"/what-helped{ask}").text
    assert re.search(rf'<a class="pill"[^>]*aria-current="true"[^>]*>{outcome.words}</a>', page)


@pytest.mark.parametrize(
    "ask", ["?outcome=happiness", "?outcome=school-attendance&by=sex&and=age", "?outcome=goals&by=x"]
)
@pytest.mark.parametrize("end", ["", "/explore", "/download.csv"])
def test_what_is_not_published_is_not_found(council: Cast, sign_in: SignIn, ask: str, end: str) -> None:
    assert sign_in(council.council_staff).get(f"/what-helped{end}{ask}").status_code == 404


def test_links_and_files_keep_the_outcome(council: Cast, sign_in: SignIn) -> None:
    client = sign_in(council.council_staff)
    page = client.get(f"{SCHOOL}&by=need").text
    for address in (
        "/what-helped?outcome=school-attendance&amp;by=age",
        "/what-helped?outcome=parent-carers&amp;by=need",
        "/what-helped/explore?outcome=school-attendance&amp;by=need",
        "/what-helped/download.csv?outcome=school-attendance&amp;by=need",
        f"{path_of('Climbing club')}?outcome=school-attendance",
        "/what-helped/attendance-bands",
        "/what-helped/treated-as-asked",
    ):
        assert f'href="{address}"' in page, address
    assert "and at once" not in page
    assert "/what-helped/budget" not in page
    part = client.get(f"{SCHOOL}&by=need", headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert part.strip() in page


def test_the_sheet_names_its_columns_for_the_outcome_and_withholds_as_the_page_does(
    council: Cast, sign_in: SignIn
) -> None:
    client = sign_in(council.council_staff)
    response = client.get("/what-helped/download.csv?outcome=school-attendance&by=need")
    assert response.headers["Content-Disposition"].endswith('filename="what-helped-school-attendance-by-need.csv"')
    rows = {row["Group"]: row for row in csv_rows(response.text)}
    assert (rows["Autism"]["Change"], rows["Autism"]["Young people"]) == ("9.3", "35")
    assert {rows["Anxiety"][name] for name in rows["Anxiety"]} == {"Climbing club", "Anxiety", "withheld", "2026-11-20"}
    assert "Cost per percentage point gained" in rows["Autism"]
    book = load_workbook(io.BytesIO(client.get("/what-helped/download.xlsx?outcome=parent-carers").data))
    assert book["What helped"]["C1"].value == "Families"
    notes = " ".join(str(cell.value) for (cell,) in book["How to read this"].iter_rows())
    assert "how parent carers say they are themselves" in notes
    assert "A higher figure is better." in notes


def test_explore_draws_the_outcome(council: Cast, sign_in: SignIn) -> None:
    html = sign_in(council.council_staff).get("/what-helped/explore?outcome=school-attendance").text
    held = re.search(r'<script type="application/json" id="figure">(.*?)</script>', html, re.DOTALL)
    assert held is not None
    figure = json.loads(held[1])
    assert figure["layout"]["xaxis"]["title"]["text"] == "Change in weekly school attendance, percentage points"
    assert figure["data"][0]["x"] == [8.6]


def test_one_intervention_shows_the_outcome_its_bands_and_how_people_were_treated(
    council: Cast, sign_in: SignIn
) -> None:
    client, path = sign_in(council.council_staff), path_of("Climbing club")
    usual, school = (text_of(client.get(path + ask).text) for ask in ("", "?outcome=school-attendance"))
    assert "95% or more of answers said yes, likely 85% or more." in usual
    assert "School attendance in bands" not in usual
    assert "School attendance in bands, before and after" in school
    assert "8.6 percentage points higher" in school
    assert "Did they treat me" not in school
    rows = list(csv.reader(io.StringIO(client.get(f"{path}/download.csv?outcome=school-attendance").text)))
    bands = {row[1]: row[2] for row in rows if row[0] == "Bands of attendance"}
    assert (bands["10% to 80%, before"], bands["Under 10%, after"]) == ("15", "withheld")
    treated = next(
        row for row in csv.reader(io.StringIO(client.get(f"{path}/download.csv").text)) if row[0].startswith("Treated")
    )
    assert treated[2:7] == ["35", "not given", "95", "85", "100"]


def test_levels_are_said_with_their_interval_and_never_as_a_change(council: Cast, sign_in: SignIn) -> None:
    html = sign_in(council.council_staff).get("/what-helped/treated-as-asked").text
    page = text_of(html)
    for words in (
        "After sessions of Climbing club four in five or more say that they were treated how they asked.",
        "After sessions of Gaming group fewer than four in five say so: ask them what was different.",
        "For Mentoring we cannot tell on which side of four in five it lies.",
        "95% or more likely 85% or more",
        "57% likely between 47% and 66%",
        "Too few young people for a figure yet.",
        "Fewer than 10 young people: withheld to protect them.",
        "a level and no change",
    ):
        assert words in page, words
    assert 'aria-label="57%, likely between 47% and 66%"' in html


def test_levels_and_bands_in_files_mark_what_is_withheld(council: Cast, sign_in: SignIn) -> None:
    client = sign_in(council.council_staff)
    levels = {row["Intervention"]: row for row in csv_rows(client.get(f"{FOLDERS[0]}/download.csv").text)}
    assert (levels["Gaming group"]["Said yes, of 100"], levels["Gaming group"]["Answers"]) == ("57", "130")
    held = levels["Overnight stay"]
    assert {value for name, value in held.items() if name not in {"Intervention", "As of"}} == {"withheld"}
    assert levels["Swimming"]["Said yes, of 100"] == "not given"
    bands = csv_rows(client.get(f"{FOLDERS[1]}/download.csv").text)
    climbing = {row["Band"]: (row["Before"], row["After"]) for row in bands if row["Intervention"] == "Climbing club"}
    assert climbing == {
        "Under 10%": ("withheld", "withheld"),
        "10% to 80%": ("15", "15"),
        "Over 80%": ("withheld", "withheld"),
        "Full time": ("10", "10"),
    }
    assert [row["Before"] for row in bands if row["Intervention"] == "Swimming"] == ["withheld"]
    sheet = load_workbook(io.BytesIO(client.get(f"{FOLDERS[1]}/download.xlsx").data))["Bands of attendance"]
    assert ("Swimming", "All bands", "withheld", "withheld", "2026-11-20") in set(sheet.iter_rows(values_only=True))


def test_bands_stand_as_bars_and_numbers_and_say_that_they_flatter(council: Cast, sign_in: SignIn) -> None:
    html = sign_in(council.council_staff).get("/what-helped/attendance-bands").text
    page = text_of(html)
    assert 'aria-label="10% to 80%: 15 before, 15 after"' in html
    assert 'aria-label="Under 10%: withheld before, withheld after"' in html
    assert "many would have come back anyway" in page
    assert "Withheld Swimming" in page
    assert "style=" not in html


@needs_printing
def test_they_print(council: Cast, sign_in: SignIn) -> None:
    client = sign_in(council.council_staff)
    said = {
        f"{FOLDERS[0]}/download.pdf": "57%",
        f"{FOLDERS[1]}/download.pdf": "Full time",
        "/what-helped/download.pdf?outcome=school-attendance": "Cost per percentage point gained",
        f"{path_of('Climbing club')}/download.pdf?outcome=school-attendance": "bands, before and after",
    }
    for path, words in said.items():
        reader = PdfReader(io.BytesIO(client.get(path).data))
        text = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))
        assert words in text, path
        assert "withheld" in text, path


@pytest.mark.parametrize("path", READ)
def test_only_council_staff_see_any_of_it(app: Flask, council: Cast, sign_in: SignIn, path: str) -> None:
    seen = {name: sign_in(viewer).get(path).status_code for name, viewer in council.everybody.items()}
    staff = {"council_staff", "other_council_staff"}
    assert {name for name, status in seen.items() if status == 200} == staff
    assert {status for name, status in seen.items() if name not in staff} == {404}
    assert app.test_client().get(path).status_code == 303


def test_another_council_sees_nothing_and_reading_writes_nothing_down(council: Cast, sign_in: SignIn) -> None:
    ours, theirs = sign_in(council.council_staff), sign_in(council.other_council_staff)
    entries = select(func.count()).select_from(AuditEntry)
    before = db.session.execute(entries).scalar_one()
    for path in (*READ, SCHOOL):
        page = theirs.get(path).text
        assert all(name not in page for name in NAMES)
        ours.get(path)
    assert db.session.execute(entries).scalar_one() == before


@pytest.mark.begins_with.with_args(publish_nothing)
def test_before_the_first_refresh_the_pages_say_when_figures_come(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.council_staff)
    for path in (*READ, *FILES):
        assert client.get(path).status_code == 200
    for path in FOLDERS:
        assert "Nothing published yet" in client.get(path).text
