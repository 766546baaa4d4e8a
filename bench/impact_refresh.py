"""What a council's nightly refresh and its pages cost, from the encrypted database: python -m bench.impact_refresh.

Makes a council (10,000 young people, 1,000,000 check-ins, 20 offers) in a database of its own, SQLite or PostgreSQL,
and publishes it; then refreshes with nothing new and with ever more young people having checked in once more. Every
refresh is a process of its own, as at night: wall and processor seconds, peak memory, and how many sealed things it
opened. Then it asks for the pages, warm, through the whole app; and it records one check-in and looks whether the young
person's own page counts it. It ends with status 1 where a page takes longer than it may, a refresh opens more than what
is new, or the own page does not count the check-in.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

from app import clock, create_app
from app.accounts.models import Account
from app.accounts.session_services import start_session
from app.accounts.sessions import viewer_of
from app.accounts.values import Proof
from app.checkins.services import record_check_in, record_check_ins_in_bulk
from app.checkins.values import NewCheckIn
from app.database import db, transaction
from app.impact import services
from app.young_people.models import YoungPerson
from app.young_people.queries import own_access
from bench.impact_speed import MOST_BUSY
from bench.key_rotation import ROOT, surroundings
from bench.large_council import LargeCouncil, make_large_council

PEOPLE, CHECK_INS = 10_000, 1_000_000
WITH_NEWS = (0, 10, 100, 1_000, 2_500, 10_000)
WARM_UP, TIMES = 3, 30
LONGEST_MS = 300.0
COLUMNS = ("sex", "ethnicity", "need", "presenting-need", "diagnosis", "age", "locality", "route")
SINCE = re.compile(r"(\d+) since\.")


@dataclass(frozen=True)
class Cost:
    """What one refresh took, in seconds and MiB, what it opened, and how many cells it published anew."""

    wall: float
    processor: float
    peak: float
    check_ins: int
    records: int
    blocks: int
    anew: int
    waits: bool

    def row(self, title: str, full: Cost | None) -> str:
        share = "" if full is None else f"{self.processor / full.processor:7.1%}"
        return (
            f"{title:>18} {self.wall:8.1f} {self.processor:8.1f} {share:>7} {self.peak:8.0f} {self.check_ins:10,} "
            f"{self.records:8,} {self.blocks:8,} {self.anew:8,}{'  waits' if self.waits else ''}"
        )


HEADER = (
    f"{'new':>18} {'wall s':>8} {'cpu s':>8} {'of full':>7} {'peak MiB':>8} {'check-ins':>10} {'records':>8} "
    f"{'blocks':>8} {'cells':>8}"
)


@contextmanager
def databases(kind: str, folder: Path) -> Iterator[tuple[str, str]]:
    """Give the addresses of two empty databases, gone at the end; PostgreSQL's is the server that the tests use."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/records.db", f"sqlite:///{folder}/keys.db"
        return
    from tests.databases import postgres_databases  # noqa: PLC0415 (starts a server: only where it is asked for)

    server = postgres_databases()
    try:
        yield server.fresh(template=None)
    finally:
        server.close()


