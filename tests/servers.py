"""What a real server of ours needs to run over the databases of a test."""

import os
import socket
from pathlib import Path

from app.settings import Settings

ROOT = Path(__file__).parents[1]


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
