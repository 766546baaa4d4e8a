"""New data keys for everybody while check-ins keep arriving, killed half-way and gone on with.

python -m bench.key_rotation [--rows 100000] prints what was sealed anew, what arrived meanwhile, and that nothing was
lost or does not open; status 1 otherwise. It uses real processes: one that writes, one that rotates (killed with
SIGKILL once about a third is done, then started again), on two SQLite files of its own.
"""

from __future__ import annotations

import argparse
import base64
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select

from app import clock, create_app
from app.accounts.models import Account
from app.accounts.services import create_council
from app.accounts.sessions import viewer_of
from app.checkins.models import CheckIn
from app.checkins.services import record_check_in, record_check_ins_in_bulk
from app.checkins.values import NewCheckIn
from app.crypto.models import DataKey
from app.crypto.resealing import open_all
from app.crypto.sealed_columns import sealed_column
from app.database import db, transaction
from app.young_people.models import YoungPerson
from app.young_people.queries import young_person_for
from app.young_people.services import add_young_person
from app.young_people.values import PersonDetails

ROOT = Path(__file__).parent.parent
PEOPLE = 100
BATCH = 2_000
REMEMBERED = 1
SECOND_VERSION = bytes([1, 1, 0, 0, 0, 2])
LONGEST_SECONDS = 500


def surroundings(urls: tuple[str, str], folder: Path) -> dict[str, str]:
    """Return the environment of every process of the run."""
    key = base64.b64encode(b"k" * 32).decode()
    tombstones = folder / "tombstones"
    tombstones.touch()
    return {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "TIDEMARK_DATABASE_URL": urls[0],
        "TIDEMARK_KEYS_DATABASE_URL": urls[1],
        "TIDEMARK_KEY": key,
        "TIDEMARK_INDEX_KEY": key,
        "TIDEMARK_TOMBSTONES": str(tombstones),
        "TIDEMARK_KEYS_REMEMBERED": str(REMEMBERED),
    }


def fill(rows: int) -> None:
    """Make a council whose young people have `rows` check-ins between them."""
    with transaction():
        council = create_council(slug="derwent", name="Derwent Council").id
        for place in range(PEOPLE):
            details = PersonDetails(reference=f"YP-{place}", first_name=f"Name {place}", last_name="Test")
            add_young_person(council_id=council, details=details, actor=None)
    people = list(db.session.execute(select(YoungPerson.id)).scalars())
    begun = clock.now() - timedelta(days=400)
    for start in range(0, rows, BATCH):
        batch = [
            (
                people[n % PEOPLE],
                NewCheckIn(id=uuid4(), measure="faces", answer=n % 5 + 1, at=begun, words=f"entry {n}"),
            )
            for n in range(start, min(start + BATCH, rows))
        ]
        with transaction():
            record_check_ins_in_bulk(council_id=council, actor=None, rows=batch)


def entry(place: int, words: str) -> NewCheckIn:
    return NewCheckIn(id=uuid4(), measure="faces", answer=place % 5 + 1, words=words)


def write_until_told(acknowledged: Path) -> None:
    """Record one check-in after another, noting each once it is committed, until standard input closes."""
    os.set_blocking(0, False)
    with create_app().app_context(), acknowledged.open("a") as noted:
        people = list(db.session.execute(select(Account.id, Account.owner_id)))
        place = 0
        while not _is_closed():
            account_id, person_id = people[place % len(people)]
            viewer = viewer_of(db.session.get_one(Account, account_id))
            new = entry(place, f"arrived {place}")
            with transaction():
                access = young_person_for(viewer, person_id)
                record_check_in(viewer=viewer, access=access, new=new)
            noted.write(f"{new.id} arrived {place}\n")
            noted.flush()
            place += 1


