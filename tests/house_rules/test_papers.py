"""The papers in docs/safety: what they state as a fact is one."""

import ast
import re
import shlex
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path

import click
import pytest
from flask import Flask

from app.accounts.reset_services import LIFE
from app.accounts.services import CARD_LIFE
from app.accounts.sessions import ABSOLUTE, ABSOLUTE_ADULT, FRESH, IDLE, IDLE_ADULT
from app.accounts.throttle import WINDOW
from app.accounts.values import Role
from app.impact.disclosure import FIGURES_FROM, GRADED_FROM, MINIMUM
from app.records.retention_values import ADULT, QUIET, QUIET_WITHOUT_BIRTHDAY, RULES
from app.records.values import ANSWER_WITHIN

ROOT = Path(__file__).parents[2]
PAPERS = {path.stem: path.read_text() for path in sorted((ROOT / "docs" / "safety").glob("*.md"))}
NAMED_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
REASON = re.compile(r"(Not tested yet|Not there yet|Cannot be tested): \S+( \S+){3,}")
LINES, FAULTS = 61, 15
ASVS_5_0_0 = {
    "1.1": 2,
    "1.2": 9,
    "1.3": 11,
    "1.4": 3,
    "1.5": 2,
    "2.1": 3,
    "2.2": 3,
    "2.3": 4,
    "2.4": 1,
    "3.2": 2,
    "3.3": 4,
    "3.4": 6,
    "3.5": 5,
    "3.7": 2,
    "4.1": 3,
    "4.2": 1,
    "4.3": 2,
    "4.4": 4,
    "5.1": 1,
    "5.2": 3,
    "5.3": 2,
    "5.4": 3,
    "6.1": 3,
    "6.2": 12,
    "6.3": 4,
    "6.4": 4,
    "6.5": 5,
    "6.6": 3,
    "6.8": 4,
    "7.1": 3,
    "7.2": 4,
    "7.3": 2,
    "7.4": 5,
    "7.5": 2,
    "7.6": 2,
    "8.1": 2,
    "8.2": 3,
    "8.3": 1,
    "8.4": 1,
    "9.1": 3,
    "9.2": 4,
    "10.1": 2,
    "10.2": 2,
    "10.3": 4,
    "10.4": 11,
    "10.5": 5,
    "10.6": 2,
    "10.7": 3,
    "11.1": 2,
    "11.2": 3,
    "11.3": 3,
    "11.4": 4,
    "11.5": 1,
    "11.6": 1,
    "12.1": 3,
    "12.2": 2,
    "12.3": 4,
    "13.1": 1,
    "13.2": 5,
    "13.3": 2,
    "13.4": 5,
    "14.1": 2,
    "14.2": 4,
    "14.3": 3,
    "15.1": 3,
    "15.2": 3,
    "15.3": 7,
    "16.1": 1,
    "16.2": 5,
    "16.3": 4,
    "16.4": 3,
    "16.5": 3,
    "17.1": 1,
    "17.2": 4,
    "17.3": 2,
}
"""How many requirements of levels 1 and 2 each section of release 5.0.0 has: always its first."""
STANDARDS = (
    "Best interests of the child",
    "Data protection impact assessments",
    "Age appropriate application",
    "Transparency",
    "Detrimental use of data",
    "Policies and community standards",
    "Default settings",
    "Data minimisation",
    "Data sharing",
    "Geolocation",
    "Parental controls",
    "Profiling",
    "Nudge techniques",
    "Connected toys and devices",
    "Online tools",
)


@cache
def names_in(path: str) -> frozenset[str]:
    """Return the names of the tests in a file."""
    tree = ast.parse((ROOT / path).read_text())
    return frozenset(one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef))


def sections(text: str, mark: str) -> dict[str, str]:
    """Return what stands under each heading of a level, by its words."""
    parts = re.split(rf"^{mark} (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def rows(text: str) -> list[list[str]]:
    """Return the cells of every table row, without headings."""
    table = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("|")]
    rules = [number for number, cells in enumerate(table) if set("".join(cells)) <= set("-|: ")]
    return [cells for number, cells in enumerate(table) if number not in rules and number + 1 not in rules]


