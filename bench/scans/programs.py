"""Where scanners stand and how they are run: in environments of their own, for no longer than is allowed."""

import os
import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
ENVIRONMENTS = (ROOT / ".venv-scans" / "bin", ROOT / ".venv-wapiti" / "bin")


@dataclass(frozen=True)
class Done:
    """What a program printed, its status (None: it was stopped because its time was over) and its seconds."""

    printed: str
    complained: str
    status: int | None
    seconds: float


def program(name: str) -> Path | None:
    """Return where a scanner is installed, or None."""
    return next((folder / name for folder in ENVIRONMENTS if (folder / name).exists()), None)


def version_of(path: Path) -> str:
    """Return the version that a program gives itself."""
    done = run([str(path), "--version"], seconds=60)
    found = re.search(r"\b\d+(\.\d+)+\b", done.printed + done.complained)
    return found[0] if found else "?"


def run(command: list[str], *, seconds: float, folder: Path = ROOT) -> Done:
    """Run a program to its end, or stop it when its time is over."""
    began = time.monotonic()
    own = {name: value for name, value in os.environ.items() if not name.startswith("TIDEMARK_")}
    path = f"{Path(command[0]).parent}{os.pathsep}{own.get('PATH', '')}"  # each finds the programs beside it first
    environment = own | {"PATH": path, "TERM": "dumb"}
    try:
        done = subprocess.run(  # noqa: S603 (scanners that we installed)
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired as late:
        printed = late.stdout.decode(errors="replace") if isinstance(late.stdout, bytes) else late.stdout or ""
        return Done(printed, "", None, time.monotonic() - began)
    return Done(done.stdout, done.stderr, done.returncode, time.monotonic() - began)
