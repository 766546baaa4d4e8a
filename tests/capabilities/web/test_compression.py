import gzip

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import SignIn
from tests.people import Cast

GZIP = {"Accept-Encoding": "gzip, br"}


@pytest.fixture
def phone(cast: Cast, sign_in: SignIn) -> FlaskClient:
    return sign_in(cast.young_person)


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_a_page_that_our_own_pages_asked_for_is_compressed(phone: FlaskClient, site: str) -> None:
    response = phone.get("/goals", headers=GZIP | {"Sec-Fetch-Site": site})
    assert response.headers["Content-Encoding"] == "gzip"
    assert "My goals" in gzip.decompress(response.data).decode()
    assert "Accept-Encoding" in response.headers["Vary"]


@pytest.mark.parametrize("site", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {}])
def test_a_page_that_another_site_may_have_asked_for_is_not(phone: FlaskClient, site: dict[str, str]) -> None:
    response = phone.get("/goals", headers=GZIP | site)
    assert "Content-Encoding" not in response.headers
    assert "My goals" in response.text


def test_files_are_compressed_for_everybody_who_takes_it(app: Flask) -> None:
    client = app.test_client()
    plain = client.get("/static/js/app.js")
    small = client.get("/static/js/app.js", headers=GZIP)
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(small.data) == plain.data
    etag = {"If-None-Match": small.headers["ETag"]}
    assert client.get("/static/js/app.js", headers=GZIP | etag).status_code == 304
    assert "Content-Encoding" not in client.get("/static/img/icon-192.png", headers=GZIP).headers
