"""The table of a young person's moments: every one has a journey with a signal and one without, and they are there."""

from tests.house_rules.test_papers import NAMED_TEST, ROOT, names_in

TABLE = (ROOT / "docs" / "journeys.md").read_text()
MOMENTS = (
    "Check in",
    "Prompts",
    "No streaks",
    "Feed",
    "Who sees this",
    "One-page profile",
    "Goals",
    "My breaks",
    "Help now",
    "Leave quickly",
    "Access needs",
    "Signing in",
    "My data",
)


def test_every_moment_has_a_journey_with_a_signal_and_one_without() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in TABLE.splitlines() if line.startswith("| ")
    ]
    assert tuple(row[0] for row in rows[2:]) == MOMENTS
    assert [row[0] for row in rows[2:] if not all(NAMED_TEST.search(cell) for cell in row[1:])] == []


def test_every_journey_that_is_named_is_there() -> None:
    named = NAMED_TEST.findall(TABLE)
    assert [f"{path}::{name}" for path, name in named if name not in names_in(path)] == []
