import base64
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from app.audit import services as audit
from app.checkins.models import CheckIn
from app.crypto.data_keys import add_versions, begin_rotation
from app.crypto.envelope import WrongKeyError
from app.crypto.fields import SCORE, UNREADABLE
from app.crypto.keyring import OwnerKind, current_keyring, keyring_from
from app.crypto.sealed_columns import SealedValues, open_many, seal_many, sealed_column
from app.database import db, transaction
from app.young_people.models import Note, YoungPerson
from app.young_people.queries import young_person_for
from app.young_people.services import add_young_person, write_note
from app.young_people.values import PersonDetails
from tests.conftest import SignIn
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.people import Cast

PLANTED: Any = {
    "first_name": "Zanthorpe",
    "last_name": "Quillfeather",
    "sex": "intersexplanted",
    "ethnicity": "Planted heritage",
    "primary_need": "PLANTEDNEED",
    "locality": "Plantedshire",
    "entry_route": "plantedroute",
    "contact": "07700 900123",
}


CHECK_IN = uuid4()


def plant(cast: Cast) -> YoungPerson:
    planted = PersonDetails(
        reference="PLANTED-UPN-9", diagnoses=("planted-diagnosis",), presenting_needs=("plantedanxiety",), **PLANTED
    )
    with transaction():
        return add_young_person(council_id=cast.council_id, details=planted, actor=None)


def test_sealed_fields_come_back_as_they_were(cast: Cast) -> None:
    person_id = plant(cast).id
    db.session.expire_all()
    person = db.session.get_one(YoungPerson, person_id)
    assert {name: getattr(person, name) for name in PLANTED} == PLANTED
    assert (person.diagnoses, person.presenting_needs) == (["planted-diagnosis"], ["plantedanxiety"])
    assert (person.date_of_birth, person.pronouns) == (None, "")


