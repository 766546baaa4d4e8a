from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from tests.capabilities.imports.sheets import Folder, Run
from tests.people import Cast


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def run(app: Flask, cast: Cast) -> Run:
    """Return a function that runs `flask import` for the cast's council."""
    assert cast

    def import_file(kind: str, path: Path, *options: str, council: str | None = "derwent") -> Result:
        which = ["--council", council] if council else []
        return app.test_cli_runner().invoke(args=["import", kind, str(path), *which, *options])

    return import_file
