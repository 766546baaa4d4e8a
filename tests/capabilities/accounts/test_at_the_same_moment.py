"""Who signs in at the very moment at which that is taken from them is not in afterwards."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts import services
from app.accounts.models import Account, EnrolledDevice, SignedInSession
from app.accounts.passwords import matches
from app.accounts.reset_services import begin_reset, fresh_code
from app.accounts.services import enrol_device, make_sign_in_card, open_card
from app.accounts.values import Viewer
from app.database import db, transaction
from tests.capabilities.accounts.test_cards_and_phones import PICTURES
from tests.capabilities.accounts.test_signing_in import PAGE, RIGHT
from tests.conftest import SignIn
from tests.people import Cast

NEW = "a lamp beside the harbour"
Meanwhile = Callable[[Callable[[], int]], list[Future[int]]]


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """While the next secret is compared, let something else be done, as far as it can be before that ends."""

    def arrange(act: Callable[[], int]) -> list[Future[int]]:
        done: list[Future[int]] = []

        def compare(secret_hash: str | None, secret: str) -> bool:
            monkeypatch.setattr(services, "matches", matches)
            done.append(ThreadPoolExecutor(1).submit(act))
            wait(done, timeout=0.5)
            return matches(secret_hash, secret)

        monkeypatch.setattr(services, "matches", compare)
        return done

    return arrange


def open_sessions_of(viewer: Viewer) -> list[object]:
    db.session.rollback()
    query = select(SignedInSession.id).where(
        SignedInSession.account_id == viewer.account_id, SignedInSession.ended_at.is_(None)
    )
    return list(db.session.execute(query).scalars())


def test_the_old_password_opens_nothing_while_a_new_one_is_chosen(app: Flask, cast: Cast, meanwhile: Meanwhile) -> None:
    with transaction():
        sent = fresh_code(begin_reset(db.session.get_one(Account, cast.mentor.account_id)).id)
    assert sent is not None
    chosen = {"code": sent[1], "new_password": NEW, "new_password_again": NEW}
    done = meanwhile(lambda: app.test_client().post("/c/derwent/new-password", data=chosen).status_code)
    app.test_client().post(PAGE, data=RIGHT)
    assert [one.result() for one in done] == [303]
    assert open_sessions_of(cast.mentor) == []


def test_the_pictures_open_no_phone_while_it_is_forgotten(
    app: Flask, cast: Cast, sign_in: SignIn, meanwhile: Meanwhile
) -> None:
    with transaction():
        account = db.session.get_one(Account, cast.young_person.account_id)
        code = make_sign_in_card(account=account, actor=cast.mentor)
        card = open_card(council_id=cast.council_id, code=code, address="", browser="")
        assert card is not None
        token = enrol_device(card=card, pictures=PICTURES).device_token
    mentor, phone = sign_in(cast.mentor), app.test_client()
    phone.set_cookie("tidemark-device", token)
    done = meanwhile(lambda: mentor.post(f"/young-people/{cast.amina}/phones/forget").status_code)
    phone.post("/my-pictures", data={"picture": PICTURES})
    assert [one.result() for one in done] == [303]
    assert open_sessions_of(cast.young_person) == []
    assert db.session.execute(select(EnrolledDevice.revoked_at)).scalar_one() is not None
