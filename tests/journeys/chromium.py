"""Finds the Chromiums to test in, or installs them: `python -m tests.journeys.chromium`.

Most tests drive the edition without windows, which needs a third less of the processor for the same pages; where there
is none, and for what it leaves out (what pops up on the screen, Lighthouse), the whole browser.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WITHOUT_WINDOWS = ("chromium-headless-shell", "chrome-headless-shell")
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


def first_of(names: Iterable[str]) -> str | None:
    """Return the path of the first of these programs that is on this machine."""
    return next((found for name in names if (found := shutil.which(name))), None)


def on_this_machine() -> str | None:
    """Return the Chromium that CHROMIUM_PATH names, or that is on the path."""
    return os.environ.get("CHROMIUM_PATH") or first_of(NAMES)


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


def find_without_windows() -> str:
    """Return the path of the edition without windows, or of what CHROMIUM_PATH names or this machine has instead."""
    named = os.environ.get("CHROMIUM_SHELL_PATH") or os.environ.get("CHROMIUM_PATH")
    return named or first_of(WITHOUT_WINDOWS) or find()


def runs(*command: str) -> bool:
    """Say whether a command could be started and went well; what it prints goes to standard error."""
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run(command, stdout=sys.stderr, check=False).returncode == 0  # noqa: S603 (our own words)


def install() -> None:
    """Install Debian's packages where this user may, else download Playwright's own where there is none at all."""
    if os.geteuid() == 0:
        os.environ.setdefault("DEBIAN_FRONTEND", "noninteractive")
        packages = ("chromium", "chromium-headless-shell")
        if runs("apt-get", "update", "-q") and runs("apt-get", "install", "-y", "-q", *packages):
            return
    if on_this_machine() is None and from_playwright() is None:
        runs(sys.executable, "-m", "playwright", "install", "chromium")


def main() -> None:
    """Install what is missing, and print both editions as settings that later steps find them by."""
    if not os.environ.get("CHROMIUM_PATH") and (first_of(NAMES) is None or first_of(WITHOUT_WINDOWS) is None):
        install()
    try:
        sys.stdout.write(f"CHROMIUM_PATH={find()} CHROMIUM_SHELL_PATH={find_without_windows()}\n")
    except NoChromiumError as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
