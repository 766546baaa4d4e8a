"""A password opens an account, sessions begin and end, and an administrator makes accounts."""

import re
from datetime import timedelta
from typing import Literal

import pytest
from argon2 import PasswordHasher, extract_parameters
from flask import Flask
from sqlalchemy import select, update

from app import clock
from app.accounts import passwords
from app.accounts.models import Account, SignedInSession
from app.accounts.passwords import hash_secret
from app.accounts.services import EmailIsTakenError, create_account, set_active
from app.accounts.values import Role
from app.audit.models import AuditEntry
from app.database import db, transaction
from tests.capabilities.accounts.test_cards_and_phones import PICTURES, card_code
from tests.conftest import SignIn
from tests.people import PASSWORD, Cast

PAGE = "/c/derwent/sign-in"
RIGHT = {"email": "jo@derwent.example", "password": PASSWORD}
LEAST_KIB, LEAST_PASSES = 19_456, 2
"""OWASP's least for Argon2id."""


def test_the_right_password_opens_the_first_page(app: Flask, cast: Cast) -> None:
    assert cast
    client = app.test_client()
    assert client.post(PAGE, data=RIGHT).status_code == 303
    assert client.get("/").headers["Location"] == "/caseload"


def test_an_email_address_is_known_in_any_case(app: Flask, cast: Cast) -> None:
    assert cast
    assert app.test_client().post(PAGE, data={**RIGHT, "email": " JO@Derwent.Example "}).status_code == 303


def test_a_wrong_password_and_an_unknown_address_sound_the_same(app: Flask, cast: Cast) -> None:
    assert cast
    answers = []
    for data in ({**RIGHT, "password": "no"}, {"email": "nobody@derwent.example", "password": "no"}):
        response = app.test_client().post(PAGE, data=data)
        assert response.status_code == 422
        assert f'value="{data["email"]}"' in response.text
        answers.append(re.sub(r'(content|value)="I[^"]{60,}"', "", response.text).replace(data["email"], ""))
    assert answers[0] == answers[1]


