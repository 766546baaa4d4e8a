"""The catalogues of other languages are whole, in step with the source, and say of themselves what is true."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from app.web.languages import CATALOGUE, ENGLISH, languages
from tests.house_rules.young_words import TRANSLATIONS, extracted, forms_of

OTHERS = sorted(set(languages()) - {ENGLISH})
GAP = re.compile(r"%\((\w+)\)s")
TAG = re.compile(r"<[^>]*>")


def catalogue(path: Path, code: str | None = None) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=code)


def messages(found: Catalog) -> set[tuple[str, ...]]:
    return {forms_of(message.id) for message in found if message.id}


def po_of(code: str) -> Path:
    return (TRANSLATIONS / code / CATALOGUE).with_suffix(".po")


def test_there_are_welsh_polish_and_a_language_from_right_to_left() -> None:
    assert OTHERS == ["cy", "pl", "ur"]
    assert [languages()[code].direction for code in OTHERS] == ["ltr", "ltr", "rtl"]
    assert [languages()[code].name for code in OTHERS] == ["Cymraeg", "Polski", "اردو"]


def test_the_template_is_in_step_with_the_source() -> None:
    """Where this fails: `make translations`, then translate what is new."""
    assert messages(catalogue(TRANSLATIONS / "messages.pot")) == messages(extracted())


@pytest.mark.parametrize("code", OTHERS)
def test_every_message_is_translated_with_what_is_filled_in(code: str) -> None:
    found = catalogue(po_of(code), code)
    assert messages(found) == messages(extracted())
    assert not found.obsolete
    wrong = []
    for message in found:
        if not message.id:
            continue
        asked, said = forms_of(message.id), forms_of(message.string)
        if message.fuzzy or not all(said):
            wrong.append(f"without words: {asked[0]}")
        for text in said:
            if not (
                set(GAP.findall(text)) == set(GAP.findall(asked[-1])) or (len(asked) > 1 and "%(num)s" not in text)
            ):
                wrong.append(f"fills in something else: {text}")
            if sorted(TAG.findall(text)) != sorted(TAG.findall(asked[-1])):
                wrong.append(f"other tags: {text}")
    assert wrong == []


@pytest.mark.parametrize("code", OTHERS)
def test_the_compiled_catalogue_is_that_of_its_source(code: str) -> None:
    """Where this fails: `make translations`."""
    compiled = BytesIO()
    write_mo(compiled, catalogue(po_of(code), code))
    assert (TRANSLATIONS / code / CATALOGUE).read_bytes() == compiled.getvalue()


@pytest.mark.parametrize("code", OTHERS)
def test_a_catalogue_that_no_native_speaker_has_read_says_so(code: str) -> None:
    """Whoever has one read changes its first lines, docs/languages.md and README, and this test."""
    assert "NOT YET CHECKED BY A NATIVE SPEAKER" in catalogue(po_of(code), code).header_comment
    for paper in ("docs/languages.md", "README.md"):
        assert "not yet checked by native speakers" in (TRANSLATIONS.parents[1] / paper).read_text()