def test_ciphertext_moved_to_another_row_shows_as_unreadable(
    app: Flask, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    assert app
    column = sealed_column(YoungPerson, "first_name")
    with transaction():
        others = select(column).where(YoungPerson.id == cast.other_young_person.young_person_id).scalar_subquery()
        moved = update(YoungPerson).where(YoungPerson.id == cast.amina).values({column: others})
        db.session.execute(moved)
    db.session.expire_all()
    assert db.session.get_one(YoungPerson, cast.amina).first_name == UNREADABLE
    assert "table=young_people column=first_name" in caplog.text
    assert "Ben" not in caplog.text


def test_one_unreadable_field_does_not_break_the_page(cast: Cast, sign_in: SignIn) -> None:
    with transaction():
        person = db.session.get_one(YoungPerson, cast.amina)
        person.sealed_first_name = b"\1\1" + bytes(200)  # type: ignore[attr-defined]
        audit.record(council_id=cast.council_id, actor_id=None, action="test:broke_a_field")
    assert sign_in(cast.young_person).get("/home").status_code == 200
    assert sign_in(cast.mentor).get("/caseload").status_code == 200


def test_a_forgotten_person_cannot_be_read(cast: Cast) -> None:
    person_id = plant(cast).id
    current_keyring().destroy((OwnerKind.YOUNG_PERSON, person_id))
    db.session.expire_all()
    person = db.session.get_one(YoungPerson, person_id)
    assert (person.first_name, person.diagnoses, person.date_of_birth) == (UNREADABLE, [], None)


def test_another_key_encryption_key_opens_nothing(app: Flask, cast: Cast) -> None:
    wrong = replace(app.extensions["settings"], key_value=base64.b64encode(b"w" * 32).decode())
    app.extensions["keyring"] = keyring_from(wrong)
    with pytest.raises(WrongKeyError):
        assert db.session.get_one(YoungPerson, cast.amina).first_name


def test_a_column_of_many_rows_says_which_values_do_not_open(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    """Values of an older key version open too; one that is empty, moved or of somebody forgotten stops no other."""
    ben, rows = cast.other_young_person.young_person_id, [uuid4() for _ in range(4)]
    assert ben is not None
    people, kind = [cast.amina, cast.amina, cast.amina, ben], OwnerKind.YOUNG_PERSON
    words = ["first", "second", "third", "Ben’s own"]
    sealed: list[bytes | None] = list(seal_many(Note, "words", kind, zip(rows, people, words, strict=True)))
    add_versions(begin_rotation())
    newer = list(seal_many(Note, "words", kind, [(rows[1], cast.amina, "second again")]))
    column = [sealed[0], newer[0], None, sealed[3]]
    assert open_many(Note, "words", kind, SealedValues(rows, people, column)) == [
        "first",
        "second again",
        "",
        "Ben’s own",
    ]
    current_keyring().destroy((kind, ben))
    column[2] = sealed[0]
    as_text = [row.hex for row in rows]
    found = open_many(Note, "words", kind, SealedValues(as_text, people, column))
    assert found == ["first", "second again", UNREADABLE, UNREADABLE]
    assert [str(row) in caplog.text for row in rows] == [False, False, True, True]


def test_a_column_opens_as_its_values_do_one_by_one(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    """Of all lengths, of two people, some empty, two damaged, some sealed under an older key, in parts of 64."""
    ben, random = cast.other_young_person.young_person_id, Random(5)  # noqa: S311 (no secret)
    assert ben is not None
    rows = [uuid4() for _ in range(400)]
    people = [cast.amina if random.random() < 0.8 else ben for _ in rows]
    words = ["é" * random.randrange(90) + "\0" * random.randrange(3) for _ in rows]
    kind, given = OwnerKind.YOUNG_PERSON, zip(rows, people, words, strict=True)
    older = list(seal_many(Note, "words", kind, given))
    add_versions(begin_rotation())
    newer = list(seal_many(Note, "words", kind, zip(rows, people, words, strict=True)))
    column: list[bytes | None] = [random.choice([old, new, new, None]) for old, new in zip(older, newer, strict=True)]
    column[3], column[399] = bytes([newer[3][0]]) + newer[3][1:-1] + bytes([newer[3][-1] ^ 1]), newer[398]
    notes = [Note(id=row, young_person_id=person) for row, person in zip(rows, people, strict=True)]
    for note, sealed in zip(notes, column, strict=True):
        note.sealed_words = sealed  # type: ignore[attr-defined]
    one_by_one = [note.words for note in notes]
    assert one_by_one.count(UNREADABLE) == 2
    caplog.clear()
    assert open_many(Note, "words", kind, SealedValues(rows, people, column)) == one_by_one
    assert [str(row) in caplog.text for row in (rows[3], rows[399], rows[4])] == [True, True, False]


def test_whoever_has_no_key_in_the_middle_of_a_column_takes_nobody_else_s_values_along(cast: Cast) -> None:
    ben, kind = cast.other_young_person.young_person_id, OwnerKind.YOUNG_PERSON
    assert ben is not None
    rows, people = [uuid4() for _ in range(60)], [cast.amina] * 20 + [ben] * 20 + [cast.amina] * 20
    words = [f"{number}" for number in range(60)]
    column = list(seal_many(Note, "words", kind, zip(rows, people, words, strict=True)))
    current_keyring().destroy((kind, ben))
    found = open_many(Note, "words", kind, SealedValues([row.hex for row in rows], people, column))
    assert found == words[:20] + [UNREADABLE] * 20 + words[40:]
    assert open_many(Note, "words", kind, SealedValues(rows, people, [None] * 60)) == [""] * 60
    assert open_many(Note, "words", kind, SealedValues([], [], [])) == []


def test_what_no_array_takes_opens_one_by_one(cast: Cast) -> None:
    """Words too long for one, ids that are written in another way, and no value first or everywhere but once."""
    kind, random = OwnerKind.YOUNG_PERSON, Random(6)  # noqa: S311 (no secret)
    rows, people = [uuid4() for _ in range(70)], [cast.amina] * 70
    words = ["x" * random.choice((40, 41, 200, 30_000)) for _ in rows]
    column: list[bytes | None] = list(seal_many(Note, "words", kind, zip(rows, people, words, strict=True)))
    as_urns = [f"urn:uuid:{row}" for row in rows]
    assert open_many(Note, "words", kind, SealedValues(as_urns, people, column)) == words
    for kept in ({*range(0, 70, 2)}, {*range(1, 70, 2)}, {69}):
        with_gaps = [one if place in kept else None for place, one in enumerate(column)]
        found = open_many(Note, "words", kind, SealedValues(rows, people, with_gaps))
        assert found == [one if place in kept else "" for place, one in enumerate(words)]
    with pytest.raises(ValueError, match="Every value"):
        open_many(Note, "words", kind, SealedValues(rows[:69], people, column))


def test_a_value_is_sealed_under_its_own_person_s_key_only(cast: Cast) -> None:
    with transaction():
        access = young_person_for(cast.mentor, cast.amina)
        note_id = write_note(viewer=cast.mentor, access=access, words="visited at home").id
    current_keyring().destroy((OwnerKind.YOUNG_PERSON, cast.other_young_person.young_person_id))  # type: ignore[arg-type]
    db.session.expire_all()
    assert db.session.get_one(Note, note_id).words == "visited at home"


def test_the_database_files_hold_no_planted_word(app: Flask, cast: Cast, databases: object, sign_in: SignIn) -> None:
    """Read the raw bytes of both databases, write-ahead logs included; on PostgreSQL, every cell of every table."""
    plant(cast)
    client = sign_in(cast.young_person)
    posted = (
        ("/posts/new", {"words": "plantedpost about the driftwood", "audience": "mentor"}),
        ("/goals/new", {"title": "plantedgoal to swim", "rating": "7", "audience": "mentor"}),
        ("/profile/edit", {"admire": "plantedprofile", "said_by": "plantedsayer"}),
        ("/check-ins", {"id": str(CHECK_IN), "measure": "faces", "answer": "4"}),
        (
            f"/check-ins/{CHECK_IN}",
            {"words": "plantedcheckin", "answer": "4", "feelings": "proud", "audience": "mentor"},
        ),
    )
    for path, data in posted:
        assert client.post(path, data=data).status_code == 303, path
    words = [
        *PLANTED.values(),
        "planted",
        "driftwood",
        "Amina",
        "Jo Mentor",
        "jo@derwent.example",
        "PLANTED-UPN-9",
    ]
    held = all_bytes(app, databases)
    assert b"faces" in held
    for word in words:
        for form in (word, word.lower(), word.upper()):
            assert form.encode() not in held, word
            assert form.encode("utf-16-le") not in held, word
    answer = db.session.execute(select(sealed_column(CheckIn, "answer")).where(CheckIn.id == CHECK_IN)).scalar_one()
    assert answer is not None
    assert answer in held or isinstance(databases, PostgresDatabases)
    assert SCORE.pack(4.0) not in answer


def all_bytes(app: Flask, databases: object) -> bytes:
    if isinstance(databases, SqliteDatabases):
        settings = app.extensions["settings"]
        held = b""
        for url in (settings.database_url, settings.keys_database_url):
            path = Path(url.removeprefix("sqlite:///"))
            files = [file for file in path.parent.iterdir() if file.name.startswith(path.name)]
            assert any(file.name.endswith("-wal") for file in files)
            held += b"".join(file.read_bytes() for file in files)
        return held
    rows = []
    for engine in db.engines.values():
        with engine.connect() as connection:
            for (table,) in connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")):
                rows += [repr(tuple(row)) for row in connection.execute(text(f'SELECT * FROM "{table}"'))]  # noqa: S608
    return "\n".join(rows).encode()
