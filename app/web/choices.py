"""The answers that a form offers to choose from."""

from collections.abc import Iterable

from wtforms import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

Options = list[SelectChoice]


def options(pairs: Iterable[tuple[str, str]]) -> Options:
    """Return (value, words) as a form's choices."""
    return [SelectChoice(value, words) for value, words in pairs]
