"""PDF and PNG for a meeting: opened again with other libraries than those that made them."""

import io
import re
import typing

import pytest
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, StreamObject

from app.impact.evidence_words import MINUS
from app.web import printing
from tests.capabilities.impact_pages.published import CELLS, publish_known_cells
from tests.conftest import SignIn
from tests.people import Cast
from tests.printing import needs_printing

A4_LANDSCAPE = (842, 595)


pytestmark = [pytest.mark.begins_with.with_args(publish_known_cells), pytest.mark.any_database]


@pytest.fixture
def council(cast: Cast) -> Cast:
    """Return the cast, in whose council known cells are published."""
    return cast


def words_of(reader: PdfReader) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


def alternatives_of(reader: PdfReader) -> list[str]:
    """Return the text alternatives of a PDF's drawings, in reading order."""
    found = []

    def look(node: object) -> None:
        if isinstance(node, DictionaryObject):
            if "/Alt" in node:
                found.append(str(node["/Alt"]))
            kids = node.get("/K")
            for kid in kids if isinstance(kids, list) else [kids]:
                look(kid.get_object() if kid is not None else None)

    look(reader.root_object["/StructTreeRoot"])
    return found


@needs_printing
def test_the_pdf_says_what_the_page_says(council: Cast, sign_in: SignIn) -> None:
    response = sign_in(council.council_staff).get("/what-helped/download.pdf")
    assert response.headers["Content-Disposition"] == 'attachment; filename="what-helped.pdf"'
    reader = PdfReader(io.BytesIO(response.data))
    words = words_of(reader)
    for expected in (
        "Derwent",
        "20 November 2026",
        "What helped, and how sure we are",
        "Climbing club and Mentoring were followed by better wellbeing",
        "+0.8 +0.5 to +1.1",
        f"{MINUS}0.4 {MINUS}0.8 to {MINUS}0.1",
        "Fewer than 10 young people: withheld to protect them.",
        "This is an association, not proof",
        "How it was counted",
        "Counted: 4,480 check-ins",
    ):
        assert expected in words, expected
    assert [tuple(map(round, page.mediabox[2:])) for page in reader.pages] == [A4_LANDSCAPE]


@needs_printing
def test_the_pdf_is_tagged_and_its_drawings_have_words(council: Cast, sign_in: SignIn) -> None:
    reader = PdfReader(io.BytesIO(sign_in(council.council_staff).get("/what-helped/download.pdf").data))
    assert "/Marked" in typing.cast("DictionaryObject", reader.root_object["/MarkInfo"])
    assert str(reader.root_object["/Lang"]) == "en-GB"
    assert reader.metadata is not None
    assert reader.metadata.title == "What helped, and how sure we are"
    assert b"pdfuaid" in typing.cast("StreamObject", reader.root_object["/Metadata"]).get_data()
    assert alternatives_of(reader)[:2] == [
        f"Scale from {MINUS}1 to +2",
        "plus 0.8, between plus 0.5 and plus 1.1; plain before and after plus 1.6",
    ]
    drawn = sum(key[0] == "everyone" and figures.high is not None for key, figures in CELLS.items())
    assert len(alternatives_of(reader)) == 1 + drawn


@needs_printing
def test_groups_print_under_their_intervention(council: Cast, sign_in: SignIn) -> None:
    response = sign_in(council.council_staff).get("/what-helped/download.pdf?by=need")
    words = words_of(PdfReader(io.BytesIO(response.data)))
    assert response.headers["Content-Disposition"] == 'attachment; filename="what-helped-by-need.pdf"'
    assert "Autism" in words
    assert "Another, or not recorded: withheld to protect people in small groups" in words


@needs_printing
def test_the_picture_is_large_enough_for_a_wall_and_is_drawn_in_our_colours(council: Cast, sign_in: SignIn) -> None:
    response = sign_in(council.council_staff).get("/what-helped/download.png")
    assert response.headers["Content-Type"] == "image/png"
    picture = Image.open(io.BytesIO(response.data))
    assert (picture.format, picture.size) == ("PNG", (2105, 1489))
    colours = {colour for _, colour in picture.getcolors(1_000_000) or []}
    assert {(0x1F, 0x5F, 0x7A), (0x9A, 0x44, 0x23)} <= colours


@needs_printing
def test_a_printed_page_fetches_nothing() -> None:
    html = '<!doctype html><html lang="en-GB"><title>x</title><img src="https://tidemark.example/a.png" alt="x"><p>x'
    printed = printing.as_pdf(html, style="@import url(https://tidemark.example/a.css)", figure_style="")
    assert words_of(PdfReader(io.BytesIO(printed))).strip()


def test_what_is_missing_is_said_in_a_sentence() -> None:
    assert printing.missing_in(("no_such_module",), {}) == printing.NO_EXTRA
    assert printing.missing_in((), {"libpango-1.0-0": ("no-such-library.so",)}) == (
        "PDF and PNG need libpango-1.0-0, which is not installed here: on Debian, apt-get install libpango-1.0-0."
    )


def test_where_pdfs_cannot_be_made_the_page_and_the_address_say_so(
    council: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "EXTRA", ("no_such_module",))
    printing.why_not.cache_clear()
    client = sign_in(council.council_staff)
    page, answer = client.get("/what-helped"), client.get("/what-helped/download.pdf")
    monkeypatch.undo()
    printing.why_not.cache_clear()
    assert "make install-extras" in page.text
    assert "download.pdf" not in page.text
    assert "download.xlsx" in page.text
    assert answer.status_code == 503
    assert "make install-extras" in answer.text
