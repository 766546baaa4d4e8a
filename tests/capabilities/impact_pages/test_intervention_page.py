"""The page of one intervention and its files: every published figure, and nothing that is withheld."""

import io
import json
import re

import pytest
from flask import Flask
from openpyxl import load_workbook

from app.database import transaction
from app.impact.disclosure import Figures, State
from app.impact.evidence_words import MINUS
from app.impact.grade_rules import rules_of
from app.impact.published_values import Response
from app.impact.queries import published_intervention
from app.impact.response_words import ALL_CAME, ALREADY, TOO_FEW, TOO_LITTLE, UNKNOWN, in_short, response_words
from app.impact.services import refresh
from app.impact.values import WELLBEING
from app.web.printing import why_not
from tests.capabilities.impact_pages.council import MadeUp, Plan, make_council
from tests.capabilities.impact_pages.published import graded, publish_known_cells
from tests.capabilities.impact_pages.reading import csv_rows, path_of, text_of
from tests.conftest import SignIn
from tests.people import Cast

PRINTED = () if why_not() else ("/download.pdf", "/download.png")
ENDS = ("", "/explore", "/download.csv", "/download.xlsx", *PRINTED)


@pytest.fixture
def council(cast: Cast) -> Cast:
    publish_known_cells(cast)
    return cast


def page_of(council: Cast, sign_in: SignIn, name: str = "Climbing club", end: str = "") -> str:
    return sign_in(council.council_staff).get(path_of(name, end)).text


def test_the_sentence_comes_first_with_what_was_answered_and_that_it_is_an_association(
    council: Cast, sign_in: SignIn
) -> None:
    page = text_of(page_of(council, sign_in))
    said = (
        "Weekly wellbeing was 0.8 points higher than expected, likely between +0.5 and +1.1.",
        "Prompts answered: 81% before, 74% after the first session.",
        "This is an association, not proof",
        "The plain before-and-after difference is +1.6. It counts recovery that would have come anyway",
        "Why “good evidence”",
        "A draw by lot of who begins first: only that can show what the change is owed to.",
    )
    assert [page.index(words) for words in said] == sorted(page.index(words) for words in said)


def test_weeks_and_sessions_are_drawn_with_words_and_stand_in_tables(council: Cast, sign_in: SignIn) -> None:
    html = page_of(council, sign_in)
    page = text_of(html)
    assert "week of the first session plus 0.2, between minus 0.3 and plus 0.7" in html
    assert "while 8 or more had been attended plus 1.5, between plus 0.7 and plus 2.3" in html
    assert "Before the first session it was clearly lower than well before it" in page
    assert "After 8 or more sessions weekly wellbeing was 1.2 points higher than after the first 1 to 3" in page
    assert "this does not show that more sessions do more" in page
    assert "Week 1 withheld" in page
    assert "For each session, up to 12 +0.1 +0.1 to +0.2" in page
    assert "After the last session weekly wellbeing was 0.6 points lower than while sessions ran" in page
    assert "where nothing is drawn: withheld" in page
    assert "style=" not in html


def test_two_columns_at_once_are_folded_in_where_a_figure_is_shown(council: Cast, sign_in: SignIn) -> None:
    html = page_of(council, sign_in)
    assert "Female · Autism +0.7 +0.2 to +1.2" in text_of(html)
    assert "The others withheld" in text_of(html)
    assert 'href="/what-helped?by=sex&amp;and=need"' in html


def test_what_would_overturn_it_is_said_in_plain_words(council: Cast, sign_in: SignIn) -> None:
    assert (
        "The missing check-ins after the start would have to be 2.2 points lower than all the others lead us to expect "
        "for the interval to include zero, and 3.1 points for the direction to turn."
    ) in text_of(page_of(council, sign_in))


def test_who_stays_and_who_stops_is_counted_and_withheld_bands_look_alike(council: Cast, sign_in: SignIn) -> None:
    page = text_of(page_of(council, sign_in))
    assert "Still coming 30 Stopped after 1 to 3 sessions withheld Stopped after 4 to 7 sessions withheld" in page
    assert "Stopped after 8 or more sessions 15" in page


def test_without_a_log_the_page_says_so_and_names_no_share_answered(council: Cast, sign_in: SignIn) -> None:
    page = text_of(page_of(council, sign_in, "Holiday hub"))
    assert "check-ins came 112% as often as these young people usually made them. There is no log of prompts" in page
    assert "Prompts answered" not in page
    assert "A log of prompts sent and answered" in page
    assert "4 to 7 so far withheld" in page


@pytest.mark.parametrize("name", ["Overnight stay", "Swimming"])
def test_an_intervention_without_a_figure_shows_none(council: Cast, sign_in: SignIn, name: str) -> None:
    html = page_of(council, sign_in, name)
    assert "Why there is no figure" in html
    assert "<svg" not in html
    assert "What remains" not in html


