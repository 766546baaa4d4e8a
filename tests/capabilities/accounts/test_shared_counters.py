"""Wrong tries with Redis: counted by account and by address, and no more of them when it dies or forgets."""

import logging
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, event, func, select

from app.accounts import shared_counters, throttle
from app.accounts.models import SignInAttempt
from app.accounts.throttle import Bucket
from app.database import db, transaction
from app.settings import UnsafeSettingsError, load_settings
from tests.capabilities.accounts.test_cards_and_phones import PICTURES, card_code
from tests.capabilities.accounts.test_signing_in import PAGE, RIGHT
from tests.people import Cast
from tests.servers import spare_port

WRONG = {**RIGHT, "password": "not it at all"}
NOT_HERE = shutil.which("redis-server") is None or not shared_counters.is_installed()
pytestmark = pytest.mark.skipif(NOT_HERE, reason="needs redis-server and the extra redis")


class Redis:
    """A redis-server of a test's own, that may be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.port, self.folder = spare_port(), folder
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        server = shutil.which("redis-server")
        assert server is not None
        options = ("--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder))
        self.process = subprocess.Popen([server, *options], stdout=subprocess.DEVNULL)  # noqa: S603 (our own words)
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise TimeoutError("redis-server did not start")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def redis(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Redis]:
    monkeypatch.setattr(shared_counters, "LEFT_ALONE", 0.0)
    server = Redis(tmp_path)
    app.extensions["settings"] = replace(app.extensions["settings"], redis_url=server.url)
    yield server
    server.kill()


def guess(cast: Cast, times: int, email: str = "jo@derwent.example") -> None:
    """Fail as so many wrong passwords do, without the work of comparing them."""
    buckets = [Bucket(cast.council_id, "email", email, 10), Bucket(cast.council_id, "address", "127.0.0.1", 30)]
    with transaction():
        for _ in range(times):
            throttle.count_failure(buckets)


def forget_in_database() -> None:
    with transaction():
        db.session.execute(delete(SignInAttempt))


def kept() -> int:
    db.session.rollback()
    return db.session.execute(select(func.count()).select_from(SignInAttempt)).scalar_one()


def test_redis_counts_by_account_and_by_address(app: Flask, cast: Cast, redis: Redis) -> None:
    assert redis.url
    client = app.test_client()
    guess(cast, 9)
    assert client.post(PAGE, data=WRONG).status_code == 422
    forget_in_database()
    assert client.post(PAGE, data=RIGHT).status_code == 429
    for n in range(20):
        guess(cast, 1, f"n{n}@derwent.example")
    forget_in_database()
    assert client.post(PAGE, data={**WRONG, "email": "other@derwent.example"}).status_code == 429
    elsewhere = {"REMOTE_ADDR": "192.0.2.9"}
    other = {**WRONG, "email": "other@derwent.example"}
    assert app.test_client().post(PAGE, data=other, environ_base=elsewhere).status_code == 422


def test_what_redis_stops_asks_the_database_nothing_about_tries(app: Flask, cast: Cast, redis: Redis) -> None:
    assert redis.url
    bucket, asked = Bucket(cast.council_id, "email", "x", 1), list[str]()
    with transaction():
        throttle.count_failure([bucket])
    event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    with app.app_context():
        assert throttle.is_stopped([bucket])
    assert [one for one in asked if "sign_in_attempts" in one] == []


@pytest.mark.parametrize("when", ["killed", "killed and started anew", "emptied"])
def test_nobody_has_more_tries_because_redis_is_gone(
    app: Flask, cast: Cast, redis: Redis, caplog: pytest.LogCaptureFixture, when: str
) -> None:
    client = app.test_client()
    guess(cast, 5)
    assert client.post(PAGE, data=WRONG).status_code == 422
    if when == "emptied":
        shared_counters.SharedCounters(redis.url)._redis.flushall()  # noqa: SLF001 (what an eviction does)
    else:
        redis.kill()
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            assert client.post(PAGE, data=WRONG).status_code == 422
        if when == "killed and started anew":
            redis.start()
        for _ in range(2):
            assert client.post(PAGE, data=WRONG).status_code == 422
        assert client.post(PAGE, data=RIGHT).status_code == 429
    said = [one.getMessage() for one in caplog.records if "Redis" in one.getMessage()]
    assert len([one for one in said if "does not answer" in one]) == (0 if when == "emptied" else 1)
    assert len([one for one in said if "answers again" in one]) == (1 if when == "killed and started anew" else 0)
    assert str(redis.port) not in " ".join(said)


def test_a_redis_that_does_not_answer_is_left_alone_for_a_while(
    app: Flask, cast: Cast, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cast
    monkeypatch.setattr(shared_counters, "LEFT_ALONE", 60.0)
    redis.kill()
    client = app.test_client()
    client.post(PAGE, data=WRONG)
    counters = app.extensions["shared_counters"]
    monkeypatch.setattr(counters, "_redis", None)
    assert client.post(PAGE, data=RIGHT).status_code == 303


def test_classmates_who_guess_codes_lock_no_child_out_with_redis_either(app: Flask, cast: Cast, redis: Redis) -> None:
    assert redis.url
    classmate, phone = app.test_client(), app.test_client()
    for n in range(21):
        classmate.post("/c/derwent/card", data={"code": f"WRONG{n:03}"})
    assert phone.post("/c/derwent/card", data={"code": card_code(cast), "picture": PICTURES}).status_code == 303


def test_the_right_password_starts_the_count_again(app: Flask, cast: Cast, redis: Redis) -> None:
    assert redis.url
    client = app.test_client()
    for _ in range(2):
        guess(cast, 9)
        assert client.post(PAGE, data=RIGHT).status_code == 303


def test_redis_holds_no_address_and_no_name(app: Flask, cast: Cast, redis: Redis) -> None:
    assert cast
    app.test_client().post(PAGE, data=WRONG)
    found = shared_counters.SharedCounters(redis.url)._redis  # noqa: SLF001 (to look into it)
    keys = [key.decode() for key in found.scan_iter()]
    assert len(keys) == 2
    assert all(one.startswith("tidemark:tries:") and len(one) == len("tidemark:tries:") + 32 for one in keys)
    assert all(0 < found.ttl(key) <= 900 for key in keys)


def test_many_tries_at_once_are_no_more_than_one_by_one(app: Flask, cast: Cast) -> None:
    def try_once(_: int) -> int:
        return app.test_client().post(PAGE, data=WRONG).status_code

    guess(cast, 7)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(try_once, range(8)))
    assert sorted(answers) == [422] * 3 + [429] * 5
    assert kept() == 20


def test_a_redis_that_is_named_without_its_package_stops_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIDEMARK_REDIS_URL", "redis://127.0.0.1/0")
    assert load_settings(tmp_path).redis_url == "redis://127.0.0.1/0"
    monkeypatch.setattr("app.settings.find_spec", lambda _: None)
    with pytest.raises(UnsafeSettingsError, match="make install-extras"):
        load_settings(tmp_path)
