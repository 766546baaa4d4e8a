"""A card lets a phone in, four pictures open it, and it can be shut out again."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from app import clock
from app.accounts.models import Account, EnrolledDevice, SignInCard
from app.accounts.services import make_sign_in_card, revoke_devices
from app.audit.models import AuditEntry
from app.database import db, transaction
from tests.conftest import SignIn
from tests.people import Cast

PICTURES = ["cat", "sun", "boat", "star"]


def card_code(cast: Cast) -> str:
    with transaction():
        account = db.session.get_one(Account, cast.young_person.account_id)
        return make_sign_in_card(account=account, actor=cast.mentor)


def test_a_card_enrols_one_phone_and_works_once(app: Flask, cast: Cast) -> None:
    code, client = card_code(cast), app.test_client()
    assert client.post("/c/derwent/card", data={"code": code}).status_code == 200
    assert client.post("/c/derwent/card", data={"code": code.lower(), "picture": PICTURES}).status_code == 303
    assert client.get("/home").status_code == 200
    again = app.test_client().post("/c/derwent/card", data={"code": code, "picture": PICTURES})
    assert again.status_code == 422
    assert "Ask your mentor for a new one" in again.text.replace("&#39;", "’")


def test_a_code_may_be_typed_as_it_is_shown_in_two_groups(app: Flask, cast: Cast) -> None:
    code, client = card_code(cast), app.test_client()
    for typed in (f" {code[:4]} {code[4:]} ", f"{code[:4]}-{code[4:]}".lower()):
        assert client.post("/c/derwent/card", data={"code": typed}).status_code == 200


def test_a_card_belongs_to_the_browser_that_opens_it_first(app: Flask, cast: Cast) -> None:
    code, first, second = card_code(cast), app.test_client(), app.test_client()
    assert first.post("/c/derwent/card", data={"code": code}).status_code == 200
    for sent in ({"code": code}, {"code": code, "picture": PICTURES}):
        refused = second.post("/c/derwent/card", data=sent)
        assert (refused.status_code, "Ask your mentor for a new one" in refused.text) == (422, True)
    assert second.get("/home").headers["Location"] == "/"
    assert first.post("/c/derwent/card", data={"code": code, "picture": PICTURES}).status_code == 303
    assert first.get("/home").status_code == 200
    query = select(AuditEntry.action).where(AuditEntry.young_person_id == cast.amina).order_by(AuditEntry.sequence)
    said = [one for one in db.session.execute(query).scalars() if one.startswith(("sign_in", "device"))]
    assert said == ["sign_in_card:made", "sign_in_card:opened", "sign_in:failed", "sign_in:failed", "device:enrolled"]


def test_a_card_that_somebody_else_opened_first_is_replaced_by_another(app: Flask, cast: Cast) -> None:
    stolen = card_code(cast)
    assert app.test_client().post("/c/derwent/card", data={"code": stolen}).status_code == 200
    phone = app.test_client()
    assert phone.post("/c/derwent/card", data={"code": stolen, "picture": PICTURES}).status_code == 422
    assert phone.post("/c/derwent/card", data={"code": card_code(cast), "picture": PICTURES}).status_code == 303
    assert phone.get("/home").status_code == 200


def test_a_card_is_spent_after_ten_minutes(app: Flask, cast: Cast) -> None:
    code = card_code(cast)
    with transaction():
        db.session.execute(update(SignInCard).values(made_at=clock.now() - timedelta(minutes=11)))
    assert app.test_client().post("/c/derwent/card", data={"code": code}).status_code == 422


@pytest.mark.parametrize("pictures", [["cat"], ["cat", "sun", "boat", "dragon"], ["cat"] * 5])
def test_a_picture_code_is_four_of_the_pictures(app: Flask, cast: Cast, pictures: list[str]) -> None:
    code = card_code(cast)
    response = app.test_client().post("/c/derwent/card", data={"code": code, "picture": pictures})
    assert response.status_code == 422
    assert code in response.text


def test_the_pictures_open_only_the_phone_that_was_enrolled(app: Flask, cast: Cast) -> None:
    phone = app.test_client()
    phone.post("/c/derwent/card", data={"code": card_code(cast), "picture": PICTURES})
    phone.post("/sign-out")
    assert phone.post("/my-pictures", data={"picture": PICTURES[::-1]}).status_code == 422
    assert phone.post("/my-pictures", data={"picture": PICTURES}).status_code == 303
    assert phone.get("/home").status_code == 200
    assert app.test_client().post("/my-pictures", data={"picture": PICTURES}).status_code == 404


def test_wrong_pictures_stop_one_phone_not_another(app: Flask, cast: Cast) -> None:
    phone, other = app.test_client(), app.test_client()
    for one in (phone, other):
        one.post("/c/derwent/card", data={"code": card_code(cast), "picture": PICTURES})
        one.post("/sign-out")
    for _ in range(10):
        assert phone.post("/my-pictures", data={"picture": ["dog"] * 4}).status_code == 422
    assert phone.post("/my-pictures", data={"picture": PICTURES}).status_code == 429
    assert other.post("/my-pictures", data={"picture": PICTURES}).status_code == 303


def test_a_lost_phone_is_forgotten(app: Flask, cast: Cast) -> None:
    phone = app.test_client()
    phone.post("/c/derwent/card", data={"code": card_code(cast), "picture": PICTURES})
    with transaction():
        revoke_devices(account=db.session.get_one(Account, cast.young_person.account_id), actor=cast.mentor)
    assert phone.get("/home").status_code == 303
    assert phone.post("/my-pictures", data={"picture": PICTURES}).status_code == 422
    assert all(device.revoked_at for device in db.session.execute(select(EnrolledDevice)).scalars())


def test_guessing_codes_stops_the_address(app: Flask, cast: Cast) -> None:
    assert cast
    client = app.test_client()
    for n in range(20):
        assert client.post("/c/derwent/card", data={"code": f"WRONG{n:03}"}).status_code == 422
    assert client.post("/c/derwent/card", data={"code": "WRONG999"}).status_code == 429


def test_classmates_who_guess_codes_do_not_lock_a_child_out(app: Flask, cast: Cast) -> None:
    classmate, phone = app.test_client(), app.test_client()
    for n in range(21):
        classmate.post("/c/derwent/card", data={"code": f"WRONG{n:03}"})
    assert phone.post("/c/derwent/card", data={"code": card_code(cast), "picture": PICTURES}).status_code == 303


def test_over_https_the_phone_s_cookie_is_bound_to_the_host(app: Flask, cast: Cast) -> None:
    app.config["SESSION_COOKIE_SECURE"] = True
    code, client = card_code(cast), app.test_client()
    response = client.post("/c/derwent/card", data={"code": code, "picture": PICTURES}, base_url="https://localhost")
    cookie = next(one for one in response.headers.getlist("Set-Cookie") if "tidemark-device" in one)
    assert cookie.startswith("__Host-tidemark-device=")
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert part in cookie.split("; ")
    assert client.get("/my-pictures", base_url="https://localhost").status_code == 200


def test_a_young_person_sees_their_phones_and_can_shut_one_out(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    phone, stranger = app.test_client(), app.test_client()
    for one in (phone, stranger):
        one.post("/c/derwent/card", data={"code": card_code(cast), "picture": PICTURES})
    devices = db.session.execute(select(EnrolledDevice).order_by(EnrolledDevice.enrolled_at)).scalars().all()
    page = phone.get("/me").text
    assert all(f"/me/phones/{device.id}/forget" in page for device in devices)
    path = f"/me/phones/{devices[1].id}/forget"
    assert sign_in(cast.other_young_person).post(path).status_code == 404
    assert phone.post(path).status_code == 303
    assert stranger.get("/home").status_code == 303
    assert stranger.post("/my-pictures", data={"picture": PICTURES}).status_code == 422
    assert phone.post("/my-pictures", data={"picture": PICTURES}).status_code == 303
    assert phone.get("/home").status_code == 200


def test_forgetting_phones_spends_the_card_that_was_not_used_yet(app: Flask, cast: Cast) -> None:
    code = card_code(cast)
    with transaction():
        revoke_devices(account=db.session.get_one(Account, cast.young_person.account_id), actor=cast.mentor)
    assert app.test_client().post("/c/derwent/card", data={"code": code}).status_code == 422
