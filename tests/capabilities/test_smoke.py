from flask import Flask

from tests.conftest import SignIn
from tests.people import PASSWORD, Cast


def test_sign_in(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    client = app.test_client()
    assert client.get("/home").status_code == 303
    r = client.post("/c/derwent/sign-in", data={"email": "jo@derwent.example", "password": "wrong"})
    assert r.status_code == 422, r.text
    r = client.post("/c/derwent/sign-in", data={"email": "jo@derwent.example", "password": PASSWORD})
    assert r.status_code == 303, r.text
    assert client.get("/caseload").status_code == 200
    assert client.get("/home").status_code == 404
    assert sign_in(cast.young_person).get("/home").status_code == 200
    assert client.get("/c/derwent/card").status_code == 200
    assert sign_in(cast.administrator).get("/accounts").status_code == 200
