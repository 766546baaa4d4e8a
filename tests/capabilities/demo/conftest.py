"""A small made-up council, made once for all of these tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.database import transaction
from app.demo import services
from app.demo.values import SeedSummary
from tests.conftest import FreshClient, let_go, settings_for
from tests.databases import PostgresDatabases, SqliteDatabases

PEOPLE = 12
SEED = 1
SMALL = "small_demo"


@pytest.fixture(scope="session")
def small_demo(databases: SqliteDatabases | PostgresDatabases) -> SeedSummary:
    """Make the council in a template that each module is given a copy of."""
    urls = databases.fresh()
    with create_app(settings_for(urls, Path("unused"), demo=True)).app_context():
        with transaction():
            summary = services.seed(people=PEOPLE, seed=SEED)
        let_go()
    databases.keep_as_template(urls, SMALL)
    return summary


@pytest.fixture(scope="module")
def demo_app(
    databases: SqliteDatabases | PostgresDatabases, small_demo: SeedSummary, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """An app in demo mode, over a copy of the council."""
    assert small_demo
    urls = databases.fresh(SMALL)
    app = create_app(settings_for(databases.for_the_app(urls), tmp_path_factory.mktemp("demo"), demo=True))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    app.test_client_class = FreshClient
    with app.app_context():
        yield app
        let_go()
    databases.drop(urls)


@pytest.fixture(scope="module")
def seeded(demo_app: Flask, small_demo: SeedSummary) -> SeedSummary:
    assert demo_app
    return small_demo