class Counting(PasswordHasher):
    """Counts what it compares, and with how much work."""

    def __init__(self) -> None:
        super().__init__()
        self.work: list[tuple[int, int, int]] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 (argon2's own name)
        found = extract_parameters(str(hash))
        self.work.append((found.time_cost, found.memory_cost, found.parallelism))
        return super().verify(hash, password)


@pytest.mark.usefixtures("_full_work")
@pytest.mark.parametrize("case", ["wrong", "unknown", "without a password", "closed"])
def test_whatever_is_wrong_takes_the_same_work(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    known, counting = PasswordHasher(), Counting()
    monkeypatch.setattr(passwords, "HASHER", counting)
    if case == "closed":
        with transaction():
            account = db.session.get_one(Account, cast.mentor.account_id)
            set_active(account=account, is_active=False, actor=cast.administrator)
    email = {"unknown": "nobody@derwent.example", "without a password": "uma@derwent.example"}.get(case, RIGHT["email"])
    password = RIGHT["password"] if case == "closed" else "no"
    assert app.test_client().post(PAGE, data={"email": email, "password": password}).status_code == 422
    assert counting.work == [(known.time_cost, known.memory_cost, known.parallelism)]


def test_a_failed_try_is_in_the_trail_without_what_was_typed(app: Flask, cast: Cast) -> None:
    def entries() -> list[AuditEntry]:
        db.session.rollback()
        found = select(AuditEntry).where(AuditEntry.action == "sign_in:failed").order_by(AuditEntry.sequence)
        return list(db.session.execute(found).scalars())

    client, phone = app.test_client(), app.test_client()
    client.post(PAGE, data={**RIGHT, "password": "seaglassandnothing"})
    client.post(PAGE, data={"email": "nobody@derwent.example", "password": "seaglassandnothing"})
    client.post("/c/derwent/card", data={"code": "WRONG234"})
    phone.post("/c/derwent/card", data={"code": card_code(cast), "picture": PICTURES})
    phone.post("/sign-out")
    phone.post("/my-pictures", data={"picture": PICTURES[::-1]})
    found = [(one.record_kind, one.record_id, one.young_person_id, one.actor_id) for one in entries()]
    young = cast.young_person
    assert found == [
        ("accounts", cast.mentor.account_id, None, None),
        ("", None, None, None),
        ("", None, None, None),
        ("accounts", young.account_id, young.young_person_id, None),
    ]
    for _ in range(15):
        client.post(PAGE, data={**RIGHT, "password": "wrong"})
    assert len(entries()) == 4 + 9


def test_ten_wrong_passwords_stop_the_account_even_for_the_right_one(app: Flask, cast: Cast) -> None:
    assert cast
    client = app.test_client()
    for _ in range(10):
        assert client.post(PAGE, data={**RIGHT, "password": "wrong"}).status_code == 422
    stopped = client.post(PAGE, data=RIGHT)
    assert stopped.status_code == 429
    assert "Wait 15 minutes" in stopped.text
    assert 'value="jo@derwent.example"' in stopped.text


def test_another_council_s_page_does_not_open_the_account(app: Flask, cast: Cast) -> None:
    assert cast
    assert app.test_client().post("/c/trent/sign-in", data=RIGHT).status_code == 422
    assert app.test_client().get("/c/nowhere/sign-in").status_code == 404


def test_signing_out_ends_the_session_on_the_server(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.mentor)
    cookie = client.get_cookie("tidemark")
    assert cookie is not None
    assert client.post("/sign-out").status_code == 303
    stolen = app.test_client()
    stolen.set_cookie("tidemark", cookie.value)
    assert stolen.get("/caseload").status_code == 303


def test_leaving_quickly_ends_the_session_and_shows_the_weather(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.young_person)
    response = client.get("/leave")
    assert response.headers["Location"] == "https://www.bbc.co.uk/weather"
    assert "Clear-Site-Data" in response.headers
    assert client.get("/home").status_code == 303


@pytest.mark.parametrize(
    ("column", "age"), [("last_seen_at", timedelta(minutes=61)), ("started_at", timedelta(hours=13))]
)
def test_an_idle_or_old_session_ends(cast: Cast, sign_in: SignIn, column: str, age: timedelta) -> None:
    client = sign_in(cast.mentor)
    assert client.get("/caseload").status_code == 200
    with transaction():
        db.session.execute(update(SignedInSession).values({column: clock.now() - age}))
    assert client.get("/caseload").status_code == 303


@pytest.mark.parametrize(
    ("column", "age", "status"),
    [
        ("last_seen_at", timedelta(days=13), 200),
        ("last_seen_at", timedelta(days=14, minutes=1), 303),
        ("started_at", timedelta(days=89), 200),
        ("started_at", timedelta(days=90, minutes=1), 303),
    ],
)
def test_a_young_person_s_session_lasts_14_days_unused_and_90_at_most(
    cast: Cast, sign_in: SignIn, column: str, age: timedelta, status: int
) -> None:
    client = sign_in(cast.young_person)
    with transaction():
        db.session.execute(update(SignedInSession).values({column: clock.now() - age}))
    assert client.get("/home").status_code == status


def test_a_closed_account_s_sessions_end_at_once(cast: Cast, sign_in: SignIn) -> None:
    client, admin = sign_in(cast.mentor), sign_in(cast.administrator)
    assert client.get("/caseload").status_code == 200
    assert admin.post(f"/accounts/{cast.mentor.account_id}/active", data={"active": "no"}).status_code == 303
    assert client.get("/caseload").status_code == 303
    with transaction():
        set_active(
            account=db.session.get_one(Account, cast.mentor.account_id), is_active=True, actor=cast.administrator
        )
    assert client.get("/caseload").status_code == 303


def test_an_administrator_makes_an_account_that_can_sign_in(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    data = {"name": "New Mentor", "email": "new@derwent.example", "role": "mentor", "password": "long enough words"}
    admin = sign_in(cast.administrator)
    assert admin.post("/accounts", data=data).status_code == 303
    assert "New Mentor" in admin.get("/accounts").text
    signed_in = app.test_client().post(PAGE, data={"email": data["email"], "password": data["password"]})
    assert signed_in.status_code == 303


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"password": "short"}, "Use 12 to 200 characters."),
        ({"email": "not an address"}, "Type a whole e-mail address."),
        ({"email": "jo@derwent.example"}, "There is an account with this e-mail address already."),
        ({"name": ""}, "Type a name."),
    ],
)
def test_a_new_account_that_cannot_be_made_keeps_what_was_typed(
    cast: Cast, sign_in: SignIn, change: dict[str, str], sentence: str
) -> None:
    typed = {"name": "New Mentor", "email": "new@derwent.example", "role": "mentor", "password": "long enough words"}
    response = sign_in(cast.administrator).post("/accounts", data={**typed, **change})
    assert response.status_code == 422
    assert sentence in response.text
    for name in {"name", "email"} - set(change):
        assert f'value="{typed[name]}"' in response.text


def test_an_administrator_cannot_touch_another_council_s_account(cast: Cast, sign_in: SignIn) -> None:
    path = f"/accounts/{cast.other_council_staff.account_id}/active"
    assert sign_in(cast.administrator).post(path, data={"active": "no"}).status_code == 404
    assert db.session.get_one(Account, cast.other_council_staff.account_id).is_active


def test_two_accounts_of_a_council_cannot_share_an_address(cast: Cast) -> None:
    with pytest.raises(EmailIsTakenError), transaction():
        create_account(
            council_id=cast.council_id,
            role=Role.MENTOR,
            name="X",
            email="JO@derwent.example",
            password=None,
            actor=None,
        )


@pytest.mark.usefixtures("_full_work")
def test_passwords_and_pictures_are_kept_as_argon2id_with_enough_work(app: Flask, cast: Cast) -> None:
    app.test_client().post("/c/derwent/card", data={"code": card_code(cast), "picture": PICTURES})
    young = db.session.get_one(Account, cast.young_person.account_id)
    council, role, email = cast.council_id, Role.MENTOR, "nia@derwent.example"
    with transaction():
        adult = create_account(council_id=council, role=role, name="Nia", email=email, password=PASSWORD, actor=None)
    kept = [str(adult.password_hash), str(young.picture_code_hash)]
    for one, secret in zip(kept, (PASSWORD, " ".join(PICTURES)), strict=True):
        assert one.startswith("$argon2id$v=19$")
        found = extract_parameters(one)
        assert found.memory_cost >= LEAST_KIB
        assert found.time_cost >= LEAST_PASSES
        assert (found.salt_len, found.hash_len) == (16, 32)
        assert PasswordHasher().verify(one, secret)
        assert secret not in one
        assert hash_secret(secret) != one
