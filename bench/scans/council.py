"""A made-up council of its own on this machine, served as councils serve it, with somebody of each role signed in."""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError, URLError

from bench.scans.programs import ROOT
from tests.servers import spare_port

PEOPLE = 60
TRIES = 600


@dataclass(frozen=True)
class SignedIn:
    """Somebody of a role, and the header with which a browser of theirs asks."""

    role: str
    base: str
    cookie: str

    def page(self, path: str) -> str:
        """Return a page as they see it, empty where it is refused."""
        request = urllib.request.Request(self.base + path, headers={"Cookie": self.cookie})  # noqa: S310 (our own server)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 (our own server)
                return "" if answer.url != self.base + path else answer.read().decode()
        except (HTTPError, URLError):
            return ""

    def link(self, path: str, pattern: str) -> str:
        """Return the first address on a page that fits; raises LookupError where none does."""
        found = re.search(f'href="({pattern})"', self.page(path))
        if found is None:
            raise LookupError(f"{path} has no link like {pattern} for {self.role}")
        return found[1].replace("&amp;", "&")


def settings_in(folder: Path, port: int) -> dict[str, str]:
    """Return the settings of a council all of whose files are in one folder."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("TIDEMARK_")}
    return own | {
        "TIDEMARK_DEMO": "1",
        "TIDEMARK_SECRET_KEY": "scans-of-a-made-up-council-and-nothing-else",
        "TIDEMARK_DATABASE_URL": f"sqlite:///{folder / 'records.db'}",
        "TIDEMARK_KEYS_DATABASE_URL": f"sqlite:///{folder / 'keys.db'}",
        "TIDEMARK_KEY_FILE": str(folder / "key"),
        "TIDEMARK_INDEX_KEY_FILE": str(folder / "index-key"),
        "TIDEMARK_BACKUP_KEY_FILE": str(folder / "backup-key"),
        "TIDEMARK_PUSH_KEY_FILE": str(folder / "push-key"),
        "PORT": str(port),
    }


def flask(settings: dict[str, str], *arguments: str) -> str:
    """Run a command of Tidemark's to its end and return what it printed."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
    return subprocess.run(command, cwd=ROOT, env=settings, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603


def signed_in(role: str, base: str, address: str) -> SignedIn:
    """Open an address that signs in, and keep its cookie."""
    jar = CookieJar()
    urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar)).open(address, timeout=30).close()
    return SignedIn(role, base, "; ".join(f"{one.name}={one.value}" for one in jar))


@contextmanager
def served(roles: tuple[str, ...]) -> Iterator[dict[str, SignedIn]]:
    """Make the council, serve it, and yield who is signed in by role; all of it is gone afterwards."""
    with tempfile.TemporaryDirectory() as name:
        settings = settings_in(Path(name), spare_port())
        for command in (("keys", "new"), ("db", "upgrade"), ("demo", "seed", "--people", str(PEOPLE))):
            flask(settings, *command)
        addresses = {one["role"]: one["sign_in_url"] for one in json.loads(flask(settings, "demo", "people", "--json"))}
        base = f"http://127.0.0.1:{settings['PORT']}"
        serving = [sys.executable, "-m", "flask", "--app", "wsgi", "serve", "--port", settings["PORT"]]
        with (Path(name) / "log").open("w") as log:
            server = subprocess.Popen(serving, cwd=ROOT, env=settings, stdout=log, stderr=log)  # noqa: S603
            try:
                _wait_for(f"{base}/healthy")
                yield {role: signed_in(role, base, addresses[role]) for role in roles}
            finally:
                server.terminate()
                server.wait()


def _wait_for(url: str) -> None:
    for _ in range(TRIES):
        try:
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310 (our own server)
        except (URLError, ConnectionError):
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(url)
