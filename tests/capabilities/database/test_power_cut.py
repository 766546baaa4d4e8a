"""The power is cut at every moment at which something was acknowledged: what was not on the disk by then is gone.

`strace` writes down each write and each sync of a real writer. A disk is then played back that keeps what was synced
and loses everything else, and SQLite opens what is left of it.
"""

import re
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import make_url

from app import create_app
from bench.key_rotation import fill, surroundings
from tests.conftest import KEY, let_go, settings_for
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.servers import ROOT

ENTRIES = 12
CALL = re.compile(
    rb"^\d+ +(pwrite64|write|f(?:data)?sync|ftruncate)\(\d+<([^>]*)>"
    rb'(?:, "((?:\\x..)*)", \d+(?:, (\d+))?|, (\d+))?\) = \d+'
)
PLAIN = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA journal_mode=WAL")
connection.execute("PRAGMA synchronous=" + sys.argv[2])
connection.execute("CREATE TABLE kept (id TEXT)")
with open(sys.argv[3], "ab", buffering=0) as told:
    for number in range(12):
        connection.execute("INSERT INTO kept VALUES (?)", (str(number),))
        told.write(b"%d\\n" % number)
"""


@dataclass
class Disk:
    """Files as a disk has them after a power cut, and what was written since the last sync of each."""

    held: dict[str, bytearray] = field(default_factory=dict)
    waiting: dict[str, list[tuple[int, bytes | None]]] = field(default_factory=dict)

    def write(self, path: str, at: int, contents: bytes | None) -> None:
        """Take a write at a place, or (without contents) a cut to that length."""
        self.waiting.setdefault(path, []).append((at, contents))

    def sync(self, path: str) -> None:
        file = self.held.setdefault(path, bytearray())
        for at, contents in self.waiting.pop(path, ()):
            if contents is None:
                del file[at:]
            else:
                file.extend(bytes(max(0, at - len(file))))
                file[at : at + len(contents)] = contents

    def left_in(self, folder: Path) -> None:
        for path, contents in self.held.items():
            (folder / Path(path).name).write_bytes(contents)


def plain(written: bytes) -> bytes:
    r"""Return what `strace` wrote as \x61\x62."""
    return bytes.fromhex(written.replace(rb"\x", b"").decode())


def played_back(trace: Path, disk: Disk, told: Path) -> Iterator[bytes]:
    """Bring a disk to where it was whenever something was acknowledged, and yield what that was."""
    for line in trace.read_bytes().splitlines():
        found = CALL.match(line)
        if found is None:
            continue
        call, path = found[1], plain(found[2]).decode()
        if path == str(told):
            yield plain(found[3])
        elif not path.endswith((".db", ".db-wal")):
            continue
        elif call.endswith(b"sync"):
            disk.sync(path)
        elif call == b"ftruncate":
            disk.write(path, int(found[5]), None)
        else:
            assert found[4] is not None, "SQLite writes at a place"
            disk.write(path, int(found[4]), plain(found[3]))


def traced(command: list[str], trace: Path) -> list[str]:
    """Return a command that writes down what another one writes; skips where this machine lets nobody look."""
    strace = shutil.which("strace")
    calls = "trace=pwrite64,write,fsync,fdatasync,ftruncate,pwritev"
    if strace is None or subprocess.run([strace, "-o", "/dev/null", "true"], check=False).returncode:  # noqa: S603
        pytest.skip("There is no strace on this machine, or it may not look.")
    return [strace, "-f", "-y", "-xx", "-s", "70000", "-e", calls, "-o", str(trace), *command]


def lost(disk: Disk, acknowledged: Iterator[bytes], folder: Path, rows: Callable[[Path], set[str]]) -> tuple[int, int]:
    """Cut the power at each acknowledgement; return how many were played and how many acknowledged rows were gone."""
    told, gone = list[str](), 0
    for number, one in enumerate(acknowledged):
        told += [line.split()[0] for line in one.decode().splitlines()]
        left = folder / str(number)
        left.mkdir()
        disk.left_in(left)
        gone += len(set(told) - rows(left))
        shutil.rmtree(left)
    return len(told), gone


def plain_rows(folder: Path) -> set[str]:
    with closing(sqlite3.connect(folder / "plain.db")) as connection:
        try:
            return {row[0] for row in connection.execute("SELECT id FROM kept")}
        except sqlite3.OperationalError:
            return set()


def check_ins(folder: Path) -> set[str]:
    (path,) = folder.glob("records-*.db")
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return {str(UUID(row[0])) for row in connection.execute("SELECT id FROM check_ins")}


@pytest.mark.parametrize(("synchronous", "loses"), [("FULL", False), ("NORMAL", True)])
def test_the_simulated_disk_tells_full_from_normal(tmp_path: Path, synchronous: str, loses: bool) -> None:  # noqa: FBT001 (of a table)
    told, trace, disk = tmp_path / "told", tmp_path / "trace", Disk()
    command = [sys.executable, "-c", PLAIN, str(tmp_path / "plain.db"), synchronous, str(told)]
    subprocess.run(traced(command, trace), check=True)  # noqa: S603 (our own)
    count, gone = lost(disk, played_back(trace, disk, told), tmp_path, plain_rows)
    assert (count, gone > 0) == (ENTRIES, loses)


def test_nothing_that_was_acknowledged_is_lost_when_the_power_is_cut(
    databases: SqliteDatabases | PostgresDatabases, tmp_path: Path
) -> None:
    if isinstance(databases, PostgresDatabases):
        pytest.skip("PostgreSQL’s own synchronous_commit holds there.")
    urls = databases.fresh()
    app = create_app(replace(settings_for(urls, tmp_path), key_value=KEY, index_key_value=KEY))
    with app.app_context():
        fill(0)
        let_go()
    told, trace, disk = tmp_path / "told", tmp_path / "trace", Disk()
    for url in urls:
        path = make_url(url).database or ""
        disk.held[path] = bytearray(Path(path).read_bytes())
    told.touch()
    command = traced([sys.executable, "-m", "bench.key_rotation", "--write", str(told)], trace)
    with subprocess.Popen(command, cwd=ROOT, env=surroundings(urls, tmp_path), stdin=subprocess.PIPE) as writer:  # noqa: S603
        until = time.monotonic() + 60
        while told.read_bytes().count(b"\n") < ENTRIES and writer.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        writer.communicate()
    assert writer.returncode == 0
    count, gone = lost(disk, played_back(trace, disk, told), tmp_path, check_ins)
    assert count >= ENTRIES
    assert gone == 0