def numbered(text: str) -> list[tuple[int, str]]:
    """Return the numbered lines of a list, each with what hangs on it."""
    parts = re.split(r"^(\d+)\. ", text, flags=re.MULTILINE)
    return [(int(number), words) for number, words in zip(parts[1::2], parts[2::2], strict=True)]


def commands_in(text: str) -> Iterator[str]:
    for found in re.finditer(r"flask --app wsgi ([^`\n#|&;]+)", text):
        yield found[1].strip()


def unknown_part(group: click.Command, command: str) -> str | None:
    """Return the first word of a command that the app does not know, or None."""
    at = group
    for word in shlex.split(command):
        if word.startswith("-"):
            if not any(word.partition("=")[0] in one.opts for one in at.params):
                return word
        elif isinstance(at, click.Group):
            found = at.commands.get(word)
            if found is None:
                return word
            at = found
    return None if not isinstance(at, click.Group) else f"{command}: which of its commands?"


def test_every_test_that_a_paper_names_exists() -> None:
    named = {(paper, *found) for paper, text in PAPERS.items() for found in NAMED_TEST.findall(text)}
    assert {paper for paper, _, _ in named} >= {"checklist", "hazard-log", "threat-model"}
    gone = [one for one in sorted(named) if not (ROOT / one[1]).is_file() or one[2] not in names_in(one[1])]
    assert gone == []


@pytest.mark.parametrize("wrong", ["test_papers.py::test_nothing", "test_paper.py::test_nothing"])
def test_a_test_that_does_not_exist_would_be_noticed(wrong: str) -> None:
    ((path, name),) = NAMED_TEST.findall(f"`tests/house_rules/{wrong}`")
    assert not (ROOT / path).is_file() or name not in names_in(path)


def test_every_line_of_the_checklist_is_there_with_a_test_or_a_reason() -> None:
    main, _, faults = PAPERS["checklist"].partition("\n## Faults\n")
    for part, how_many in ((main, LINES), (faults, FAULTS)):
        found = numbered(part)
        assert [number for number, _ in found] == list(range(1, how_many + 1))
        for number, words in found:
            items = [item.strip() for item in re.findall(r"^ +- (.+)$", words, re.MULTILINE)]
            assert items, f"line {number} has neither test nor reason"
            for item in items:
                assert NAMED_TEST.fullmatch(item) or REASON.match(item), f"line {number}: {item}"


def test_every_file_that_a_paper_names_is_there() -> None:
    for paper, text in PAPERS.items():
        for path in re.findall(r"\b(?:app|docs|static|templates)/[\w/.-]+\.(?:py|md|js|html|toml)\b", text):
            assert (ROOT / path).exists(), f"{paper}: {path}"
        for path in re.findall(r"\]\(([\w./-]+\.md)\)", text):
            assert (ROOT / "docs" / "safety" / path).exists(), f"{paper}: {path}"


def test_every_page_that_a_paper_names_is_there(app: Flask) -> None:
    known = {re.sub(r"<[^>]+>", "…", rule.rule) for rule in app.url_map.iter_rules()}
    named = {(paper, page) for paper, text in PAPERS.items() for page in re.findall(r"`(/[\w/…-]+)`", text)}
    assert {paper for paper, _ in named} >= {"childrens-code", "incident-runbook"}
    assert [one for one in sorted(named) if one[1] not in known] == []


def test_every_command_that_a_paper_names_is_one(app: Flask) -> None:
    named = {(paper, command) for paper, text in PAPERS.items() for command in commands_in(text)}
    assert len({command for paper, command in named if paper == "incident-runbook"}) >= 8
    assert [one for one in sorted(named) if unknown_part(app.cli, one[1])] == []
    for wrong in ("keys burn", "keys", "audit verify --quickly"):
        assert unknown_part(app.cli, wrong), wrong


def test_the_children_s_code_is_answered_standard_by_standard() -> None:
    answers = sections(PAPERS["childrens-code"], "##")
    assert list(answers) == [f"{number}. {words}" for number, words in enumerate(STANDARDS, start=1)]
    for heading, words in answers.items():
        for label in ("Does", "Where", "Missing"):
            assert re.search(rf"^\*\*{label}:\*\* \S+", words, re.MULTILINE), f"{heading}: {label}"


