"""Scans of what is written: bandit and our own rules for semgrep over the source, pip-audit over the lock files."""

import json
import tempfile
import tomllib
from pathlib import Path

from bench.scans.findings import Finding, Scan, State
from bench.scans.programs import ROOT, program, run, version_of

RULES = ROOT / "bench" / "scans" / "rules.yml"
EXAMPLES = ROOT / "bench" / "scans" / "examples.toml"
LOCKS = ("requirements.lock", "requirements-extras.lock", "requirements-development.lock")
PATIENCE = 300.0
NO_DATABASE = ("ServiceError", "ConnectionError", "Failed to", "not found on PyPI", "Max retries")


def bandit() -> Scan:
    """Look for what Python programs often get wrong; `# nosec` counts for nothing here."""
    found = program("bandit")
    if found is None:
        return Scan("bandit", State.NOT_RUN)
    done = run([str(found), "-q", "-r", "app", "-f", "json", "--ignore-nosec"], seconds=PATIENCE)
    if done.status not in {0, 1}:
        return Scan("bandit", State.FAILED, version_of(found), done.seconds, done.complained[-300:])
    told = json.loads(done.printed)
    findings = tuple(
        Finding("bandit", one["test_id"], one["filename"], one["line_number"], words=one["issue_text"])
        for one in told["results"]
    )
    lines = told["metrics"]["_totals"]["loc"]
    return Scan("bandit", State.RUN, version_of(found), done.seconds, f"{lines:,} lines of app/", findings=findings)


def _semgrep(path: Path, folder: Path, places: list[str]) -> tuple[list[Finding], int, float] | str:
    command = [str(path), "scan", "--metrics=off", "--disable-version-check", "--no-git-ignore", "--quiet", "--json"]
    done = run([*command, "--disable-nosem", f"--config={RULES}", *places], seconds=PATIENCE, folder=folder)
    if done.status not in {0, 1}:
        return done.complained[-300:] or "no answer in time"
    told = json.loads(done.printed)
    findings = [
        Finding(
            "semgrep",
            one["check_id"].rpartition(".")[2],
            one["path"],
            one["start"]["line"],
            "",
            one["extra"]["message"],
        )
        for one in told["results"]
    ]
    return findings, len(told["paths"]["scanned"]), done.seconds


def semgrep() -> Scan:
    """Look for what our own rules forbid, once each rule has found its own example and nothing in the right one."""
    found = program("semgrep")
    if found is None:
        return Scan("semgrep", State.NOT_RUN)
    version = version_of(found)
    wrong = blind_rules(found)
    if wrong:
        return Scan("semgrep", State.FAILED, version, 0.0, "; ".join(wrong))
    told = _semgrep(found, ROOT, ["app", "templates", "wsgi.py"])
    if isinstance(told, str):
        return Scan("semgrep", State.FAILED, version, 0.0, told)
    findings, files, seconds = told
    rules = len(tomllib.loads(EXAMPLES.read_text()))
    return Scan("semgrep", State.RUN, version, seconds, f"{files} files, {rules} rules of ours", "", tuple(findings))


def blind_rules(path: Path) -> list[str]:
    """Return what is wrong with the rules themselves: those that miss their example, or find the right one too."""
    examples: dict[str, dict[str, str]] = tomllib.loads(EXAMPLES.read_text())
    expected = set[tuple[str, str]]()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, (rule, example) in enumerate(examples.items()):
            for kind in ("wrong", "right"):
                file = Path(example["file"])
                place = file.with_name(f"{kind}_{number}_{file.name}")
                (folder / place).parent.mkdir(parents=True, exist_ok=True)
                (folder / place).write_text(example[kind] + "\n")
                if kind == "wrong":
                    expected.add((rule, str(place)))
        told = _semgrep(path, folder, ["."])
    if isinstance(told, str):
        return [told]
    found = {(one.rule, one.place) for one in told[0]}
    missed = [f"{rule} misses its example" for rule, _ in sorted(expected - found)]
    return missed + [f"{rule} finds {place}" for rule, place in sorted(found - expected)]


def pip_audit() -> Scan:
    """Ask whether holes are known in what is installed; without its database that is unchecked, never clean."""
    found = program("pip-audit")
    if found is None:
        return Scan("pip-audit", State.NOT_RUN)
    version = version_of(found)
    findings = list[Finding]()
    seconds = 0.0
    for lock in LOCKS:
        command = [str(found), "--strict", "--require-hashes", "--disable-pip", "--progress-spinner", "off"]
        done = run([*command, "--format", "json", "-r", lock], seconds=PATIENCE)
        seconds += done.seconds
        if not done.printed.strip():
            said = (done.complained.strip().splitlines() or ["no answer in time"])[-1]
            state = State.UNCHECKED if done.status is None or any(one in said for one in NO_DATABASE) else State.FAILED
            return Scan("pip-audit", state, version, seconds, f"{lock}: {said}"[:200])
        findings += [
            Finding("pip-audit", hole["id"], f"{package['name']}=={package['version']}", words=lock)
            for package in json.loads(done.printed)["dependencies"]
            for hole in package.get("vulns", ())
        ]
    return Scan("pip-audit", State.RUN, version, seconds, f"{len(LOCKS)} lock files", findings=tuple(findings))
