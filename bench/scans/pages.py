"""Scans of a served council by somebody who is signed in: wapiti walks and attacks, sqlmap tries chosen addresses."""

import json
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bench.scans.council import SignedIn
from bench.scans.findings import Finding, Scan, State
from bench.scans.programs import Done, program, run, version_of

MODULES = "sql,xss,redirect,csp,csrf"
WALK, ATTACK = 60, 20
LEFT_OUT = (
    *("/sign-out", "/leave", "/demo*", "/me/this-phone/*", "/me/phones/*", "/my-sign-in/sessions/*"),
    *("*/phones/forget", "*download*"),
)
"""What would end the session, or another role's, or costs the walk its time: printing a PDF again and again."""
HOMES = {"young_person": "/home", "mentor": "/caseload", "council_staff": "/what-helped", "auditor": "/audit"}
EACH = 150.0
"""Seconds for sqlmap to try one parameter to its end."""
NOT_INJECTABLE = re.compile(r"(?:GET|POST) parameter '([\w-]+)' does not seem to be injectable")
AN_ID = "[0-9a-f-]{36}"
A_MOMENT = "2026-06-01T12:00:00%2B00:00~00000000-0000-4000-8000-000000000001"
"""How an address says where a page goes on: a moment and an id."""
A_SEARCH = "since=2026-01-01&until=2026-12-31&area=seen&action=note:written&who=nobody&about=nobody&before=900"


@dataclass(frozen=True)
class Target:
    """A parameter for sqlmap: an address with its query, or where a form goes, what is typed and who has its token."""

    name: str
    path: str
    typed: str = ""
    token_from: str = ""

    def __str__(self) -> str:
        return f"{self.name} of {general(urlsplit(self.path).path)}"


def in_query(path: str, query: str) -> list[Target]:
    """Return each parameter of an address."""
    return [Target(one.partition("=")[0], f"{path}?{query}") for one in query.split("&")]


def typed_into(path: str, typed: str, token_from: str) -> list[Target]:
    """Return each field of a form."""
    return [Target(one.partition("=")[0], path, typed, token_from) for one in typed.split("&")]


def targets_of(who: SignedIn) -> list[Target]:
    """Return every parameter that a query takes from an address, and fields that are looked up; by role.

    Raises LookupError where a page lacks the link that leads to one.
    """
    if who.role == "young_person":
        pages = in_query("/check-ins", f"before={A_MOMENT}") + in_query("/posts", f"before={A_MOMENT}")
        return pages + typed_into("/language", "language=cy&to=/help-now", "/me/how-it-looks")
    if who.role == "mentor":
        person = who.link("/caseload", f"/young-people/{AN_ID}")
        note, school = (
            in_query(f"{person}/note", "about=00000000-0000-4000-8000-000000000001"),
            in_query(f"{person}/school", "week=2026-06-01"),
        )
        return in_query(person, "show=check_in&period=month") + note + school
    if who.role == "auditor":
        return in_query("/audit", A_SEARCH)
    offer = who.link("/offers", f"/offers/{AN_ID}")
    figures = in_query("/what-helped", "by=sex&and=age") + in_query("/what-helped", "outcome=school-attendance")
    lists = in_query(offer, f"before={A_MOMENT}")
    return figures + lists + typed_into("/young-people", "wanted=Amina&page=1", "/young-people")


