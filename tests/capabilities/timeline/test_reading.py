"""What the page says about one person's mood around an intervention, and what it never says."""

from datetime import UTC, datetime, timedelta

import pytest

from app.timeline.reading import caption, description
from app.timeline.series import dots_of, grain_of
from app.timeline.values import Intervention, Score, Story, axis_of

START = datetime(2026, 6, 1, 12, tzinfo=UTC)


def weeks(*values: float | None) -> tuple[Score, ...]:
    """Return one score a week from fifteen weeks before the start; None where there is none."""
    return tuple(
        Score(START + timedelta(weeks=n - 15, days=1), value) for n, value in enumerate(values) if value is not None
    )


def story(*values: float | None, name: str = "Climbing") -> Story:
    sessions = (START, START + timedelta(weeks=4))
    return Story(scores=weeks(*values), interventions=(Intervention(name, sessions),))


LEVEL, LOW = [6.0] * 12, [3.0] * 3


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ([*LEVEL, *LOW, *[6.0] * 8], "Mood was falling before Climbing began, so part of the rise was likely anyway."),
        ([*LEVEL, *LOW, *[3.2] * 8], "Mood was falling before Climbing began, and has not clearly risen since."),
        (
            [*[4.0] * 15, *[7.0] * 8],
            "Mood was higher after Climbing began than just before; other things may have changed too.",
        ),
        (
            [*[6.0] * 15, *[4.0] * 8],
            "Mood was lower after Climbing began than just before, which does not mean that Climbing made it so.",
        ),
        ([*[6.0] * 15, *[6.3] * 8], "Mood was about the same before and after Climbing began."),
        (
            [*LEVEL, None, None, 3.0, *[6.0] * 8],
            "There are too few check-ins around the start of Climbing to compare before and after.",
        ),
        ([*LEVEL, *LOW, 6.0], "There are too few check-ins around the start of Climbing to compare before and after."),
    ],
)
def test_the_caption_follows_its_rules_and_ends_in_what_it_cannot_say(values: list[float], sentence: str) -> None:
    assert caption(story(*values), "Amina") == f"{sentence} For Amina alone we cannot yet say what helped."


def test_two_that_began_close_together_cannot_be_told_apart() -> None:
    first = story(*LEVEL, *LOW, *[6.0] * 8)
    second = Intervention("Swimming", (START + timedelta(weeks=2),))
    both = Story(scores=first.scores, interventions=(*first.interventions, second))
    assert "Climbing and Swimming began close together, so they can’t be told apart." in caption(both, "Amina")


def test_without_interventions_or_check_ins_there_is_no_caption() -> None:
    assert caption(Story(scores=weeks(5, 5)), "Amina") == ""
    assert caption(Story(interventions=story().interventions), "Amina") == ""


def test_the_picture_is_told_in_sentences_too() -> None:
    told = story(*LEVEL, *LOW, *[8.0] * 8)
    axis = axis_of(told, today=START.date() + timedelta(weeks=8))
    assert axis is not None
    grain = grain_of(axis)
    words = description(told, axis, dots_of(told.scores, grain), grain)
    assert "Average mood by the week on a scale from 0 to 10: 23 weeks with check-ins." in words
    assert "Lowest 3.0" in words
    assert "highest 8.0" in words
    assert "Climbing: 2 sessions from 1 June 2026 to 29 June 2026." in words
