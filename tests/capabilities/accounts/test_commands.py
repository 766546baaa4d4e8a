import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import Account, Council
from app.database import db
from tests.people import Cast

GOOD = {"--name": "Ada Lund", "--email": "ada@tidemark.example", "--password": "correct horse battery"}


def count(table: type[Council | Account]) -> int:
    return db.session.execute(select(func.count()).select_from(table)).scalar_one()


def flags(changes: dict[str, str]) -> list[str]:
    return [word for pair in (GOOD | changes).items() for word in pair]


def test_a_council_and_its_first_administrator(app: Flask) -> None:
    run = app.test_cli_runner().invoke
    assert "/c/derwent-north/sign-in" in run(args=["accounts", "new-council", "derwent-north", "Derwent North"]).output
    done = run(args=["accounts", "new", "derwent-north", "administrator", *flags({})])
    assert done.exit_code == 0, done.output
    assert count(Account) == 1


@pytest.mark.parametrize("slug", ["Derwent North", "derwent/north", "-derwent", "", "d" * 61])
def test_a_council_that_no_address_could_name_is_refused(app: Flask, slug: str) -> None:
    done = app.test_cli_runner().invoke(args=["accounts", "new-council", "--", slug, "Derwent North"])
    assert (done.exit_code, count(Council)) == (2, 0)
    assert "small letters, figures and hyphens" in done.output


@pytest.mark.parametrize(
    ("flag", "value", "sentence"),
    [
        ("--password", "short", "Use 12 to 200 characters."),
        ("--email", "ada", "Type a whole e-mail address."),
        ("--name", "  ", "Type a name"),
    ],
)
def test_an_account_keeps_to_the_rules_of_the_page(
    app: Flask, cast: Cast, flag: str, value: str, sentence: str
) -> None:
    before = count(Account)
    slug = db.session.get_one(Council, cast.council_id).slug
    done = app.test_cli_runner().invoke(args=["accounts", "new", slug, "mentor", *flags({flag: value})])
    assert (done.exit_code, count(Account)) == (2, before)
    assert sentence in done.output
