"""The one-page profile as a PDF: one tagged page, opened again with another library than the one that made it."""

import io
import typing

import pytest
from flask import Flask
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, StreamObject
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.database import db, transaction
from app.profiles import services
from app.profiles.models import ProfileOpening
from app.profiles.values import LONGEST_SECTION, MOST_LINES, SECTION_KEYS
from app.web import printing
from app.young_people.queries import own_access
from app.young_people.values import Audience
from tests.capabilities.impact_pages.test_prints import words_of
from tests.capabilities.profiles.test_links import NEW, PATH, link
from tests.capabilities.profiles.test_profiles import SECTIONS, save, share
from tests.conftest import SignIn
from tests.people import Cast
from tests.printing import needs_printing

pytestmark = pytest.mark.any_database

A4 = (595, 842)


@needs_printing
def test_it_is_one_tagged_page_of_a4_with_all_the_words(cast: Cast, sign_in: SignIn) -> None:
    save(cast.young_person)
    response = sign_in(cast.young_person).get("/profile/one-page.pdf")
    assert response.headers["Content-Disposition"] == 'attachment; filename="one-page.pdf"'
    assert response.headers["Cache-Control"] == "no-store"
    reader = PdfReader(io.BytesIO(response.data))
    assert [tuple(map(round, page.mediabox[2:])) for page in reader.pages] == [A4]
    words = words_of(reader)
    for expected in (*SECTIONS.values(), "Amina", "What to do when things are hard", "Said and typed by Amina"):
        assert expected in words
    assert "/Marked" in typing.cast("DictionaryObject", reader.root_object["/MarkInfo"])
    assert str(reader.root_object["/Lang"]) == "en-GB"
    assert b"pdfuaid" in typing.cast("StreamObject", reader.root_object["/Metadata"]).get_data()


@needs_printing
@pytest.mark.parametrize("letter", ["W", "word "])
def test_the_longest_profile_still_fits_on_it(cast: Cast, sign_in: SignIn, letter: str) -> None:
    line = letter * (LONGEST_SECTION // MOST_LINES // len(letter) - 1)
    words = "\n".join([line] * MOST_LINES)
    with transaction():
        services.save_profile(
            viewer=cast.young_person,
            access=own_access(cast.young_person),
            sections=dict.fromkeys(SECTION_KEYS, words),
            said_by="Amina",
        )
    reader = PdfReader(io.BytesIO(sign_in(cast.young_person).get("/profile/one-page.pdf").data))
    assert len(reader.pages) == 1
    assert words_of(reader).count(letter.strip()) >= 5 * MOST_LINES


@needs_printing
def test_what_is_too_much_for_a_page_is_refused() -> None:
    with pytest.raises(printing.DoesNotFitError):
        printing.as_one_page("<p>word</p>" * 900, style="", sizes=(9.0, 8.0))


@needs_printing
def test_an_adult_takes_it_only_where_it_is_shown_to_them_and_that_is_noted(cast: Cast, sign_in: SignIn) -> None:
    save(cast.young_person)
    path = f"/young-people/{cast.amina}/profile/one-page.pdf"
    assert "I am funny" in words_of(PdfReader(io.BytesIO(sign_in(cast.parent_carer).get(path).data)))
    share(cast, Audience.MENTOR)
    assert sign_in(cast.parent_carer).get(path).status_code == 404
    assert sign_in(cast.unrelated_mentor).get(path).status_code == 404
    db.session.rollback()
    looks = select(AuditEntry.actor_id).where(AuditEntry.action == "profile:seen")
    assert set(db.session.execute(looks).scalars()) == {cast.parent_carer.account_id}


@needs_printing
def test_a_link_gives_a_copy_with_its_own_parts_and_the_young_person_is_told(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    save(cast.young_person)
    response = app.test_client().post(PATH, data={"code": link(cast), "as": "pdf"})
    words = words_of(PdfReader(io.BytesIO(response.data)))
    assert SECTIONS["support"] in words
    assert SECTIONS["admire"] not in words
    assert f"{NEW.for_whom} took a copy today" in sign_in(cast.young_person).get("/profile").text


def test_where_no_pdf_can_be_made_nobody_is_told_of_a_copy(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(cast.young_person)
    code = link(cast)
    monkeypatch.setattr(printing, "EXTRA", ("no_such_module",))
    printing.why_not.cache_clear()
    shown = app.test_client().post(PATH, data={"code": code})
    answer = app.test_client().post(PATH, data={"code": code, "as": "pdf"})
    monkeypatch.undo()
    printing.why_not.cache_clear()
    assert "Keep as PDF" not in shown.text
    assert (answer.status_code, "make install-extras" in answer.text) == (503, True)
    db.session.rollback()
    assert [one.is_copy for one in db.session.execute(select(ProfileOpening)).scalars()] == [False]
