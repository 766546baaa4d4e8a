"""What a real server of ours needs to run over the databases of a test."""

import os
import socket
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError

from app.settings import Settings

ROOT = Path(__file__).parents[1]
TRIES, BETWEEN = 600, 0.2
"""A server has two minutes to begin: a machine that is busy takes that long over the first import."""


def environment_of(settings: Settings) -> dict[str, str]:
    """Return the environment of a process that is to use a test's settings and nothing of ours besides."""
    assert settings.key_value is not None
    assert settings.index_key_value is not None
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("TIDEMARK_")},
        "TIDEMARK_SECRET_KEY": settings.secret_key or "",
        "TIDEMARK_DATABASE_URL": settings.database_url,
        "TIDEMARK_KEYS_DATABASE_URL": settings.keys_database_url,
        "TIDEMARK_KEY": settings.key_value,
        "TIDEMARK_INDEX_KEY": settings.index_key_value,
        "TIDEMARK_TOMBSTONES": str(settings.tombstones),
    }


def spare_port() -> int:
    """Return a port of this machine that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def wait_for(url: str) -> None:
    """Wait until a server answers; raises TimeoutError where it does not begin."""
    for _ in range(TRIES):
        try:
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310 (our own server)
        except (URLError, ConnectionError):
            time.sleep(BETWEEN)
        else:
            return
    raise TimeoutError(url)
