"""A made-up council of its own on this machine, served as councils serve it, with somebody of each role signed in."""

import re
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError, URLError

from tests.made_up_council import served_council

PEOPLE = 60


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


def signed_in(role: str, base: str, address: str) -> SignedIn:
    """Open an address that signs in, and keep its cookie."""
    jar = CookieJar()
    urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar)).open(address, timeout=30).close()
    return SignedIn(role, base, "; ".join(f"{one.name}={one.value}" for one in jar))


@contextmanager
def served(roles: tuple[str, ...]) -> Iterator[dict[str, SignedIn]]:
    """Make the council, serve it, and yield who is signed in by role; all of it is gone afterwards."""
    with (
        tempfile.TemporaryDirectory() as name,
        (Path(name) / "log").open("w") as log,
        served_council(Path(name), seed=("--people", str(PEOPLE)), log=log) as council,
    ):
        addresses = council.sign_in_addresses
        yield {role: signed_in(role, council.base, addresses[role]) for role in roles}