def test_the_sheet_has_every_figure_of_the_page(council: Cast, sign_in: SignIn) -> None:
    rows = csv_rows(page_of(council, sign_in, end="/download.csv"))
    held = {(row["Part"], row["What, or whom"]): row for row in rows}

    def figure(part: str, what: str) -> tuple[str, str, str, str]:
        row = held[part, what]
        return row["Figure"], row["Low"], row["High"], row["Unit"]

    assert figure("Everyone", "") == ("0.8", "0.5", "1.1", "points")
    assert held["Everyone", ""]["Before and after"] == "1.6"
    assert figure("Cost", "Of a point gained") == ("370.0", "270.0", "590.0", "pounds")
    assert figure("Who answers", "Prompts answered after") == ("74.0", "", "", "of 100")
    assert figure("Who answers", "Missing lower by this: interval includes zero") == ("2.2", "", "", "points")
    assert figure("Sessions attended", "8 or more, less 1 to 3") == ("1.2", "0.4", "2.0", "points")
    assert figure("After the course", "After less during") == ("-0.6", "-1.0", "-0.2", "points")
    assert held["By sex and need", "Female · Autism"]["Drawn toward the whole"] == "0.7"
    assert held["By need", "Autism"]["Young people"] == "35"
    assert held["Who stays and who stops", "Still coming"]["Young people"] == "30"
    for name in (
        ("Weeks around the first session", "Week 1"),
        ("By sex and need", "Male · Autism"),
        ("Who stays and who stops", "Stopped after 4 to 7 sessions"),
    ):
        assert {value for heading, value in held[name].items() if heading not in {"Part", "What, or whom"}} == {
            "withheld"
        }


def test_sheet_and_workbook_agree_and_the_workbook_says_how_to_read_it(council: Cast, sign_in: SignIn) -> None:
    client = sign_in(council.council_staff)
    rows = csv_rows(client.get(path_of("Climbing club", "/download.csv")).text)
    book = load_workbook(io.BytesIO(client.get(path_of("Climbing club", "/download.xlsx")).data))
    in_book = list(book["Intervention"].iter_rows(min_row=2, values_only=True))
    assert [[str(value or "") for value in line[:2]] for line in in_book] == [
        [row["Part"], row["What, or whom"]] for row in rows
    ]
    notes = " ".join(str(row[0]) for row in book["How to read this"].iter_rows(values_only=True))
    for words in ("association", "81 were answered before", "2.2 points lower", "does not show that more sessions"):
        assert words in notes


def test_explore_carries_weeks_and_sessions_as_data(council: Cast, sign_in: SignIn) -> None:
    html = page_of(council, sign_in, end="/explore")
    found = re.findall(r'<script type="application/json" id="(\w+)-figure">(.*?)</script>', html, re.DOTALL)
    drawn = {name: json.loads(text) for name, text in found}
    assert list(drawn) == ["shape", "dose"]
    assert [trace["meta"] for trace in drawn["shape"]["data"]] == ["before", "better"]
    assert drawn["shape"]["data"][1]["x"] == ["Week of the first session", "Weeks 2 to 3", "Weeks 4 to 6", "Week 7 on"]
    assert drawn["dose"]["data"][0]["y"] == [0.3, 0.7, 1.5]
    assert drawn["dose"]["layout"]["yaxis"]["ticktext"][:2] == [f"{MINUS}0.5", "0"]


@pytest.mark.parametrize("end", ENDS)
def test_only_council_staff_of_the_same_council_see_it(app: Flask, council: Cast, sign_in: SignIn, end: str) -> None:
    path = path_of("Climbing club", end)
    seen = {name: sign_in(viewer).get(path).status_code for name, viewer in council.everybody.items()}
    assert {name for name, status in seen.items() if status == 200} == {"council_staff"}
    assert {status for name, status in seen.items() if name != "council_staff"} == {404}
    assert app.test_client().get(path).status_code == 303


SURE = graded(0.8, 0.5, 1.1, "good evidence")
LOGGED = Response(81.0, 74.0, 2.2, 3.1, by_log=True)


