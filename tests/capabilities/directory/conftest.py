import pytest
from flask import Flask

from app.young_people.directory_views import directory


@pytest.fixture(autouse=True)
def _with_directory(app: Flask) -> None:
    if "directory" not in app.blueprints:
        app.register_blueprint(directory)
