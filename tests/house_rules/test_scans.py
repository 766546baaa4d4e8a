"""`make scan` passes only where every finding of a scanner has its reason, and every reason its finding."""

import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from bench.scans import history
from bench.scans.__main__ import SOURCE_SCANS
from bench.scans.findings import Explanation, Finding, Scan, State, read_explanations, verdict
from bench.scans.history import MESSAGES, git, lines_ever
from bench.scans.pages import PAGE_SCANS
from bench.scans.programs import ROOT
from bench.scans.source import EXAMPLES, RULES

FOUND = Finding("bandit", "B608", "app/feed/queries.py", 7, words="SQL made of pieces")
REASON = Explanation("bandit", "B608", "app/feed/*.py", "Only numbers of ours.", 1)
RUN = Scan("bandit", State.RUN, findings=(FOUND,))


def test_a_finding_with_its_reason_is_clean() -> None:
    assert verdict([RUN], [REASON]).is_clean


@pytest.mark.parametrize("change", [{"rule": "B602"}, {"place": "app/goals/queries.py"}, {"tool": "semgrep"}])
def test_a_finding_that_no_reason_fits_is_named(change: dict[str, str]) -> None:
    strange = replace(FOUND, **change)  # type: ignore[arg-type]
    assert verdict([replace(RUN, findings=(FOUND, strange))], [REASON]).unexplained == [strange]


def test_one_more_at_the_same_place_is_not_explained_by_the_old_reason() -> None:
    twice = replace(RUN, findings=(FOUND, replace(FOUND, line=9)))
    assert verdict([twice], [REASON]).idle == ["bandit B608 app/feed/*.py: explains 2, not 1"]


def test_a_reason_that_explains_nothing_any_more_is_named_unless_its_scanner_did_not_run() -> None:
    assert not verdict([replace(RUN, findings=())], [REASON]).is_clean
    assert verdict([Scan("bandit", State.NOT_RUN)], [REASON]).is_clean


def test_a_scanner_that_failed_is_never_clean() -> None:
    assert not verdict([Scan("semgrep", State.FAILED)], []).is_clean


def test_every_rule_of_ours_has_a_line_that_it_must_find() -> None:
    rules = re.findall(r"^  - id: (\S+)$", RULES.read_text(), re.MULTILINE)
    assert sorted(tomllib.loads(EXAMPLES.read_text())) == sorted(rules)


def test_every_reason_is_about_a_scanner_and_a_file_of_ours() -> None:
    reasons = read_explanations(ROOT / "bench" / "scans" / "explained.toml")
    for one in reasons:
        assert len(one.reason) > 20
        assert one.tool in {**PAGE_SCANS, **SOURCE_SCANS}
        if one.tool in {"bandit", "semgrep"}:
            assert (ROOT / one.place).is_file()


def test_what_was_committed_and_taken_away_again_is_still_looked_at(tmp_path: Path) -> None:
    def commit(words: str | None, message: str) -> str:
        file = tmp_path / "café" / "settings.py"
        file.parent.mkdir(exist_ok=True)
        if words is None:
            file.unlink()
        else:
            file.write_text(words)
        git("add", "-A", repository=tmp_path)
        who = ("-c", "user.name=Nobody", "-c", "user.email=nobody@tidemark.example")
        git(*who, "commit", "-q", "-m", message, repository=tmp_path)
        return git("rev-parse", "HEAD", repository=tmp_path).strip()

    git("init", "-q", "-b", "main", repository=tmp_path)
    first = commit("TOKEN = 'seaglass'\n", "Begin")
    second = commit("TOKEN = open(path)\n+++ b/strange\n", "The token was\ndriftwood")
    git("checkout", "-q", "-b", "aside", first, repository=tmp_path)
    aside = commit("TOKEN = 'heron'\n", "Aside")
    git("checkout", "-q", "main", repository=tmp_path)
    git(
        "-c",
        "user.name=N",
        "-c",
        "user.email=n@tidemark.example",
        "merge",
        "-q",
        "-s",
        "ours",
        "aside",
        repository=tmp_path,
    )
    commit(None, "Away")
    (tmp_path / "not-yet.py").write_text("TOKEN = 'swan'\n")
    lines, commits = lines_ever(tmp_path)
    assert commits == 5
    theirs = lines["café/settings.py"]
    assert theirs["TOKEN = 'seaglass'"] == first
    assert (theirs["TOKEN = open(path)"], theirs["+++ b/strange"]) == (second, second)
    assert theirs["TOKEN = 'heron'"] == aside
    assert lines[MESSAGES]["driftwood"] == second
    assert lines["not-yet.py"]["TOKEN = 'swan'"] == ""


def test_a_scan_of_the_history_that_finds_not_even_what_it_planted_has_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blind = tmp_path / "detect-secrets"
    blind.write_text("#!/bin/sh\necho '{\"results\": {}}'\n")
    blind.chmod(0o700)
    monkeypatch.setattr(history, "program", lambda _name: blind)
    git("init", "-q", repository=tmp_path)
    git(
        "-c",
        "user.name=N",
        "-c",
        "user.email=n@tidemark.example",
        "commit",
        "-q",
        "--allow-empty",
        "-m",
        "Begin",
        repository=tmp_path,
    )
    scan = history.secrets(tmp_path)
    assert scan.state is State.FAILED
    assert all(kind in scan.looked_at for kind in history.planted())
