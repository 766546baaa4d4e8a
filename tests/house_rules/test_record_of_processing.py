"""docs/safety/record-of-processing.md (UK GDPR, article 30) is what the tables, the rules and the roles are."""

import re
from collections import Counter

import pytest
from flask import Flask

from app.accounts.values import PERMISSIONS
from app.database import Base, db
from app.records.retention_values import ADULT, OTHERWISE, QUIET, QUIET_WITHOUT_BIRTHDAY, RULES
from app.records.values import ADULT_FOR_CONCERNS, SIX_YEARS
from tests.house_rules.test_papers import PAPERS, rows, sections
from tests.house_rules.test_tables import sealed_fields

RECORD = sections(PAPERS["record-of-processing"], "##")
PURPOSES = sections(RECORD["Purposes"], "###")
NOT_REPEATED = {"id", "council_id", "young_person_id"}
LABELS = ("People", "Data", "Recipients", "Transfers", "Security besides")


def ticked(cell: str) -> list[str]:
    """Return what stands between backticks."""
    return re.findall(r"`([^`]+)`", cell)


def table_rows() -> list[list[str]]:
    """Return the cells of every table of ours, in any purpose."""
    return [cells for words in PURPOSES.values() for cells in rows(words)]


@pytest.fixture
def columns(app: Flask) -> dict[str, list[str]]:
    """Give the columns of every table of both databases, without those that say whose a row is."""
    assert app
    return {
        table.name: [column.name for column in table.columns if column.name not in NOT_REPEATED]
        for metadata in db.metadatas.values()
        for table in metadata.sorted_tables
    }


def test_every_purpose_says_what_article_30_asks() -> None:
    assert len(PURPOSES) > 10
    for title, words in PURPOSES.items():
        for label in LABELS:
            assert re.search(rf"^\*\*{label}:\*\* \S+.*\.$", words, re.MULTILINE), f"{title}: {label}"
        assert rows(words), title
    assert [title.partition(".")[0] for title in PURPOSES] == [str(n) for n in range(1, len(PURPOSES) + 1)]


def test_every_table_is_there_once(columns: dict[str, list[str]]) -> None:
    assert Counter(ticked(cells[0])[0] for cells in table_rows()) == Counter(dict.fromkeys(columns, 1))


def test_every_column_is_there_once_sealed_or_in_clear(columns: dict[str, list[str]]) -> None:
    sealed = sealed_fields()
    for name, _, sealed_cell, clear_cell, _ in table_rows():
        table = ticked(name)[0]
        theirs = sealed.get(table, [])
        assert sorted(ticked(sealed_cell)) == sorted(theirs), table
        assert sorted(ticked(clear_cell)) == sorted(set(columns[table]) - set(theirs)), table


def test_what_is_kept_for_how_long_is_what_the_rules_say(app: Flask) -> None:
    assert app
    said = {ticked(cells[0])[0]: cells[4] for cells in table_rows()}
    by_rule = {rule.table: f"{rule.keep.days} days after `{rule.since}`" for rule in RULES}
    records = set(Base.metadata.tables)
    assert {table: words for table, words in said.items() if table in records} == by_rule | OTHERWISE
    assert all(len(words.split()) > 3 for table, words in said.items() if table not in records)
    periods = dict(rows(RECORD["How long"]))
    assert periods == {
        "a young person’s record": f"the {ADULT}th birthday and {QUIET.days} days in which nothing happened",
        "the same without a birthday": f"{QUIET_WITHOUT_BIRTHDAY.days} days in which nothing happened",
        "calls for help of somebody who was forgotten": (
            f"the {ADULT_FOR_CONCERNS}th birthday, {SIX_YEARS.days} days at least"
        ),
        "that somebody was forgotten": f"{SIX_YEARS.days} days",
    }


def test_roles_may_do_what_is_said_of_them() -> None:
    said = {role: set(ticked(cell)) for role, cell in rows(RECORD["Roles"])}
    may = {role.value.replace("_", " "): {str(one) for one in theirs} for role, theirs in PERMISSIONS.items()}
    assert said == may
