"""What a budget would buy: told from published figures alone, and a number of points only where it is sure."""

import csv
import io
from collections.abc import Iterable
from uuid import UUID

import pytest
from flask import Flask
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select

from app.breaks.models import Offer
from app.breaks.services import change_offer
from app.breaks.values import OfferDetails
from app.database import db, transaction
from app.impact.budget_form import parse_budget
from app.impact.disclosure import Figures, State
from app.impact.money import bought_with, money_of
from tests.capabilities.impact_pages.published import graded, publish_known_cells
from tests.capabilities.impact_pages.test_pages import text_of
from tests.capabilities.impact_pages.test_prints import words_of
from tests.conftest import SignIn
from tests.people import Cast
from tests.printing import needs_printing

PAGE = "/what-helped/budget"
FILES = ("csv", "xlsx", "pdf", "png")


pytestmark = [pytest.mark.begins_with.with_args(publish_known_cells), pytest.mark.any_database]


@pytest.fixture
def council(cast: Cast) -> Cast:
    """Return the cast, in whose council known cells are published."""
    return cast


def id_of(name: str) -> UUID:
    found: UUID = db.session.execute(select(Offer.id).where(Offer.name == name)).scalar_one()
    return found


def ask(pounds: str, names: Iterable[str]) -> str:
    return "&".join([f"?pounds={pounds}", *(f"on={id_of(name)}" for name in names)])


def test_a_budget_on_one_says_places_people_and_points(council: Cast, sign_in: SignIn) -> None:
    page = text_of(sign_in(council.council_staff).get(PAGE + ask("20,000", ["Climbing club"])).text)
    assert (
        "£20,000 would buy 526 places at Climbing club, enough for about 67 young people. If all goes as it did "
        "before, they gain 54 points (likely 34 to 74) between them."
    ) in page
    assert "This is an association, not proof" in page


@pytest.mark.parametrize(
    ("name", "warning"),
    [
        ("Holiday hub", "It is not sure whether wellbeing rises or falls, so no number of points is given."),
        ("Gaming group", "Wellbeing was lower than expected afterwards: look closer before more is spent."),
        ("Days out", "Too few young people have come for a number to plan with."),
        ("Swimming", "Too few young people have come for a number to plan with."),
        ("Overnight stay", "Withheld to protect people in small groups, so nothing can be said of money."),
    ],
)
def test_where_the_sign_is_not_sure_a_warning_stands_for_the_number(
    council: Cast, sign_in: SignIn, name: str, warning: str
) -> None:
    client = sign_in(council.council_staff)
    assert warning in text_of(client.get(PAGE + ask("5000", [name])).text)
    row = next(csv.DictReader(io.StringIO(client.get(f"{PAGE}/download.csv{ask('5000', [name])}").text)))
    assert [row[column] for column in ("Points gained", "Low", "High")] == ["not given"] * 3
    assert row["Warning"] == warning


def test_several_share_equally_and_are_added_up_only_where_all_are_sure(council: Cast, sign_in: SignIn) -> None:
    client = sign_in(council.council_staff)
    both = text_of(client.get(PAGE + ask("20000", ["Climbing club", "Mentoring"])).text)
    assert "£20,000, shared equally between Climbing club and Mentoring, would reach about 67 young people." in both
    assert "they gain 46 points (likely 23 to 70) between them." in both
    mixed = text_of(client.get(PAGE + ask("20000", ["Climbing club", "Holiday hub"])).text)
    assert "For Holiday hub there is no number of points to count on." in mixed
    assert "Given only where every one of them has a number." in mixed


@pytest.mark.parametrize("pounds", ["", "0", "-5", "lots", "1e9", "999999999999", "12,34"])
def test_what_is_no_amount_is_asked_again(council: Cast, sign_in: SignIn, pounds: str) -> None:
    client, question = sign_in(council.council_staff), ask(pounds, ["Climbing club"])
    answer = client.get(PAGE + question)
    assert answer.status_code == 422
    assert "Type the budget in pounds, such as 20,000." in answer.text
    assert {client.get(f"{PAGE}/download.{kind}{question}").status_code for kind in FILES} == {404}


