"""A copy of one's own data: complete over all tables, without secrets and without other people, kept nowhere."""

import io
import json
import stat
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from app import clock
from app.accounts.models import SignedInSession
from app.accounts.values import Viewer
from app.audit.models import AuditEntry
from app.checkins.carer_services import record_carer_check_in
from app.crypto.fields import SealedRow
from app.crypto.resealing import sealed_fields
from app.database import Base, db, transaction
from app.feed.services import write_post, write_reply
from app.records.copied import COPIED, NOBODYS, SAME_EVERYWHERE, WHOLE_TABLES_LEFT_OUT
from app.records.copy_queries import OWNED_BY
from app.records.third_parties import CONTACT, SOMEBODY_ELSE, without_others
from app.young_people.queries import own_access, young_person_for
from app.young_people.services import write_note
from app.young_people.values import Audience
from tests.capabilities.records.whole_life import SCORE, WORD, classes, plant_everything
from tests.conftest import SignIn
from tests.people import Cast

WRITTEN_BY_OTHERS = {
    "let_in_by",
    "added_by",
    "acknowledged_by",
    "answered_by",
    "changed_by",
    "checked_in_with",
    "decided_by",
    "invited_by",
    "made_by",
    "proposed_by",
    "raised_by",
    "rated_by",
    "recorded_by",
    "reviewed_by",
    "suggested_by",
    "typed_by",
}
"""Columns that name who did something about a young person: no parent carer's own row by themselves."""


def test_every_table_and_every_column_has_a_decision(app: Flask) -> None:
    assert app
    tables = Base.metadata.tables
    decided = [set(COPIED), set(WHOLE_TABLES_LEFT_OUT), set(NOBODYS)]
    assert set().union(*decided) == set(tables)
    assert sum(map(len, decided)) == len(tables)
    for name, copied in COPIED.items():
        found = set(tables[name].columns.keys()) - SAME_EVERYWHERE
        assert set(copied.columns) | set(copied.left_out) == found, name
        assert not set(copied.columns) & set(copied.left_out), name


def test_every_column_that_names_an_account_says_who_or_whose(app: Flask) -> None:
    assert app
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if any(key.column.table.name == "accounts" for key in column.foreign_keys):
                assert column.name in (*OWNED_BY, *WRITTEN_BY_OTHERS), f"{table.name}.{column.name}"
                shown = COPIED.get(table.name)
                assert shown is None or column.name in shown.who or table.name == "young_people", table.name


def unzipped(contents: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(contents))


def copy_for(sign_in: SignIn, viewer: Viewer) -> zipfile.ZipFile:
    response = sign_in(viewer).post("/my-copy")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Type"] == "application/zip"
    assert response.headers["Content-Disposition"] == f'attachment; filename="tidemark-{clock.today()}.zip"'
    return unzipped(response.data)


def data_in(whole: zipfile.ZipFile) -> dict[str, Any]:
    assert whole.testzip() is None
    found: dict[str, Any] = json.loads(whole.read("data.json"))
    return found


def planted_words(*, with_adults_words: bool = False) -> tuple[set[str], set[str]]:
    """Return the words planted in fields that stand in a young person's copy, and in those that do not."""
    inside, outside = set[str](), set[str]()
    for name, kind in classes().items():
        for column in sealed_fields(kind) if issubclass(kind, SealedRow) else ():
            copied = COPIED.get(name)
            stands = copied is not None and column in copied.columns
            stands = stands and (with_adults_words or copied is None or column not in copied.adults_words)
            (inside if stands else outside).add(f"{WORD} {name} {column}")
    return inside, outside


NOT_PLANTED = (
    "authenticators",
    "password_resets",
    "recovery_codes",
    "carer_check_ins",
    "carer_choices",
    "sign_on_invitations",
    "sign_on_subjects",
)


def test_all_that_was_planted_in_every_table_is_in_it_and_no_secret(cast: Cast, sign_in: SignIn) -> None:
    planted = plant_everything(cast)
    whole = copy_for(sign_in, cast.young_person)
    data, page = data_in(whole), whole.read("index.html").decode()
    assert set(data["tables"]) >= (planted & set(COPIED)) | {"audit_entries"}
    assert set(COPIED) - set(data["tables"]) == set(NOT_PLANTED)
    inside, outside = planted_words()
    text = whole.read("data.json").decode()
    for word in inside:
        table, column = word.split()[1:]
        value = next(row[column] for row in data["tables"][table] if column in row) if table in data["tables"] else word
        if table not in NOT_PLANTED and not isinstance(value, float) and column != "date_of_birth":
            assert word in text, word
            assert word in page, word
    for word in outside - {"media_contents contents"}:
        assert word not in text + page, word
    assert data["tables"]["check_ins"][0]["answer"] == SCORE
    assert data["tables"]["young_people"][0]["date_of_birth"] == "2012-03-27"
    assert "Your account: password hash" in {one["what"] for one in data["left_out"]}
    assert f"{WORD} media_contents contents".encode() in b"".join(
        whole.read(name) for name in whole.namelist() if name.startswith("media/")
    )


def test_people_stand_there_by_name_and_role_not_by_number(cast: Cast, sign_in: SignIn) -> None:
    with transaction():
        own = own_access(cast.young_person)
        post = write_post(viewer=cast.young_person, access=own, words="Hello", audience=Audience.MENTOR)
        write_reply(viewer=cast.mentor, post_id=post.id, words="Hello back")
    sign_in(cast.mentor).get(f"/young-people/{cast.amina}")
    data = data_in(copy_for(sign_in, cast.young_person))
    assert data["tables"]["posts"][0]["author_id"] == "you"
    assert data["tables"]["replies"][0]["author_id"] == "Jo Mentor (mentor)"
    looks = [row for row in data["tables"]["audit_entries"] if row["action"] == "timeline:seen"]
    assert looks[0]["actor_id"] == "Jo Mentor (mentor)"
    assert str(cast.mentor.account_id) not in json.dumps(data)