def _is_closed() -> bool:
    try:
        return os.read(0, 1) == b""
    except BlockingIOError:
        return False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one run."""

    rows: int
    arrived: int
    lost: int
    unreadable: int
    sealed_when_killed: int
    old_keys: int
    seconds: float

    @property
    def is_good(self) -> bool:
        halfway = 0 < self.sealed_when_killed < self.rows
        return halfway and self.arrived > 0 and not self.lost and not self.unreadable and not self.old_keys


def rotate_under_load(app: Flask, urls: tuple[str, str], rows: int, folder: Path) -> Outcome:
    """Fill the databases of `app`, rotate them as the module says, and say what came of it."""
    with app.app_context():
        fill(rows)
        with writer(urls, folder) as acknowledged:
            begun = time.monotonic()
            sealed = _kill_half_way(urls, rows, folder)
            settings = surroundings(urls, folder)
            done = subprocess.run(_command(), cwd=ROOT, env=settings, capture_output=True, check=False)  # noqa: S603
            seconds = time.monotonic() - begun
        if done.returncode:
            raise RuntimeError(done.stderr.decode())
        return _outcome(acknowledged, rows, sealed, seconds)


@contextmanager
def writer(urls: tuple[str, str], folder: Path) -> Iterator[Path]:
    """Let another process write while the block runs."""
    acknowledged = folder / "acknowledged"
    command = [sys.executable, "-m", "bench.key_rotation", "--write", str(acknowledged)]
    process = subprocess.Popen(command, cwd=ROOT, env=surroundings(urls, folder), stdin=subprocess.PIPE)  # noqa: S603
    try:
        yield acknowledged
    finally:
        process.communicate()
    if process.returncode:
        raise RuntimeError("The process that writes stopped by itself.")


def _command() -> list[str]:
    return [sys.executable, "-m", "flask", "--app", "wsgi", "keys", "rotate", "--data"]


def _sealed_anew() -> int:
    column = sealed_column(CheckIn, "answer")
    db.session.rollback()
    query = select(func.count()).select_from(CheckIn).where(func.substr(column, 1, 6) == SECOND_VERSION)
    return db.session.execute(query).scalar_one()


def _kill_half_way(urls: tuple[str, str], rows: int, folder: Path) -> int:
    process = subprocess.Popen(_command(), cwd=ROOT, env=surroundings(urls, folder), stderr=subprocess.DEVNULL)  # noqa: S603
    stop = time.monotonic() + LONGEST_SECONDS
    while _sealed_anew() < rows / 3:
        if process.poll() is not None or time.monotonic() > stop:
            raise RuntimeError("The rotation ended before it could be killed.")
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait()
    return _sealed_anew()


def _outcome(acknowledged: Path, rows: int, sealed: int, seconds: float) -> Outcome:
    expected = {UUID(line[:36]): line[37:] for line in acknowledged.read_text().splitlines()}
    db.session.rollback()
    found = dict[UUID, str]()
    for row in db.session.execute(select(CheckIn)).scalars():
        found[row.id] = row.words
    lost = sum(found.get(key) != words for key, words in expected.items())
    lost += rows - sum(words.startswith("entry ") for words in found.values())
    with db.engines["keys"].connect() as connection:
        old = connection.execute(select(func.count()).where(DataKey.version < 2)).scalar_one()  # noqa: PLR2004
    unreadable = open_all(lambda _count: None).unreadable.total()
    return Outcome(rows, len(expected), lost, unreadable, sealed, old, seconds)


def main() -> int:
    """Print what came of it; return 1 if anything was lost or does not open."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--write", type=Path, help="be the process that writes, noting what was committed in this file")
    options = parser.parse_args()
    if options.write:
        write_until_told(options.write)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        urls = (f"sqlite:///{folder}/records.db", f"sqlite:///{folder}/keys.db")
        os.environ.update(surroundings(urls, Path(folder)))
        app = create_app()
        with app.app_context():
            upgrade()
        found = rotate_under_load(app, urls, options.rows, Path(folder))
    print(f"{found.rows:,} check-ins; killed with {found.sealed_when_killed:,} sealed anew, then gone on with")
    print(f"{found.arrived:,} arrived meanwhile; {found.lost} lost, {found.unreadable} values do not open")
    print(f"{found.old_keys} old data keys are left; {found.seconds:.0f} s from start to end")
    return 0 if found.is_good else 1


if __name__ == "__main__":
    sys.exit(main())