def test_nothing_chosen_is_asked_again_and_an_unknown_offer_is_refused(council: Cast, sign_in: SignIn) -> None:
    client = sign_in(council.council_staff)
    assert "Choose at least one." in client.get(f"{PAGE}?pounds=100").text
    strange = f"{PAGE}?pounds=100&on={UUID(int=5)}"
    assert client.get(strange).status_code == 422
    assert client.get(strange.replace("budget?", "budget/download.csv?")).status_code == 404


def test_another_councils_offer_is_no_choice(council: Cast, sign_in: SignIn) -> None:
    theirs = sign_in(council.other_council_staff)
    assert "Nothing published yet" in theirs.get(PAGE).text
    answer = theirs.get(PAGE + ask("100", ["Climbing club"]))
    assert answer.status_code == 422
    assert "Climbing club" not in answer.text


def test_only_council_staff_ask(app: Flask, council: Cast, sign_in: SignIn) -> None:
    question = ask("100", ["Climbing club"])
    for name, viewer in council.everybody.items():
        if name in {"council_staff", "other_council_staff"}:
            continue
        client = sign_in(viewer)
        paths = [PAGE, *(f"{PAGE}/download.{kind}" for kind in FILES)]
        assert {client.get(path + question).status_code for path in paths} == {404}
    assert app.test_client().get(PAGE).status_code == 303


def test_the_workbook_holds_numbers_and_no_formula(council: Cast, sign_in: SignIn) -> None:
    with transaction():
        offer = db.session.get_one(Offer, id_of("Climbing club"))
        change_offer(offer=offer, details=OfferDetails("=1+1", cost_per_place=3800), actor=council.council_staff)
    response = sign_in(council.council_staff).get(f"{PAGE}/download.xlsx{ask('20000', ['=1+1', 'Mentoring'])}")
    book = load_workbook(io.BytesIO(response.data))
    rows = list(book["Budget"].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == ["'=1+1", "Mentoring", "All together"]
    assert rows[0][1:7] == (10000, 263, 33, 26, 16, 36)
    assert all(cell.data_type != "f" for sheet in book for line in sheet.iter_rows() for cell in line)


@needs_printing
def test_the_answer_prints_on_one_page(council: Cast, sign_in: SignIn) -> None:
    question = ask("20000", ["Climbing club", "Holiday hub"])
    reader = PdfReader(io.BytesIO(sign_in(council.council_staff).get(f"{PAGE}/download.pdf{question}").data))
    words = words_of(reader)
    assert len(reader.pages) == 1
    for expected in ("What £20,000 would buy", "26 points (likely 16 to 36)", "It is not sure", "20 November 2026"):
        assert expected in words


def test_money_is_told_from_the_middle_of_what_a_count_may_be() -> None:
    money = money_of(graded(0.8, 0.5, 1.1, "good evidence", people=65), 3800)
    assert (money.per_session, money.per_person, money.per_point) == (38.0, 300.0, 370.0)
    assert (money.per_point_low, money.per_point_high) == (270.0, 590.0)
    assert money.warning == ""


def test_without_a_cost_or_a_count_nothing_is_bought() -> None:
    figures = graded(0.8, 0.5, 1.1, "good evidence")
    assert bought_with(100, figures, None) is None
    assert bought_with(100, Figures(State.GRADED, 40, None, change=0.8, low=0.5, high=1.1), 3800) is None
    assert (
        money_of(figures, None).warning
        == "Its cost per place is not in the directory, so nothing can be said of money."
    )


@pytest.mark.parametrize(
    ("text", "pounds"), [("£20,000", 20000), (" 1234 ", 1234), ("1,234,567.89", 1234567), ("7", 7)]
)
def test_an_amount_is_read_as_people_type_it(text: str, pounds: int) -> None:
    assert parse_budget(text) == pounds