def wapiti(who: SignedIn) -> Scan:
    """Walk what the role can reach for a minute at most, then attack what was found, each kind for 20 seconds."""
    found = program("wapiti")
    if found is None:
        return Scan("wapiti", State.NOT_RUN, role=who.role)
    with tempfile.TemporaryDirectory() as name:
        report = Path(name) / "report.json"
        command = [
            str(found),
            "-u",
            f"{who.base}/",
            "-m",
            MODULES,
            "-C",
            who.cookie,
            "--flush-session",
            "--no-bugreport",
        ]
        command += [
            "-v",
            "2",
            "--max-scan-time",
            str(WALK),
            "--max-attack-time",
            str(ATTACK),
            "-f",
            "json",
            "-o",
            str(report),
        ]
        command += ["--store-session", f"{name}/session", "--store-config", f"{name}/config"]
        for path in LEFT_OUT:
            command += ["-x", who.base + path if path.startswith("/") else f"{who.base}/{path}"]
        done = run(command, seconds=WALK + ATTACK * (MODULES.count(",") + 4), folder=Path(name))
        if not report.exists():
            said = (done.complained or done.printed)[-300:]
            return Scan("wapiti", State.FAILED, version_of(found), done.seconds, said, who.role)
        told = json.loads(report.read_text())
    findings = tuple(
        Finding(
            "wapiti", kind, general(urlsplit(one["path"]).path), 0, who.role, f"{one['parameter']}: {one['info']}"[:160]
        )
        for part in ("vulnerabilities", "anomalies")
        for kind, ones in told[part].items()
        for one in ones
    )
    signed_in = bool(who.page(HOMES[who.role]))
    still = "still signed in" if signed_in else "no longer signed in at the end"
    looked_at = f"{told['infos'].get('crawled_pages_nbr', '?')} addresses, {still}"
    return Scan(
        "wapiti",
        State.RUN if signed_in else State.FAILED,
        version_of(found),
        done.seconds,
        looked_at,
        who.role,
        findings,
    )


def general(path: str) -> str:
    """Return a path with `*` for each id, so that one reason fits every record."""
    return re.sub(AN_ID, "*", path)


def sqlmap(who: SignedIn) -> Scan:
    """Try one parameter after another, each for its own time; one that was not tried to its end fails the scan."""
    found = program("sqlmap")
    if found is None:
        return Scan("sqlmap", State.NOT_RUN, role=who.role)
    findings, tried, left, seconds = list[Finding](), list[str](), list[str](), 0.0
    for target in targets_of(who):
        done = _tried(found, who, target)
        seconds += done.seconds
        gets_through = f"Parameter: {target.name} (" in done.printed
        if gets_through:
            place = general(urlsplit(target.path).path)
            findings.append(Finding("sqlmap", "injection", place, 0, who.role, target.name))
        if gets_through or target.name in NOT_INJECTABLE.findall(done.printed):
            tried.append(f"{target} ({done.seconds:.0f} s)")
        else:
            left.append(f"{target} ({why_not(done)})")
    looked_at = f"{len(tried)} parameters to their end: {', '.join(tried)}"
    if left:
        looked_at = f"not tried to their end: {', '.join(left)}; {looked_at}"
    state = State.FAILED if left else State.RUN
    return Scan("sqlmap", state, version_of(found), seconds, looked_at, who.role, tuple(findings))


def why_not(done: Done) -> str:
    """Return why a parameter was not tried to its end: its time was over, or the last that sqlmap complained of."""
    if done.status is None:
        return f"more than {EACH:.0f} s"
    said = re.findall(r"\[(?:CRITICAL|ERROR)\] (.+)", done.printed)
    return said[-1][:120] if said else "it does not say why"


def _tried(path: Path, who: SignedIn, target: Target) -> Done:
    command = [str(path), "-u", who.base + target.path, "-p", target.name, "--cookie", who.cookie, "--drop-set-cookie"]
    command += ["--batch", "--level", "1", "--risk", "1", "--technique", "BEU", "--text-only", "--skip-waf"]
    command += ["--retries", "0", "--timeout", "20", "--ignore-code", "404,422", "--disable-coloring"]
    if target.typed:
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', who.page(target.token_from))
        command += ["--data", f"{target.typed}&csrf_token={token[1] if token else ''}"]
        command += ["--csrf-token", "csrf_token", "--csrf-url", who.base + target.token_from]
    with tempfile.TemporaryDirectory() as name:
        return run([*command, "--output-dir", name, "--flush-session"], seconds=EACH, folder=Path(name))


PAGE_SCANS: dict[str, tuple[Callable[[SignedIn], Scan], tuple[str, ...]]] = {
    "wapiti": (wapiti, ("young_person", "mentor", "council_staff")),
    "sqlmap": (sqlmap, ("young_person", "mentor", "council_staff", "auditor")),
}
"""Each scanner of pages, with the roles it goes as."""
