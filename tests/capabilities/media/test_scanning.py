"""A virus scanner of the council's is asked about each file; what it finds, and what it cannot say, is not taken."""

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.database import db
from app.media import scanning as client
from app.media.models import Media
from app.media.scanning import AWAY, INFECTED, ScannerAwayError, what_is_in
from app.settings import ScannerSettings, UnsafeSettingsError, load_settings
from tests.capabilities.media.made import picture, saved
from tests.capabilities.media.scanners import CLAMD, EICAR, Scanner, clamd_itself, scanning
from tests.conftest import SignIn
from tests.people import Cast
from tests.servers import spare_port

pytestmark = pytest.mark.any_database

PHOTO = saved(picture(), "JPEG")
IN_A_PHOTO = PHOTO + EICAR


@pytest.fixture(params=[False, True], ids=["socket", "port"])
def scanner(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Scanner]:
    with scanning(tmp_path, at_a_port=request.param) as found:
        yield found


@pytest.fixture
def phone(cast: Cast, sign_in: SignIn) -> FlaskClient:
    return sign_in(cast.young_person)


def ask(app: Flask, settings: ScannerSettings) -> None:
    """Let an app ask a scanner."""
    app.extensions["settings"] = replace(app.extensions["settings"], scanner=settings)


def post_photo(phone: FlaskClient, file: bytes) -> TestResponse:
    words = {"id": str(uuid4()), "audience": "mentor", "description": "Two swans"}
    return phone.post("/posts/new/photo", data={**words, "file": (io.BytesIO(file), "photo.jpg")})


def kept() -> int:
    db.session.rollback()
    return db.session.query(Media).count()


def test_a_clean_photo_is_asked_about_whole_and_kept(app: Flask, phone: FlaskClient, scanner: Scanner) -> None:
    ask(app, scanner.settings)
    assert post_photo(phone, PHOTO).status_code == 303
    assert scanner.files == [PHOTO]
    assert kept() == 1


@pytest.mark.parametrize("file", [EICAR, IN_A_PHOTO], ids=["alone", "behind a photo"])
def test_what_the_scanner_finds_is_refused_beside_the_field_and_the_words_stay(
    app: Flask, phone: FlaskClient, scanner: Scanner, file: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    ask(app, scanner.settings)
    answer = post_photo(phone, file)
    assert answer.status_code == 422
    assert str(INFECTED) in answer.text.partition('id="file-problem"')[2].partition("</p>")[0]
    assert "Two swans" in answer.text
    assert kept() == 0
    assert "a file was refused: the scanner found something" in capsys.readouterr().err


def test_a_file_of_many_pieces_arrives_as_it_was(scanner: Scanner) -> None:
    data = bytes(range(256)) * 3_000
    assert what_is_in(data, scanner.settings) is None
    assert scanner.files == [data]


@pytest.mark.parametrize(
    "says",
    [
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: OK",
        b"stream: OK\n\0",
        b"",
        b"\0",
        b"stream: Can't allocate memory ERROR\0",
        b"x" * 10_000,
    ],
)
def test_any_other_answer_is_none(app: Flask, phone: FlaskClient, scanner: Scanner, says: bytes) -> None:
    ask(app, scanner.settings)
    scanner.says = says
    with pytest.raises(ScannerAwayError):
        what_is_in(PHOTO, scanner.settings)
    answer = post_photo(phone, PHOTO)
    assert (answer.status_code, kept()) == (422, 0)
    assert str(AWAY) in answer.text


def test_while_the_scanner_is_away_nothing_is_taken(app: Flask, phone: FlaskClient, tmp_path: Path) -> None:
    for nobody in (ScannerSettings(path=tmp_path / "none.ctl"), ScannerSettings(host="127.0.0.1", port=spare_port())):
        ask(app, nobody)
        answer = post_photo(phone, PHOTO)
        assert (answer.status_code, kept()) == (422, 0)
        assert str(AWAY) in answer.text


def test_a_scanner_that_never_answers_is_away(scanner: Scanner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "PATIENCE", 0.0)
    with pytest.raises(TimeoutError):
        what_is_in(PHOTO, scanner.settings)


def test_without_a_scanner_nothing_is_asked(app: Flask, phone: FlaskClient) -> None:
    assert app.extensions["settings"].scanner is None
    assert post_photo(phone, IN_A_PHOTO).status_code == 303


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("", None),
        ("/run/clamav/clamd.ctl", ScannerSettings(path=Path("/run/clamav/clamd.ctl"))),
        ("127.0.0.1:3310", ScannerSettings(host="127.0.0.1", port=3310)),
        ("[::1]:3310", ScannerSettings(host="::1", port=3310)),
    ],
)
def test_the_setting_names_a_socket_or_a_port(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, address: str, found: ScannerSettings | None
) -> None:
    monkeypatch.setenv("TIDEMARK_CLAMD", address)
    assert load_settings(tmp_path).scanner == found


@pytest.mark.parametrize("address", ["clamd.ctl", "localhost", ":3310", "localhost:clamd"])
def test_any_other_address_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, address: str) -> None:
    monkeypatch.setenv("TIDEMARK_CLAMD", address)
    with pytest.raises(UnsafeSettingsError, match="TIDEMARK_CLAMD"):
        load_settings(tmp_path)


@pytest.mark.skipif(CLAMD is None, reason="clamd is not on this machine.")
def test_clamd_itself_finds_the_file_that_every_scanner_finds(app: Flask, phone: FlaskClient, tmp_path: Path) -> None:
    with clamd_itself(tmp_path) as settings:
        assert what_is_in(PHOTO, settings) is None
        assert what_is_in(IN_A_PHOTO, settings) == "Eicar-By-Hand.UNOFFICIAL"
        ask(app, settings)
        assert post_photo(phone, PHOTO).status_code == 303
        assert str(INFECTED) in post_photo(phone, IN_A_PHOTO).text
    assert str(AWAY) in post_photo(phone, PHOTO).text