def peak() -> float:
    """Return the most memory that this program has held, in MiB; off Linux also what its parent had when it began."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def refresh(council_id: UUID) -> Cost:
    """Refresh as `flask impact refresh` does, in this process."""
    wall, processor = time.perf_counter(), time.process_time()
    prepared = services.prepare(council_id=council_id)
    with transaction():
        found = services.refresh(council_id=council_id, prepared=prepared)
    took = time.perf_counter() - wall, time.process_time() - processor
    return Cost(*took, peak(), **asdict(found.opened), anew=found.anew, waits=found.waiting is not None)


def refresh_alone(council_id: UUID) -> Cost:
    """Refresh in a process of its own."""
    command = [sys.executable, "-m", "bench.impact_refresh", "--refresh", str(council_id)]
    found = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603 (ourselves)
    return Cost(**json.loads(found.stdout.splitlines()[-1]))


def check_in_once_more(council: LargeCouncil, people: int, seed: int) -> None:
    """Let `people` young people, drawn by lot, check in once more; never the one whose own page is looked at."""
    rng, others = np.random.default_rng(seed), [one for one in council.people if one != council.mentored]
    chosen = rng.choice(len(others), min(people, len(others)), replace=False)
    rows = [
        (
            others[place],
            NewCheckIn(uuid4(), "scale", int(rng.integers(0, 11)), at=clock.now() - timedelta(minutes=5)),
        )
        for place in chosen.tolist()
    ]
    with transaction():
        record_check_ins_in_bulk(council_id=council.council_id, actor=None, rows=rows)


def refreshes(council: LargeCouncil) -> list[str]:
    """Print what every refresh costs; return what is wrong."""
    print(f"\nThe refresh, as many young people having checked in once more\n{HEADER}")
    full, said, unread = refresh_alone(council.council_id), [], 0
    print(full.row("everything", None), flush=True)
    for seed, people in enumerate(count for count in WITH_NEWS if count <= len(council.people)):
        if people:
            check_in_once_more(council, people, seed)
        cost, unread = refresh_alone(council.council_id), unread + people
        print(cost.row(f"{people:,}", full), flush=True)
        if cost.check_ins > unread or cost.records:
            said.append(f"MISSED: {unread} new check-ins, {cost.check_ins} opened, and {cost.records} records")
        unread = unread if cost.waits else 0
    return said


def signed_in(app: Flask, account_id: UUID, proof: Proof) -> FlaskClient:
    """Give a client on which somebody is signed in."""
    with app.app_context(), transaction():
        token = start_session(account=db.session.get_one(Account, account_id), proof=proof)
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True
    return client


def answered(client: FlaskClient, path: str) -> str:
    response = client.get(path)
    if response.status_code != 200:  # noqa: PLR2004 (HTTP's own number)
        raise SystemExit(f"{path} answered {response.status_code}")
    return response.text


def timed(ask: Callable[[], object], times: int) -> tuple[list[float], list[float]]:
    """Return how many milliseconds each request took once warm, by the wall clock and of the processor."""
    for _ in range(WARM_UP):
        ask()
    wall, processor = [], []
    for _ in range(times):
        begun = time.perf_counter(), time.process_time()
        ask()
        wall.append(1000 * (time.perf_counter() - begun[0]))
        processor.append(1000 * (time.process_time() - begun[1]))
    return wall, processor


def pages(client: FlaskClient, council: LargeCouncil, times: int) -> list[str]:
    """Print how long the pages take; return those that take too long."""
    paths = ["/what-helped", *(f"/what-helped?by={column}" for column in COLUMNS)]
    paths += ["/what-helped?by=sex&and=need", f"/what-helped/{council.offers[0]}"]
    print(f"\nPages, warm, {times} requests each: milliseconds, at most {LONGEST_MS:.0f}")
    print(f"{'':34} {'median':>8} {'95%':>8} {'cpu 95%':>8}")
    said = []
    for path in paths:
        wall, processor = timed(lambda path=path: answered(client, path), times)  # type: ignore[misc]
        half, most, worked = np.percentile(wall, 50), np.percentile(wall, 95), np.percentile(processor, 95)
        shown = re.sub(r"/[0-9a-f-]{36}", "/one intervention", path)
        print(f"{shown:34} {half:8.0f} {most:8.0f} {worked:8.0f}", flush=True)
        if most > LONGEST_MS:
            busy = worked <= LONGEST_MS and most > MOST_BUSY * worked
            why = "other programs kept the processor busy: measure it again on an idle machine" if busy else "too long"
            said.append(f"{'Remark' if busy else 'MISSED'}: {shown} took {most:.0f} ms, {why}")
    return said


def counts_at_once(app: Flask, council: LargeCouncil) -> list[str]:
    """Record one check-in and look whether the young person's own page, as their mentor sees it, counts it."""
    path = f"/young-people/{council.mentored}/what-followed"
    mentor = signed_in(app, council.mentor_id, Proof.SECOND_STEP)
    before = SINCE.findall(answered(mentor, path))
    with app.app_context():
        person = db.session.get_one(YoungPerson, council.mentored)
        viewer = viewer_of(db.session.get_one(Account, person.account_id))
        with transaction():
            record_check_in(viewer=viewer, access=own_access(viewer), new=NewCheckIn(uuid4(), "scale", 7))
    begun = time.perf_counter()
    after = SINCE.findall(answered(mentor, path))
    took = 1000 * (time.perf_counter() - begun)
    print(f"\nA check-in was recorded: weeks since the first session {before} before, {after} after, in {took:.0f} ms")
    grown = [int(b) - int(a) for a, b in zip(before, after, strict=True)]
    return [] if grown and set(grown) == {1} else ["MISSED: the own page does not count the new check-in"]


def bench(people: int, check_ins: int, *, prompts: bool, times: int) -> list[str]:
    """Make the council in the databases that the environment names, and measure; return what is missed."""
    app, begun = create_app(), time.perf_counter()
    with app.app_context():
        upgrade()
        council = make_large_council(check_ins, people, prompts=prompts)
        print(f"{people:,} young people, {check_ins:,} check-ins, {len(council.offers)} offers, ", end="")
        print(f"{'the log of prompts, ' if prompts else ''}made in {time.perf_counter() - begun:.0f} s", flush=True)
        said = refreshes(council)
    said += pages(signed_in(app, council.staff_id, Proof.SECOND_STEP), council, times)
    return said + counts_at_once(app, council)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print it all; return 1 where something is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--check-ins", type=int, default=CHECK_INS)
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--prompts", action="store_true", help="have a log of every time that somebody was asked, too")
    parser.add_argument("--times", type=int, default=TIMES, help="requests of every page")
    parser.add_argument("--refresh", type=UUID, help="be the process that refreshes this council")
    options = parser.parse_args(arguments)
    if options.refresh:
        with create_app().app_context():
            print(json.dumps(asdict(refresh(options.refresh))))
        return 0
    with tempfile.TemporaryDirectory() as folder, databases(options.database, Path(folder)) as urls:
        os.environ.update(surroundings(urls, Path(folder)))
        os.environ.pop("TIDEMARK_KEYS_REMEMBERED")
        os.environ["TIDEMARK_SECRET_KEY"] = "s" * 40
        said = bench(options.people, options.check_ins, prompts=options.prompts, times=options.times)
    print(*said, sep="\n")
    return int(any(text.startswith("MISSED") for text in said))


if __name__ == "__main__":
    sys.exit(main())