@pytest.mark.parametrize(
    ("response", "figures", "expected"),
    [
        (LOGGED, Figures(State.COUNT_ONLY, 10), TOO_FEW),
        (None, SURE, UNKNOWN),
        (Response(None, None, None, None, by_log=True), SURE, UNKNOWN),
        (Response(None, 74.0, 2.2, 3.1, by_log=True), SURE, "before it nobody was asked"),
        (Response(81.0, 60.0, 2.2, 3.1, by_log=True), SURE, "Many fewer came after the start than before"),
        (Response(100.0, 70.0, 2.2, 3.1), SURE, "Many fewer came after the start than before"),
    ],
)
def test_what_came_is_said_as_far_as_it_is_known(response: Response | None, figures: Figures, expected: str) -> None:
    assert expected in response_words(response, figures, WELLBEING).came


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ((None, None), ALL_CAME),
        ((0.0, None), ALREADY),
        ((0.0, 2.3), "The estimate itself would be zero if they were 2.3 points lower than expected."),
        ((30.0, 60.0), TOO_LITTLE),
        ((-2.2, -9.0), "would have to be 2.2 points higher than all the others lead us to expect"),
        ((2.2, 30.0), "for the interval to include zero."),
        ((0.4, 0.9), "That is a small shift, so the figure is not firm."),
    ],
)
def test_the_tipping_point_is_said_for_every_case(points: tuple[float | None, float | None], expected: str) -> None:
    assert expected in response_words(Response(81.0, 74.0, *points, by_log=True), SURE, WELLBEING).would


@pytest.mark.parametrize(
    ("figures", "verdicts"),
    [
        (SURE, ["yes"] * 5),
        (graded(0.8, 0.5, 1.1, "some evidence"), ["yes", "yes", "yes", "yes", "no"]),
        (graded(0.8, 0.5, 1.1, "early"), ["yes", "yes", "yes", "no", "not looked at"]),
        (graded(0.8, 0.5, 1.1, "we cannot tell"), ["yes", "yes", "no", "not looked at", "not looked at"]),
        (graded(0.1, -0.2, 0.4, "we cannot tell"), ["yes", "no", *["not looked at"] * 3]),
        (Figures(State.EARLY, 20, 90, change=0.5, low=0.1, high=0.9, grade="early"), ["no", "yes", "yes"]),
        (Figures(State.WITHHELD), []),
    ],
)
def test_the_rules_say_which_of_them_a_figure_keeps(figures: Figures, verdicts: list[str]) -> None:
    assert [rule.verdict for rule in rules_of(figures)][: len(verdicts)] == verdicts


LARGE, SMALL = "Climbing club", "Swimming"


@pytest.fixture
def made(cast: Cast) -> MadeUp:
    with transaction():
        made = make_council(cast.council_id, (Plan(LARGE, 150, effect=1.0), Plan(SMALL, 9)), people=170, weeks=13)
    with transaction():
        refresh(council_id=made.council_id)
    return made


def test_after_a_refresh_page_sheet_and_comparison_say_what_is_published(
    made: MadeUp, cast: Cast, sign_in: SignIn
) -> None:
    client, shown = sign_in(cast.council_staff), published_intervention(cast.council_staff, made.offers[LARGE].id)
    page, comparison = (text_of(client.get(path).text) for path in (path_of(LARGE), "/what-helped"))
    assert shown.dose is not None
    assert shown.response is not None
    for held in (page, comparison):
        assert in_short(shown.response) in held
    assert "Still coming 150 Stopped after 1 to 3 sessions withheld" in page
    rows = csv_rows(client.get(path_of(LARGE, "/download.csv")).text)
    dose = [row["Figure"] for row in rows if row["Part"] == "Sessions attended"][:3]
    assert dose == [str(band.change) if band.change is not None else "withheld" for band in shown.dose.bands]
    pairs = [cell for groups in shown.pairs for cell in groups.cells if not cell.figures.is_withheld]
    in_rows = [row for row in rows if "·" in row["What, or whom"] and row["Figure"] != "withheld"]
    assert len(in_rows) == len(pairs) > 0
    assert {row["Young people"] for row in in_rows} == {"20 or more"}
    compared = next(
        row for row in csv_rows(client.get("/what-helped/download.csv").text) if LARGE in row["Intervention"]
    )
    assert float(compared["Check-ins after, of the usual 100"]) == shown.response.after
    assert compared["Prompts answered after, of 100"] == "not given"


def test_after_a_refresh_a_small_offer_shows_nothing(made: MadeUp, cast: Cast, sign_in: SignIn) -> None:
    client, shown = sign_in(cast.council_staff), published_intervention(cast.council_staff, made.offers[SMALL].id)
    assert all(band.withheld and band.people is None for band in shown.stayed)
    assert (shown.dose, shown.response, shown.remains) == (None, None, None)
    assert not re.search(rf"[+{MINUS}]\d\.\d", text_of(client.get(path_of(SMALL)).text))
    rows = csv_rows(client.get(path_of(SMALL, "/download.csv")).text)
    cells = {value for row in rows if row["What, or whom"] != "Of a session" for value in list(row.values())[2:]}
    assert cells == {"withheld"}
