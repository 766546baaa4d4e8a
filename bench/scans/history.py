"""Secrets in what was ever committed: detect-secrets over each line that a commit added, and over the tree as it is."""

import json
import secrets as chance
import string
import subprocess
import tempfile
from pathlib import Path

from bench.scans.findings import Finding, Scan, State
from bench.scans.programs import ROOT, program, run, version_of

PATIENCE = 300.0
MESSAGES = "commit messages"
Lines = dict[str, dict[str, str]]
"""By file each line that was ever in it, once, with the commit that first added it; none where it is not committed."""


def git(*words: str, repository: Path = ROOT) -> str:
    """Return what git prints; bytes that are no UTF-8 are replaced. Raises CalledProcessError where it fails."""
    command = ["git", "-c", "core.quotepath=off", "-C", str(repository), *words]
    return subprocess.run(command, check=True, capture_output=True).stdout.decode(errors="replace")  # noqa: S603 (git)


def lines_ever(repository: Path = ROOT) -> tuple[Lines, int]:
    """Return every line of the history, messages too, and of files that stand there now; and how many commits."""
    how = ("--reverse", "-p", "-m", "-U0", "--no-renames", "--no-color", "--format=%x00%H%n%B")
    found, commits = _added_in(git("log", *how, repository=repository))
    for name in git("ls-files", "-z", "--cached", "--others", "--exclude-standard", repository=repository).split("\0"):
        file = repository / name
        if name and file.is_file() and b"\0" not in (read := file.read_bytes()):
            for line in read.decode(errors="replace").split("\n"):
                found.setdefault(name, {}).setdefault(line, "")
    return found, len(commits)


def _added_in(log: str) -> tuple[Lines, set[str]]:
    """Take a log of git's apart: the lines that were added, and the commits."""
    found: Lines = {MESSAGES: {}}
    commits = set[str]()
    path, commit, in_hunk = MESSAGES, "", False
    for line in log.split("\n"):
        if line.startswith("\0"):
            path, commit, in_hunk = MESSAGES, line[1:], False
            commits.add(commit)
        elif line.startswith("diff --git "):
            path, in_hunk = "", False
        elif not in_hunk and line.startswith("+++ b/"):
            path = line.removeprefix("+++ b/").rstrip("\t")
        elif line.startswith("@@ "):
            in_hunk = True
        elif path == MESSAGES or (in_hunk and line.startswith("+")):
            found.setdefault(path, {}).setdefault(line if path == MESSAGES else line[1:], commit)
    return found, commits


def planted() -> dict[str, str]:
    """Return secrets of nobody's by the kind that has to find each: a scan that does not is blind."""
    letters = "".join(chance.choice(string.ascii_uppercase + "234567") for _ in range(16))
    return {
        "AWS Access Key": f"AKIA{letters}",
        "Private Key": "-----BEGIN RSA " + "PRIVATE KEY-----",
        "Secret Keyword": f'password = "{chance.token_hex(8)}"',
        "Base64 High Entropy String": f'"{chance.token_urlsafe(60)}"',
    }


def secrets(repository: Path = ROOT) -> Scan:
    """Look for secrets in every line that was ever committed, and in the tree as it is; none of them is printed."""
    found = program("detect-secrets")
    if found is None or not (repository / ".git").exists():
        return Scan("detect-secrets", State.NOT_RUN)
    version = version_of(found)
    lines, commits = lines_ever(repository)
    to_find = planted()
    files = [*lines.items(), ("planted.py", dict.fromkeys(to_find.values(), ""))]
    with tempfile.TemporaryDirectory() as name:
        for number, (path, theirs) in enumerate(files):
            file = Path(name) / str(number) / Path(path).name
            file.parent.mkdir()
            file.write_text("\n".join(theirs), encoding="utf-8")
        done = run([str(found), "scan", "--all-files", "--no-verify", "."], seconds=PATIENCE, folder=Path(name))
    if done.status != 0:
        said = done.complained[-300:] or "no answer in time"
        return Scan("detect-secrets", State.FAILED, version, done.seconds, said)
    results = {int(path.partition("/")[0]): ones for path, ones in json.loads(done.printed)["results"].items()}
    missed = set(to_find) - {one["type"] for one in results.pop(len(lines), ())}
    if missed:
        return Scan("detect-secrets", State.FAILED, version, done.seconds, f"misses {', '.join(sorted(missed))}")
    findings = tuple(
        Finding("detect-secrets", one["type"], path, words=_added(list(theirs.values()), one["line_number"]))
        for number, (path, theirs) in enumerate(lines.items())
        for one in results.get(number, ())
    )
    looked_at = f"{sum(map(len, lines.values())):,} lines of {len(lines):,} files, {commits} commits"
    return Scan("detect-secrets", State.RUN, version, done.seconds, looked_at, findings=findings)


def _added(commits: list[str], line: int) -> str:
    return f"added in {commits[line - 1][:10]}" if commits[line - 1] else "not committed"
