"""Who saves what somebody else saves at the same moment is told so by the form, as if it had been there before."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import NamedTuple

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.breaks.models import Provider
from app.database import Row, db
from app.young_people.models import YoungPerson
from tests.conftest import SignIn
from tests.people import Cast


class Form(NamedTuple):
    """What is saved by which form, and what it says of one that is there already."""

    kind: type[Row]
    path: str
    sent: dict[str, str]
    said: str


def both_at_once(clients: list[FlaskClient], form: Form) -> list[TestResponse]:
    """Send a form twice, each about to save its row before the other one has."""
    db.session.rollback()
    together = Barrier(len(clients), timeout=1)
    waited: set[int] = set()

    def wait_for_the_other(session: Session, *_: object) -> None:
        if id(session) not in waited and any(isinstance(row, form.kind) for row in session.new):
            waited.add(id(session))
            with suppress(BrokenBarrierError):  # SQLite's writers take turns: the other one cannot come
                together.wait()

    event.listen(Session, "before_flush", wait_for_the_other)
    try:
        with ThreadPoolExecutor(len(clients)) as pool:
            return list(pool.map(lambda one: one.post(form.path, data=form.sent), clients))
    finally:
        event.remove(Session, "before_flush", wait_for_the_other)


NEW_PERSON = {"reference": "YP-77", "first_name": "Noor", "last_name": "Khan"}
FORMS = (
    Form(Provider, "/providers", {"name": "River Trust"}, "There is a provider of this name already."),
    Form(YoungPerson, "/young-people/new", NEW_PERSON, "There is a young person with this reference already."),
)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.path)
def test_one_is_saved_and_the_other_says_that_it_is_there(cast: Cast, sign_in: SignIn, form: Form) -> None:
    desks = [sign_in(cast.council_staff) for _ in range(2)]
    how_many = select(func.count()).select_from(form.kind)
    before = db.session.execute(how_many).scalar_one()
    saved, refused = sorted(both_at_once(desks, form), key=lambda answer: answer.status_code)
    assert (saved.status_code, refused.status_code) == (303, 422)
    assert form.said in refused.text
    db.session.rollback()
    assert db.session.execute(how_many).scalar_one() == before + 1
