"""Finds a Chromium to test in, or installs one: `python -m tests.journeys.chromium` prints its path."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WHAT_TO_DO = (
    "The browser tests need Chromium. Install it (Debian: `apt-get install chromium`; elsewhere: "
    "`.venv/bin/playwright install chromium`), or name one in CHROMIUM_PATH."
)


class NoChromiumError(RuntimeError):
    """There is no Chromium here and none could be installed; the sentence says what to install."""


def launch_flags() -> list[str]:
    """Return the flags for a quiet Chromium; the sandbox needs a user who is not root."""
    return [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else list(FLAGS)


def on_this_machine() -> str | None:
    """Return the Chromium that CHROMIUM_PATH names, or that is on the path."""
    named = os.environ.get("CHROMIUM_PATH")
    return named or next((found for name in NAMES if (found := shutil.which(name))), None)


def from_playwright() -> str | None:
    """Return Playwright's own Chromium, where it has been downloaded."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 (slow to import, seldom needed)

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def find() -> str:
    """Return the path of a Chromium; raises NoChromiumError."""
    found = on_this_machine() or from_playwright()
    if found is None:
        raise NoChromiumError(WHAT_TO_DO)
    return found


def runs(*command: str) -> bool:
    """Say whether a command could be started and went well; what it prints goes to standard error."""
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run(command, stdout=sys.stderr, check=False).returncode == 0  # noqa: S603 (our own words)


def install() -> None:
    """Install Debian's package where this user may, else download Playwright's own."""
    may_install = os.geteuid() == 0
    os.environ.setdefault("DEBIAN_FRONTEND", "noninteractive")
    if may_install and runs("apt-get", "update", "-q") and runs("apt-get", "install", "-y", "-q", "chromium"):
        return
    runs(sys.executable, "-m", "playwright", "install", "chromium")


def main() -> None:
    """Print the path of a Chromium, installing one first where there is none."""
    if on_this_machine() is None and from_playwright() is None:
        install()
    try:
        sys.stdout.write(find() + "\n")
    except NoChromiumError as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