def test_every_hazard_has_a_control_with_a_test_or_a_reason() -> None:
    hazards = sections(PAPERS["hazard-log"], "##")
    matrix = {likely: cells for likely, *cells in rows(hazards.pop("How it is rated"))}
    severities = ("minor", "significant", "considerable", "major", "catastrophic")
    assert [heading.partition(".")[0] for heading in hazards] == [f"H{n}" for n in range(1, len(hazards) + 1)]
    for heading, words in hazards.items():
        assert NAMED_TEST.search(words) or REASON.search(words), heading
        assert "**Causes:**" in words, heading
        assert "**What is left:**" in words, heading
        ratings = re.findall(r"severity (\w+), likelihood ([\w ]+): (\d)", words)
        assert len(ratings) == 2, f"{heading}: before and after"
        for severity, likely, risk in ratings:
            assert matrix[likely][severities.index(severity)] == risk, heading


def test_every_requirement_of_asvs_levels_1_and_2_says_whether_it_is_met() -> None:
    states = {"yes", "partly", "no", "by reading", "the council’s", "does not apply"}
    wanted = [f"{section}.{n}" for section, count in ASVS_5_0_0.items() for n in range(1, count + 1)]
    assert len(wanted) == 253
    answered = [row for text in sections(PAPERS["asvs"], "##").values() for row in rows(text)]
    assert [number for number, _, _ in answered] == wanted
    for number, met, why in answered:
        assert met in states, number
        assert why.strip(), number
    counted = re.findall(r"(\d+) (yes|by reading|partly|no|the council’s|does not apply)[,.]", PAPERS["asvs"])
    assert {state: int(count) for count, state in counted} == Counter(met for _, met, _ in answered)


def test_the_assessment_names_every_table_with_sealed_columns() -> None:
    page = sections((ROOT / "docs" / "encryption.md").read_text(), "##")["What is sealed"]
    sealed = set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
    named = re.findall(r"`(\w+)`", sections(PAPERS["dpia"], "##")["What is held, sealed"])
    assert len(sealed) > 30
    assert set(named) == sealed, "docs/safety/dpia.md says what docs/encryption.md seals"
    assert len(named) == len(sealed)


def test_retention_in_the_assessment_is_what_the_code_does() -> None:
    stated = rows(sections(PAPERS["dpia"], "##")["How long it is kept"])
    rules = [[f"`{rule.table}`", f"`{rule.since}`", f"{rule.keep.days} days"] for rule in RULES]
    assert [cells[:3] for cells in stated] == rules


def test_figures_in_the_assessment_are_those_of_the_code() -> None:
    def days(span: timedelta) -> str:
        return f"{span.days} days"

    def minutes(span: timedelta) -> str:
        return f"{span // timedelta(minutes=1)} minutes"

    stated = dict(rows(sections(PAPERS["dpia"], "##")["Figures"]))
    assert stated == {
        "a young person’s session ends when it is not used for": days(IDLE[Role.YOUNG_PERSON]),
        "and in any case after": days(ABSOLUTE[Role.YOUNG_PERSON]),
        "an adult’s session ends when it is not used for": minutes(IDLE_ADULT),
        "and in any case, for an adult, after": f"{ABSOLUTE_ADULT // timedelta(hours=1)} hours",
        "what asks again who somebody is lets them be for": minutes(FRESH),
        "wrong tries are counted over": minutes(WINDOW),
        "a sign-in card lasts": minutes(CARD_LIFE),
        "a code that chooses a new password lasts": minutes(LIFE),
        "young people in a group before its count is published": str(MINIMUM),
        "before a figure is": str(FIGURES_FROM),
        "before a figure has its grade": str(GRADED_FROM),
        "a request about data is answered within": days(ANSWER_WITHIN),
        "a record is kept until this birthday": str(ADULT),
        "and until nothing happened for": days(QUIET),
        "without a birthday, until nothing happened for": days(QUIET_WITHOUT_BIRTHDAY),
    }
