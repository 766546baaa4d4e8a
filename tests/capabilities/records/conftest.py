"""The cast with a row about Amina everywhere."""

import pytest

from tests.capabilities.records.whole_life import plant_everything
from tests.people import Cast


@pytest.fixture
def planted(cast: Cast) -> Cast:
    """Return the cast, with a row about Amina in every table that can hold one."""
    plant_everything(cast)
    return cast