def test_nothing_of_anybody_else_is_in_it(cast: Cast, sign_in: SignIn) -> None:
    with transaction():
        own = own_access(cast.other_young_person)
        write_post(viewer=cast.other_young_person, access=own, words="Planted by Ben", audience=Audience.TEAM)
    whole = copy_for(sign_in, cast.young_person)
    assert "Ben" not in whole.read("data.json").decode() + whole.read("index.html").decode()


def test_what_is_typed_cannot_change_the_page(cast: Cast, sign_in: SignIn) -> None:
    with transaction():
        own = own_access(cast.young_person)
        write_post(viewer=cast.young_person, access=own, words="<script>alert(1)</script>", audience=Audience.MENTOR)
    page = copy_for(sign_in, cast.young_person).read("index.html").decode()
    assert "&lt;script&gt;" in page
    assert "<script" not in page


def test_a_parent_carer_gets_what_they_wrote_and_nothing_of_their_child_s(cast: Cast, sign_in: SignIn) -> None:
    with transaction():
        own = own_access(cast.young_person)
        post = write_post(viewer=cast.young_person, access=own, words="Planted by Amina", audience=Audience.TEAM)
        write_reply(viewer=cast.parent_carer, post_id=post.id, words="Planted by Sana")
        write_reply(viewer=cast.mentor, post_id=post.id, words="Planted by Jo")
        record_carer_check_in(viewer=cast.parent_carer, answer=4.0, check_in_id=None)
    whole = copy_for(sign_in, cast.parent_carer)
    text, data = whole.read("data.json").decode() + whole.read("index.html").decode(), data_in(whole)
    assert "Planted by Sana" in text
    assert "Planted by Amina" not in text
    assert "Planted by Jo" not in text
    assert data["tables"]["accounts"][0]["email"] == "sana@derwent.example"
    assert data["tables"]["carer_check_ins"][0]["answer"] == 4.0
    assert "reference" not in text


@pytest.mark.parametrize("who", ["mentor", "council_staff", "provider", "administrator", "auditor"])
def test_nobody_else_finds_it(cast: Cast, sign_in: SignIn, who: str) -> None:
    assert sign_in(cast.everybody[who]).post("/my-copy").status_code == 404


def test_it_asks_again_and_writes_down_that_it_was_handed_out(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.young_person)
    with transaction():
        db.session.execute(update(SignedInSession).values(started_at=clock.now() - timedelta(minutes=11)))
    for method in ("GET", "POST"):
        refused = client.open("/my-copy", method=method)
        assert (refused.status_code, refused.headers["Location"]) == (303, "/sign-in-again")
    assert handed_out(cast) == []
    copy_for(sign_in, cast.young_person)
    assert handed_out(cast) == [cast.young_person.account_id]


def handed_out(cast: Cast) -> list[Any]:
    query = select(AuditEntry.actor_id).where(
        AuditEntry.action == "copy:handed_out", AuditEntry.young_person_id == cast.amina
    )
    return list(db.session.execute(query).scalars())


def noted(cast: Cast) -> None:
    with transaction():
        access = young_person_for(cast.mentor, cast.amina)
        words = "Amina and ben Testperson met Sana. Ben rang from 07700 900123, ben@home.example; Bend did not."
        write_note(viewer=cast.mentor, access=access, words=words)


def test_the_command_writes_a_file_for_its_owner_only(app: Flask, cast: Cast, tmp_path: Path) -> None:
    noted(cast)
    path = tmp_path / "copy.zip"
    arguments = ["records", "copy", "YP-1", "--council", "derwent", "--to", str(path)]
    done = app.test_cli_runner().invoke(args=arguments)
    assert done.exit_code == 0, done.output
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    data = data_in(unzipped(path.read_bytes()))
    assert "words" not in data["tables"]["notes"][0]
    assert "Notes that mentors wrote: words" in {one["what"] for one in data["left_out"]}
    assert handed_out(cast) == [None]
    again = app.test_cli_runner().invoke(args=arguments)
    assert (again.exit_code, "there already" in again.output) == (1, True)


def test_other_people_are_out_of_what_adults_wrote(app: Flask, cast: Cast, tmp_path: Path) -> None:
    noted(cast)
    path = tmp_path / "copy.zip"
    arguments = ["records", "copy", "YP-1", "--council", "derwent", "--to", str(path), "--with-adults-words"]
    done = app.test_cli_runner().invoke(args=arguments)
    assert done.exit_code == 0, done.output
    words = data_in(unzipped(path.read_bytes()))["tables"]["notes"][0]["words"]
    expected = f"Amina and {SOMEBODY_ELSE} met {SOMEBODY_ELSE}. {SOMEBODY_ELSE} rang from {CONTACT}, {CONTACT}; Bend"
    assert words == f"{expected} did not."


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("He will come at 3", "He will come at 3"),
        ("Will came at 3", f"{SOMEBODY_ELSE} came at 3"),
        ("will o'neill came", f"{SOMEBODY_ELSE} came"),
        ("Room 12 on 2026-11-28", "Room 12 on 2026-11-28"),
        ("+44 (0)7700 900123", CONTACT),
        ("Écrit par Zoë.", f"Écrit par {SOMEBODY_ELSE}."),
    ],
)
def test_names_are_words_of_their_own(words: str, left: str) -> None:
    assert without_others(words, ["Will", "Will O'Neill", "Zoë", "", "X"]) == left
