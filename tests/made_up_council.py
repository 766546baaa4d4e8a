"""A made-up council on this machine, made and served by our own commands: to take pictures of, and to scan."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tests.servers import ROOT, spare_port, wait_for


@dataclass(frozen=True)
class MadeUpCouncil:
    """Where the council answers, the settings that its commands run under, and whom one can be, as the demo says it."""

    base: str
    settings: dict[str, str]
    people: list[dict[str, str]]

    @property
    def sign_in_addresses(self) -> dict[str, str]:
        """Return by role the address that signs somebody of it in."""
        return {one["role"]: one["sign_in_url"] for one in self.people}

    def flask(self, *arguments: str) -> str:
        """Run a command of Tidemark's to its end and return what it printed."""
        return _flask(self.settings, *arguments)


@contextmanager
def served_council(
    folder: Path, *, port: int | None = None, seed: tuple[str, ...] = (), log: IO[str] | None = None
) -> Iterator[MadeUpCouncil]:
    """Make a council, all of whose files are in `folder`, serve it, and stop the server afterwards.

    `port`: where, else at one that is free; `seed` are further words for `demo seed`; `log` is where the server
    writes, else where this program does.
    """
    port = port or spare_port()
    base, settings = f"http://127.0.0.1:{port}", settings_in(folder, port)
    for command in (("keys", "new"), ("db", "upgrade"), ("demo", "seed", *seed)):
        _flask(settings, *command)
    people = json.loads(_flask(settings, "demo", "people", "--json"))
    serving = [*_command(), "serve", "--port", str(port)]
    server = subprocess.Popen(serving, cwd=ROOT, env=settings, stdout=log, stderr=log)  # noqa: S603 (our own interpreter)
    try:
        wait_for(f"{base}/healthy")
        yield MadeUpCouncil(base, settings, people)
    finally:
        server.terminate()
        server.wait()


def settings_in(folder: Path, port: int) -> dict[str, str]:
    """Return the settings of a council all of whose files are in one folder, and nothing of ours besides."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("TIDEMARK_")}
    return own | {
        "TIDEMARK_DEMO": "1",
        "TIDEMARK_SECRET_KEY": "a-made-up-council-on-this-machine-and-nothing-else",
        "TIDEMARK_DATABASE_URL": f"sqlite:///{folder / 'records.db'}",
        "TIDEMARK_KEYS_DATABASE_URL": f"sqlite:///{folder / 'keys.db'}",
        "TIDEMARK_KEY_FILE": str(folder / "key"),
        "TIDEMARK_INDEX_KEY_FILE": str(folder / "index-key"),
        "TIDEMARK_BACKUP_KEY_FILE": str(folder / "backup-key"),
        "TIDEMARK_PUSH_KEY_FILE": str(folder / "push-key"),
        "PORT": str(port),
    }


def _flask(settings: dict[str, str], *arguments: str) -> str:
    command = [*_command(), *arguments]
    done = subprocess.run(command, cwd=ROOT, env=settings, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
    return done.stdout


def _command() -> list[str]:
    return [sys.executable, "-m", "flask", "--app", "wsgi"]
