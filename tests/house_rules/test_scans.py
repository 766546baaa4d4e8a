"""`make scan` passes only where every finding of a scanner has its reason, and every reason its finding."""

import re
import tomllib
from dataclasses import replace

import pytest

from bench.scans.findings import Explanation, Finding, Scan, State, read_explanations, verdict
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
        assert one.tool in PAGE_SCANS or (one.tool in {"bandit", "semgrep"} and (ROOT / one.place).is_file())
