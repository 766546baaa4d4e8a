"""A program that shares nothing with the app but the published format reads its databases, and only what it should."""

import ast
import base64
import hashlib
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag
from flask import Flask
from sqlalchemy import select

from app.crypto.fields import SealedRow
from app.crypto.keyring import keyring_from
from app.crypto.models import DataKey
from app.crypto.sealed_columns import sealed_column
from app.database import db, transaction
from app.operations.key_rotation import rotate_data_keys
from app.young_people.models import Note, YoungPerson
from app.young_people.queries import young_person_for
from app.young_people.services import write_note
from tests.capabilities.crypto import independent_decryptor
from tests.capabilities.crypto.independent_decryptor import data_key, value
from tests.conftest import KEY
from tests.people import Cast

KEK = base64.b64decode(KEY)
KEKS = {hashlib.sha256(b"tidemark/v1/key-id" + KEK).hexdigest()[:12]: KEK}
REFUSED = (ValueError, InvalidTag)


def wrapped_keys(owner: UUID) -> dict[int, bytes]:
    with db.engines["keys"].connect() as connection:
        query = select(DataKey.version, DataKey.wrapped).where(DataKey.owner_id == owner)
        return {row.version: row.wrapped for row in connection.execute(query)}


def data_keys(owner: UUID) -> dict[int, bytes]:
    return {
        version: data_key(KEKS, wrapped, "young_person", owner.bytes, version)
        for version, wrapped in wrapped_keys(owner).items()
    }


def stored(table: type[SealedRow], column: str, row: UUID) -> bytes:
    sealed = db.session.execute(select(sealed_column(table, column)).where(table.id == row)).scalar_one()
    assert sealed is not None
    return sealed


@dataclass(frozen=True)
class Written:
    """A note about a young person as the database holds it, and where it is."""

    deks: Mapping[int, bytes]
    sealed: bytes
    row: UUID
    owner: UUID
    table: str = "notes"
    column: str = "words"

    def opened(self) -> bytes:
        place = {"table": self.table, "column": self.column}
        return value(self.deks, self.sealed, **place, row=self.row.bytes, owner=self.owner.bytes)


@pytest.fixture
def written(cast: Cast) -> Written:
    return note_of(cast, "went to the shop")


def note_of(cast: Cast, words: str) -> Written:
    with transaction():
        note = write_note(viewer=cast.mentor, access=young_person_for(cast.mentor, cast.amina), words=words)
        row = note.id
    return Written(data_keys(cast.amina), stored(Note, "words", row), row, cast.amina)


def test_the_decryptor_is_short_and_knows_nothing_of_the_app() -> None:
    source = Path(independent_decryptor.__file__).read_text()
    nodes = list(ast.walk(ast.parse(source)))
    imported = {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    imported |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    assert len(source.splitlines()) <= 40
    assert not {name for name in imported if name.split(".")[0] in {"app", "tests", ""}}


def test_it_reads_a_row_with_the_right_key(cast: Cast, written: Written) -> None:
    assert written.opened() == b"went to the shop"
    name = replace(written, sealed=stored(YoungPerson, "first_name", cast.amina), row=cast.amina)
    assert replace(name, table="young_people", column="first_name").opened() == b"Amina"


def test_it_refuses_the_ciphertext_of_another_row(cast: Cast, written: Written) -> None:
    other = note_of(cast, "stayed at home")
    assert other.opened() == b"stayed at home"
    with pytest.raises(REFUSED):
        replace(written, sealed=other.sealed).opened()


def test_it_refuses_the_ciphertext_of_another_column_or_table(cast: Cast) -> None:
    first = stored(YoungPerson, "first_name", cast.amina)
    place = Written(data_keys(cast.amina), first, cast.amina, cast.amina, table="young_people", column="last_name")
    with pytest.raises(REFUSED):
        place.opened()
    with pytest.raises(REFUSED):
        replace(place, table="profiles", column="first_name").opened()


def test_it_refuses_the_ciphertext_of_another_person(cast: Cast, written: Written) -> None:
    ben = cast.other_young_person.young_person_id
    assert ben is not None
    for moved in (replace(written, deks=data_keys(ben)), replace(written, owner=ben)):
        with pytest.raises(REFUSED):
            moved.opened()


def test_it_refuses_one_flipped_bit_in_any_byte(written: Written) -> None:
    for position in range(len(written.sealed)):
        for bit in range(8):
            broken = bytearray(written.sealed)
            broken[position] ^= 1 << bit
            with pytest.raises(REFUSED):
                replace(written, sealed=bytes(broken)).opened()


def test_it_refuses_one_flipped_bit_in_any_byte_of_a_wrapped_key(cast: Cast) -> None:
    (wrapped,) = wrapped_keys(cast.amina).values()
    for position in range(len(wrapped)):
        for bit in range(8):
            broken = bytearray(wrapped)
            broken[position] ^= 1 << bit
            with pytest.raises(REFUSED):
                data_key(KEKS, bytes(broken), "young_person", cast.amina.bytes, 1)


def test_a_retired_data_key_opens_what_it_sealed_no_longer(app: Flask, cast: Cast, written: Written) -> None:
    app.extensions["keyring"] = keyring_from(replace(app.extensions["settings"], keys_remembered=0.0))
    rotate_data_keys(bar=lambda _label, _length: nullcontext(lambda _count: None))
    now = replace(written, deks=data_keys(cast.amina))
    assert list(now.deks) == [2]
    with pytest.raises(REFUSED):
        now.opened()
    db.session.rollback()
    assert replace(now, sealed=stored(Note, "words", written.row)).opened() == b"went to the shop"


def test_a_key_encryption_key_that_is_not_there_opens_nothing(cast: Cast) -> None:
    (wrapped,) = wrapped_keys(cast.amina).values()
    with pytest.raises(REFUSED):
        data_key({}, wrapped, "young_person", cast.amina.bytes, 1)
    with pytest.raises(REFUSED):
        data_key(dict.fromkeys(KEKS, b"w" * 32), wrapped, "young_person", cast.amina.bytes, 1)
