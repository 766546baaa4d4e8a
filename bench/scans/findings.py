"""What a scanner found, why it is no hole, and whether every finding has its reason."""

import tomllib
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path


class State(StrEnum):
    """How far a scanner came."""

    RUN = "run"
    NOT_RUN = "not run"
    UNCHECKED = "unchecked"
    FAILED = "failed"


@dataclass(frozen=True, order=True)
class Finding:
    """What a tool says is wrong: by which of its rules, in which file or at which address, and who was signed in."""

    tool: str
    rule: str
    place: str
    line: int = 0
    role: str = ""
    words: str = ""

    def __str__(self) -> str:
        line = f":{self.line}" if self.line else ""
        role = f" as {self.role}" if self.role else ""
        return f"{self.tool} {self.rule} {self.place}{line}{role}: {self.words}"


@dataclass(frozen=True)
class Scan:
    """One run of a tool: its version, how long it took in seconds, what it looked at and what it found."""

    tool: str
    state: State
    version: str = ""
    seconds: float = 0.0
    looked_at: str = ""
    role: str = ""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Explanation:
    """Why findings of a rule at a place (`*` stands for anything) are no hole; `count`: how many, where it is fixed."""

    tool: str
    rule: str
    place: str
    reason: str
    count: int | None = None

    def fits(self, finding: Finding) -> bool:
        """Say whether this is about the finding."""
        same = self.tool == finding.tool and fnmatchcase(finding.rule, self.rule)
        return same and fnmatchcase(finding.place, self.place)


@dataclass(frozen=True)
class Verdict:
    """What is wrong after all: findings without a reason, and reasons that explain nothing or not what is there."""

    unexplained: list[Finding] = field(default_factory=list)
    idle: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Say whether every finding has its reason and every reason its finding."""
        return not (self.unexplained or self.idle or self.failed)


def read_explanations(path: Path) -> list[Explanation]:
    """Return what `explained.toml` holds; raises TypeError for a field that is missing or unknown."""
    return [Explanation(**one) for one in tomllib.loads(path.read_text())["explained"]]


def verdict(scans: list[Scan], explanations: list[Explanation]) -> Verdict:
    """Compare what was found with what is explained; the reasons for a tool that did not run are left alone."""
    found = [one for scan in scans for one in scan.findings]
    explained = Counter[Explanation]()
    unexplained = []
    for one in found:
        reason = next((reason for reason in explanations if reason.fits(one)), None)
        if reason is None:
            unexplained.append(one)
        else:
            explained[reason] += 1
    ran = {scan.tool for scan in scans if scan.state is State.RUN}
    idle = []
    for reason in explanations:
        times = explained[reason]
        if reason.tool in ran and (not times or reason.count not in {None, times}):
            idle.append(f"{reason.tool} {reason.rule} {reason.place}: explains {times}, not {reason.count or 'any'}")
    failed = [f"{scan.tool} {scan.role}: {scan.looked_at}" for scan in scans if scan.state is State.FAILED]
    return Verdict(sorted(unexplained), idle, failed)
