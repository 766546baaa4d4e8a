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
from bench.scans.programs import program, run, version_of

MODULES = "sql,xss,redirect,csp,csrf"
WALK, ATTACK = 60, 20
LEFT_OUT = ("/sign-out", "/leave", "/demo*", "/me/this-phone/*", "/my-sign-in/sessions/*", "*download*")
"""What would end the session, or costs the walk its time: printing a PDF again and again."""
HOMES = {"young_person": "/home", "mentor": "/caseload", "council_staff": "/what-helped", "auditor": "/audit"}
TRY = 45.0
AN_ID = "[0-9a-f-]{36}"
NOT_INJECTABLE = re.compile(r"(?:GET|POST) parameter '([\w-]+)' does not seem to be injectable")


@dataclass(frozen=True)
class Form:
    """A form for sqlmap: where it goes, what is typed, and the page that has its token."""

    path: str
    typed: str
    token_from: str

    @property
    def fields(self) -> str:
        """Return the names of what is typed, as sqlmap takes them."""
        return ",".join(one.partition("=")[0] for one in self.typed.split("&"))


def addresses_of(who: SignedIn) -> list[str]:
    """Return addresses with parameters that the role opens; raises LookupError where a page lacks its link."""
    if who.role == "young_person":
        return [who.link("/check-ins", r"/check-ins\?before=[^\"#]+")]
    if who.role == "mentor":
        person = who.link("/caseload", f"/young-people/{AN_ID}")
        return [f"{person}?show=check_in&period=month"]
    if who.role == "auditor":
        return ["/audit?since=2026-01-01&until=2026-12-31&area=seen&action=note:written&who=nobody&about="]
    return ["/what-helped?by=sex&and=age", "/what-helped?outcome=school-attendance"]


FORMS = {
    "young_person": Form("/language", "language=cy&to=/help-now", "/me/how-it-looks"),
    "council_staff": Form("/young-people", "wanted=Amina&page=1", "/young-people"),
}


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
    """Try each parameter of chosen addresses, and of a form, for SQL that gets through."""
    found = program("sqlmap")
    if found is None:
        return Scan("sqlmap", State.NOT_RUN, role=who.role)
    findings, tried, seconds = list[Finding](), list[str](), 0.0
    form = FORMS.get(who.role)
    tries: list[tuple[str, list[str]]] = [(path, []) for path in addresses_of(who)]
    if form is not None:
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', who.page(form.token_from))
        data = f"{form.typed}&csrf_token={token[1] if token else ''}"
        with_token = ["--csrf-token", "csrf_token", "--csrf-url", who.base + form.token_from]
        tries.append((form.path, ["--data", data, "-p", form.fields, *with_token]))
    for path, more in tries:
        names, ones, took = _tried(found, who, path, more)
        findings += ones
        tried += [f"{general(urlsplit(path).path)} {name}" for name in names]
        seconds += took
    state = State.RUN if tried or findings else State.FAILED
    looked_at = ", ".join(tried) or "no parameter was tried to its end"
    return Scan("sqlmap", state, version_of(found), seconds, looked_at, who.role, tuple(findings))


def _tried(path: Path, who: SignedIn, address: str, more: list[str]) -> tuple[list[str], list[Finding], float]:
    with tempfile.TemporaryDirectory() as name:
        command = [
            str(path),
            "-u",
            who.base + address,
            "--cookie",
            who.cookie,
            "--batch",
            "--level",
            "1",
            "--risk",
            "1",
        ]
        command += [
            "--technique",
            "BEU",
            "--disable-coloring",
            "--retries",
            "0",
            "--timeout",
            "20",
            "--ignore-code",
            "404,422",
        ]
        command += ["--output-dir", name, "--flush-session", *more]
        done = run(command, seconds=TRY, folder=Path(name))
        injectable = re.findall(r"^Parameter: (\S+) \((?:GET|POST)\)", done.printed, re.MULTILINE)
    place = general(urlsplit(address).path)
    findings = [Finding("sqlmap", "injection", place, 0, who.role, one) for one in dict.fromkeys(injectable)]
    return list(dict.fromkeys(NOT_INJECTABLE.findall(done.printed))), findings, done.seconds


PAGE_SCANS: dict[str, tuple[Callable[[SignedIn], Scan], tuple[str, ...]]] = {
    "wapiti": (wapiti, ("young_person", "mentor", "council_staff")),
    "sqlmap": (sqlmap, ("young_person", "mentor", "council_staff", "auditor")),
}
"""Each scanner of pages, with the roles it goes as."""
