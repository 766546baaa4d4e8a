"""Keys in Vault and in AWS KMS: made, proved, changed and retired, and what is said where they cannot be had."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select, update

from app.crypto.aws_signature import Credentials, Scope, signed_headers
from app.crypto.envelope import WrongKeyError, wrapping_key_id
from app.crypto.key_providers import KeyUnavailableError
from app.crypto.key_service import KeyService
from app.crypto.keyring import OwnerKind, current_keyring, keyring_from
from app.crypto.models import DataKey
from app.database import db, transaction, writing
from app.operations.readiness import NotReadyError, check_ready
from app.settings import AwsSettings, KeysIn, Settings, UnsafeSettingsError, VaultSettings, load_settings
from app.young_people.models import Note, YoungPerson
from app.young_people.queries import young_person_for
from app.young_people.services import write_note
from tests.conftest import SignIn
from tests.key_services import ARN, AWS, TOKEN, AwsKms, Vault, served
from tests.people import Cast

pytestmark = pytest.mark.any_database

Run = Callable[..., Result]
SECRETS = (TOKEN, AWS.secret_key, AWS.session_token or "")


@pytest.fixture
def vault(app: Flask, tmp_path: Path) -> Iterator[Vault]:
    """A Vault that the app moves its keys to, from the environment."""
    service, token = Vault(), tmp_path / "token"
    token.write_text(f"{TOKEN}\n")
    token.chmod(0o400)
    with served(service, tmp_path) as (address, certificate):
        kept = VaultSettings(address, token_file=token, ca_file=certificate)
        use(app, keys_in=(KeysIn.VAULT, KeysIn.ENVIRONMENT), vault=kept)
        yield service


@pytest.fixture
def kms(app: Flask, tmp_path: Path) -> Iterator[AwsKms]:
    service = AwsKms(keys={f"{ARN}one": b"1" * 32})
    with served(service, tmp_path) as (address, certificate):
        secret = {"secret_key": AWS.secret_key, "session_token": AWS.session_token}
        kept = AwsSettings("eu-west-2", (f"{ARN}one",), AWS.access_key, **secret, endpoint=address, ca_file=certificate)  # type: ignore[arg-type]  # mypy takes the two for any field
        use(app, keys_in=(KeysIn.AWS, KeysIn.ENVIRONMENT), aws=kept)
        yield service


def use(app: Flask, **changes: object) -> None:
    settings = replace(app.extensions["settings"], keys_remembered=0.0, **changes)
    app.extensions["settings"], app.extensions["keyring"] = settings, keyring_from(settings)


def settings_of(app: Flask) -> Settings:
    settings: Settings = app.extensions["settings"]
    return settings


@pytest.fixture
def run(app: Flask) -> Run:
    return lambda *words: app.test_cli_runner().invoke(args=["keys", *words])


def good(done: Result) -> str:
    assert done.exit_code == 0, done.output
    return done.output


def note_of(cast: Cast, words: str) -> UUID:
    with transaction():
        return write_note(viewer=cast.mentor, access=young_person_for(cast.mentor, cast.amina), words=words).id


def words_of(note: UUID) -> str:
    db.session.expire_all()
    return db.session.get_one(Note, note).words


def wrapped_by() -> set[str]:
    with db.engines["keys"].connect() as connection:
        return {wrapping_key_id(one) for one in connection.execute(select(DataKey.wrapped)).scalars()}


@pytest.mark.usefixtures("vault")
def test_keys_move_to_vault_are_rotated_there_and_the_old_version_opens_nothing(
    app: Flask, cast: Cast, run: Run
) -> None:
    assert "Made key tidemark in Vault" in good(run("new"))
    assert "is in Vault already" in good(run("new"))
    note = note_of(cast, "went to the shop")
    assert "run `keys rotate`" in good(run("status"))
    good(run("rotate"))
    (first,) = wrapped_by()
    assert first.startswith("vault-")
    assert first.endswith("-v1")
    assert "No other place of TIDEMARK_KEYS_IN" in good(run("retire"))
    use(app, keys_in=(KeysIn.VAULT,))
    assert f"Current key: {first} (kept in: vault)" in good(run("status"))
    assert words_of(note) == "went to the shop"
    old = stored(cast.amina)
    good(run("new", "--next"))
    good(run("rotate"))
    assert {one.rpartition("-")[2] for one in wrapped_by()} == {"v2"}
    good(run("retire"))
    current_keyring().remembered = 60.0
    assert "0 do not open" in good(run("verify"))
    assert words_of(note) == "went to the shop"
    current_keyring().forget((OwnerKind.YOUNG_PERSON, cast.amina))
    with writing(db.engines["keys"]) as connection:
        connection.execute(update(DataKey).where(DataKey.owner_id == cast.amina).values(wrapped=old))
    with pytest.raises(WrongKeyError):
        current_keyring().load(OwnerKind.YOUNG_PERSON, [cast.amina])


def stored(owner: UUID) -> bytes:
    with db.engines["keys"].connect() as connection:
        return connection.execute(select(DataKey.wrapped).where(DataKey.owner_id == owner)).scalar_one()


@pytest.mark.usefixtures("cast")
def test_many_data_keys_are_opened_by_vault_in_one_call(vault: Vault, run: Run) -> None:
    good(run("new"))
    good(run("rotate"))
    people = list(db.session.execute(select(YoungPerson.id)).scalars())
    vault.seen.clear()
    current_keyring().load(OwnerKind.YOUNG_PERSON, people)
    assert (len(people) > 1, vault.seen["decrypt"]) == (True, 1)


def test_a_data_key_of_somebody_else_opens_in_neither(vault: Vault, cast: Cast, run: Run) -> None:
    good(run("new"))
    good(run("rotate"))
    with writing(db.engines["keys"]) as connection:
        moved = stored(other_person(cast))
        connection.execute(update(DataKey).where(DataKey.owner_id == cast.amina).values(wrapped=moved))
    with pytest.raises(WrongKeyError):
        current_keyring().load(OwnerKind.YOUNG_PERSON, [cast.amina])
    assert vault.seen["decrypt"]


def other_person(cast: Cast) -> UUID:
    return db.session.execute(select(YoungPerson.id).where(YoungPerson.id != cast.amina).limit(1)).scalar_one()


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        (lambda service, _: setattr(service, "token", "another"), "refuses the token"),
        (lambda service, _: setattr(service, "sealed", True), "Vault is sealed"),
        (lambda service, _: setattr(service, "failing", 9), "answers 500"),
        (lambda service, _: service.keys.clear(), "Vault has no key tidemark"),
        (lambda service, _: service.keys.update(tidemark=[b"w" * 32]), "not the one these records were sealed with"),
        (lambda _, token: token.chmod(0o444), "Everybody can read Vault’s token"),
        (lambda _, token: token.unlink(), "token cannot be read"),
    ],
)
def test_where_vault_cannot_be_used_the_start_is_stopped_with_a_sentence(
    app: Flask, vault: Vault, caplog: pytest.LogCaptureFixture, broken: Callable[[Vault, Path], object], sentence: str
) -> None:
    kept = settings_of(app).vault
    assert kept is not None
    assert kept.token_file is not None
    for words in (["keys", "new"], ["keys", "status"]):
        good(app.test_cli_runner().invoke(args=words))
    broken(vault, kept.token_file)
    with caplog.at_level(logging.DEBUG), pytest.raises(NotReadyError, match=sentence):
        check_ready(app)
    assert app.test_client().get("/").status_code == 503
    assert not any(secret in caplog.text for secret in SECRETS)


def test_vault_that_fails_twice_is_asked_a_third_time(app: Flask, vault: Vault, run: Run) -> None:
    good(run("new"))
    vault.failing = 2
    check_ready(app)


def test_a_server_whose_certificate_is_not_trusted_is_told_no_token(app: Flask, vault: Vault) -> None:
    kept = settings_of(app).vault
    assert kept is not None
    use(app, vault=replace(kept, ca_file=None))
    with pytest.raises(NotReadyError, match="its certificate is not trusted"):
        check_ready(app)
    assert not vault.seen


@pytest.mark.parametrize("address", ["http://vault.example:8200", "ftp://vault.example", "vault.example:8200"])
def test_keys_travel_to_another_machine_over_https_only(address: str) -> None:
    with pytest.raises(KeyUnavailableError, match="must begin with https"):
        KeyService("Vault", address)


def test_while_vault_is_away_a_page_says_so_and_comes_back(vault: Vault, cast: Cast, run: Run, sign_in: SignIn) -> None:
    good(run("new"))
    good(run("rotate"))
    client = sign_in(cast.young_person)
    assert client.get("/", follow_redirects=True).status_code == 200
    current_keyring().forget((OwnerKind.YOUNG_PERSON, cast.amina))
    vault.sealed = True
    assert client.get("/", follow_redirects=True).status_code == 503
    vault.sealed = False
    assert client.get("/", follow_redirects=True).status_code == 200


def test_keys_move_to_aws_and_from_one_key_there_to_the_next(app: Flask, kms: AwsKms, cast: Cast, run: Run) -> None:
    assert "can be used" in good(run("new"))
    note = note_of(cast, "went to the shop")
    good(run("rotate"))
    good(run("retire"))
    refused = run("new", "--next")
    assert (refused.exit_code, "put its ARN first in TIDEMARK_AWS_KEYS" in refused.output) == (1, True)
    kms.keys[f"{ARN}two"] = b"2" * 32
    kept = settings_of(app).aws
    assert kept is not None
    use(app, keys_in=(KeysIn.AWS,), aws=replace(kept, keys=(f"{ARN}two", f"{ARN}one")))
    (first,) = wrapped_by()
    good(run("status"))
    good(run("rotate"))
    assert first not in wrapped_by()
    retired = run("retire")
    assert (retired.exit_code, "take all but the first out of TIDEMARK_AWS_KEYS" in retired.output) == (1, True)
    use(app, aws=replace(kept, keys=(f"{ARN}two",)))
    del kms.keys[f"{ARN}one"]
    assert "(kept in: aws)" in good(run("status"))
    current_keyring().remembered = 60.0
    assert "0 do not open" in good(run("verify"))
    assert words_of(note) == "went to the shop"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"secret_key": "another"}, "wrong secret key"),
        ({"keys": (f"{ARN}none",)}, "does not find it"),
    ],
)
def test_where_aws_cannot_be_used_the_start_is_stopped_with_a_sentence(
    app: Flask, kms: AwsKms, caplog: pytest.LogCaptureFixture, changed: dict[str, object], sentence: str
) -> None:
    kept = settings_of(app).aws
    assert kept is not None
    use(app, aws=replace(kept, **changed))  # type: ignore[arg-type]
    with caplog.at_level(logging.DEBUG), pytest.raises(NotReadyError, match=sentence):
        check_ready(app)
    assert kms.seen
    assert not any(secret in caplog.text for secret in SECRETS)


def test_a_key_disabled_in_aws_says_so_and_another_ciphertext_does_not_open(kms: AwsKms, cast: Cast, run: Run) -> None:
    good(run("new"))
    good(run("rotate"))
    kms.keys[f"{ARN}one"] = b"w" * 32
    with pytest.raises(WrongKeyError):
        current_keyring().load(OwnerKind.YOUNG_PERSON, [cast.amina])
    kms.disabled.add(f"{ARN}one")
    with pytest.raises(KeyUnavailableError, match="finds it disabled"):
        current_keyring().load(OwnerKind.YOUNG_PERSON, [cast.amina])
    assert "must be enabled" in run("new").output


@pytest.mark.parametrize(
    ("method", "headers", "body", "signature"),
    [
        ("GET", {}, b"", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        ("POST", {}, b"", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
        (
            "POST",
            {"Content-Type": "application/x-www-form-urlencoded"},
            b"Param1=value1",
            "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
        ),
    ],
)
def test_requests_are_signed_as_aws_s_own_test_suite_signs_them(
    method: str, headers: dict[str, str], body: bytes, signature: str
) -> None:
    """get-vanilla, post-vanilla and post-x-www-form-urlencoded of the published suite of Signature Version 4."""
    by = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
    at, scope = datetime(2015, 8, 30, 12, 36, tzinfo=UTC), Scope("us-east-1", "service")
    host = {"Host": "example.amazonaws.com"}
    signed = signed_headers(method, {**host, **headers}, body, by=by, scope=scope, at=at)
    assert signed["authorization"].endswith(f"Signature={signature}")
    assert "Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request" in signed["authorization"]


def test_the_settings_name_where_keys_are_kept_and_print_no_secret(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told = {
        "KEYS_IN": "vault,aws,file",
        "VAULT_ADDRESS": "https://vault.example:8200",
        "VAULT_TOKEN": TOKEN,
        "AWS_REGION": "eu-west-2",
        "AWS_KEYS": f"{ARN}two,{ARN}one",
        "AWS_ACCESS_KEY": AWS.access_key,
        "AWS_SECRET_KEY": AWS.secret_key,
        "AWS_SESSION_TOKEN": AWS.session_token or "",
    }
    for name, value in told.items():
        monkeypatch.setenv(f"TIDEMARK_{name}", value)
    settings = load_settings(tmp_path)
    assert settings.keys_in == (KeysIn.VAULT, KeysIn.AWS, KeysIn.FILE)
    assert settings.aws is not None
    assert settings.aws.keys == (f"{ARN}two", f"{ARN}one")
    assert not any(secret in repr(settings) for secret in SECRETS)
    monkeypatch.delenv("TIDEMARK_VAULT_ADDRESS")
    with pytest.raises(UnsafeSettingsError, match="VAULT_ADDRESS"):
        load_settings(tmp_path)
    monkeypatch.setenv("TIDEMARK_KEYS_IN", "cupboard")
    with pytest.raises(UnsafeSettingsError, match="names what there is not"):
        load_settings(tmp_path)
