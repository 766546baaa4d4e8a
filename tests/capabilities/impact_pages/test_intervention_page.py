"""The page of one intervention and its files: what is published stands on each, and what is withheld on none."""

import csv
import io
import re
from collections import Counter

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from app.database import transaction
from app.impact.beside import Span
from app.impact.beside_presenters import answered_in_short, dose_of, missing_of
from app.impact.dose import WARNING
from app.impact.evidence_words import MINUS
from app.impact.published_values import Dose, DoseBand, Interval, PublishedIntervention, Response
from app.impact.queries import published_intervention
from app.impact.services import refresh
from app.web import printing
from tests.capabilities.impact_pages.council import MadeUp, Plan, make_council
from tests.conftest import SignIn
from tests.people import Cast

LARGE, SMALL = "Climbing club", "Swimming"
PLANS = (Plan(LARGE, 150, effect=1.0), Plan(SMALL, 9))
FILES = ("download.csv", "download.xlsx", *(() if printing.why_not() else ("download.pdf", "download.png")))


def begin(cast: Cast) -> MadeUp:
    with transaction():
        made = make_council(cast.council_id, PLANS, people=170, weeks=13)
    with transaction():
        refresh(council_id=made.council_id)
    return made


pytestmark = [pytest.mark.begins_with.with_args(begin), pytest.mark.any_database]


@pytest.fixture
def made(begun: MadeUp) -> MadeUp:
    return begun.again()


def path_of(made: MadeUp, name: str) -> str:
    return f"/what-helped/{made.offers[name].id}"


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def found(made: MadeUp, cast: Cast, name: str = LARGE) -> PublishedIntervention:
    return published_intervention(cast.council_staff, made.offers[name].id)


def test_the_page_says_what_when_how_often_and_who_stays(made: MadeUp, cast: Cast, sign_in: SignIn) -> None:
    page = text_of(sign_in(cast.council_staff).get(path_of(made, LARGE)).text)
    for words in (
        "Weekly wellbeing was",
        "This is an association, not proof",
        "Check-ins came",
        "There is no log of prompts to count by.",
        "plain before and after",
        "8 to 4 weeks before",
        "1 to 3 sessions",
        "8 sessions or more",
        WARNING,
        "Still coming 150",
        "Stopped after 1 to 3 sessions withheld",
        "What remains after the course",
        "By sex and age",
    ):
        assert words in page, words
    shown = found(made, cast)
    assert shown.everyone is not None
    counted = Counter({band.span: band.people for band in shown.stayed if band.people is not None})
    assert counted == {None: shown.everyone.figures.people}
    assert [band.withheld for band in shown.stayed] == [False, True, True, True]
    check_the_small_offer(made, cast, sign_in)


def check_the_small_offer(made: MadeUp, cast: Cast, sign_in: SignIn) -> None:
    client, shown = sign_in(cast.council_staff), found(made, cast, SMALL)
    assert all(band.withheld and band.people is None for band in shown.stayed)
    assert (shown.dose, shown.response, shown.remains) == (None, None, None)
    page = text_of(client.get(path_of(made, SMALL)).text)
    assert "Fewer than 10 young people: withheld to protect them." in page
    assert not re.search(rf"[+{MINUS}]\d\.\d", page)
    rows = list(csv.reader(io.StringIO(client.get(f"{path_of(made, SMALL)}/download.csv").text)))[1:]
    assert {value for row in rows for value in row[2:]} <= {"withheld", "not given"}


def test_page_sheet_workbook_print_and_comparison_agree(made: MadeUp, cast: Cast, sign_in: SignIn) -> None:
    client, shown = sign_in(cast.council_staff), found(made, cast)
    rows = list(csv.DictReader(io.StringIO(client.get(f"{path_of(made, LARGE)}/download.csv").text)))
    book = load_workbook(io.BytesIO(client.get(f"{path_of(made, LARGE)}/download.xlsx").data))["Intervention"]
    assert book.max_row == len(rows) + 1
    by_part = Counter(row["Part"] for row in rows)
    assert shown.dose is not None
    shown_dose = [band.change for band in shown.dose.bands]
    dose = [row for row in rows if row["Part"] == "Sessions attended so far"]
    assert [float(row["Change"]) if row["Change"] != "withheld" else None for row in dose][:3] == shown_dose
    assert by_part["Weeks around the first session"] == len(shown.shape)
    assert by_part["Who stays and who stops"] == 4
    assert by_part["What is missing"] == 2
    pairs = [cell for groups in shown.pairs for cell in groups.cells if not cell.figures.is_withheld]
    in_rows = [row for row in rows if "·" in row["Group or weeks"] and row["Drawn toward the whole"] != "withheld"]
    assert len(in_rows) == len(pairs) > 0
    assert {row["Young people"] for row in in_rows} <= {"20 or more"}
    check_access(made, cast, sign_in)
    check_comparison(made, cast, sign_in)
    if not printing.why_not():
        check_print(made, cast, sign_in)


def check_access(made: MadeUp, cast: Cast, sign_in: SignIn) -> None:
    for file in FILES:
        path = f"{path_of(made, LARGE)}/{file}"
        seen = {name: sign_in(viewer).get(path).status_code for name, viewer in cast.everybody.items()}
        assert {name for name, status in seen.items() if status == 200} == {"council_staff"}
        assert set(seen.values()) == {200, 404}


def check_print(made: MadeUp, cast: Cast, sign_in: SignIn) -> None:
    content = sign_in(cast.council_staff).get(f"{path_of(made, LARGE)}/download.pdf").data
    words = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))
    for section in ("By sessions attended so far", "Who stays, and who stops", "What is missing", "an association"):
        assert section in words


def check_comparison(made: MadeUp, cast: Cast, sign_in: SignIn) -> None:
    client, response = sign_in(cast.council_staff), found(made, cast).response
    assert response is not None
    assert answered_in_short(response) in text_of(client.get("/what-helped").text)
    rows = list(csv.DictReader(io.StringIO(client.get("/what-helped/download.csv").text)))
    climbing = next(row for row in rows if row["Intervention"] == LARGE)
    assert float(climbing["Came after, of 100"]) == response.after


def test_missing_check_ins_in_words() -> None:
    fell = missing_of(Response(70, 52, 1.4, 3.0, by_log=True))
    assert fell.words == (
        "Of 100 prompts 70 were answered before the first session, 52 after it. Fewer answer afterwards: those who "
        "fell silent may have fared worse."
    )
    assert fell.overturn == (
        "Had the missing ones after the start been 1.4 points lower than we take them to be, the interval would "
        "include nought."
    )
    assert "as it is" in missing_of(Response(70, 65, 0.0, None, by_log=True)).overturn
    assert "However low or high" in missing_of(Response(70, 65, None, None, by_log=True)).overturn
    assert missing_of(None).short == ""


def test_a_withheld_band_of_sessions_says_so_and_draws_nothing() -> None:
    bands = (DoseBand(Span(1, 3), 0.4, 0.1, 0.7), DoseBand(Span(4, 7), None, None, None))
    drawn = dose_of(Dose(bands, None, Interval(0.6, 0.2, 1.0)), "better")
    assert [(line.name, line.change, line.mark is None) for line in drawn.lines] == [
        ("1 to 3 sessions", 0.4, False),
        ("4 to 7 sessions", None, True),
        ("Last line less the first", 0.6, False),
    ]
    assert drawn.words.startswith("After many sessions the change was 0.6 points more than after few")
