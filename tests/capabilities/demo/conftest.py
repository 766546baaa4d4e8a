"""A small made-up council, made once for all of these tests."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app import create_app
from app.database import db, transaction
from app.demo import services
from app.demo.values import SeedSummary
from tests.conftest import FreshClient, settings_for
from tests.databases import PostgresDatabases, SqliteDatabases

PEOPLE = 12
SEED = 1


@pytest.fixture(scope="module")
def demo_app(
    databases: SqliteDatabases | PostgresDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """An app in demo mode over empty databases."""
    urls = databases.fresh()
    app = create_app(settings_for(urls, tmp_path_factory.mktemp("demo"), demo=True))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    app.test_client_class = FreshClient
    with app.app_context():
        yield app
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
    if isinstance(databases, PostgresDatabases):
        databases.drop(urls)


@pytest.fixture(scope="module")
def seeded(demo_app: Flask) -> SeedSummary:
    assert demo_app
    with transaction():
        return services.seed(people=PEOPLE, seed=SEED)
