"""The picture of a time axis, from plain facts."""

import re
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest

from app.timeline.drawing import SHAPES, Drawing, Shape, draw
from app.timeline.series import Grain, dots_of, grain_of, runs_of, smooth
from app.timeline.values import Axis, Event, Intervention, RatedGoal, Score, Story, axis_of

TODAY = date(2026, 11, 20)
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def noon(days_ago: float) -> datetime:
    return datetime.combine(TODAY, time(12), UTC) - timedelta(days=days_ago)


def scores(*pairs: tuple[float, float]) -> tuple[Score, ...]:
    return tuple(Score(noon(days_ago), value) for days_ago, value in sorted(pairs, reverse=True))


def drawn(story: Story, shape: Shape = SHAPES[0], since: date | None = None) -> Drawing:
    axis = axis_of(story, today=TODAY, since=since)
    assert axis is not None
    grain = grain_of(axis)
    return draw(story, axis, dots_of(story.scores, grain), grain, shape)


def test_nothing_to_draw_has_no_axis() -> None:
    assert axis_of(Story(), today=TODAY) is None
    assert axis_of(Story(scores=scores((40, 5))), today=TODAY, since=TODAY - timedelta(days=28)) is None


def test_one_check_in_is_one_dot_without_a_line_on_an_axis_of_four_weeks() -> None:
    story = Story(scores=scores((0, 5)))
    assert axis_of(story, today=TODAY) == Axis(TODAY - timedelta(days=27), TODAY)
    picture = drawn(story)
    assert len(picture.dots) == 1
    assert picture.lines == ()
    assert picture.dots[0].y == pytest.approx((picture.top + picture.bottom) / 2)
    assert picture.dots[0].x > SHAPES[0].width * 0.95


def test_the_axis_ends_today_so_that_silence_is_seen() -> None:
    axis = axis_of(Story(scores=scores((200, 5), (90, 5))), today=TODAY)
    assert axis == Axis(TODAY - timedelta(days=200), TODAY)


def test_an_axis_whose_last_entry_is_years_ago_ends_there() -> None:
    axis = axis_of(Story(scores=scores((4000, 5), (3760, 5))), today=TODAY)
    assert axis == Axis(TODAY - timedelta(days=4000), TODAY - timedelta(days=3760))


def test_an_event_that_is_soon_to_come_is_drawn_and_a_far_one_is_not() -> None:
    soon, far = TODAY + timedelta(days=10), TODAY + timedelta(days=300)
    story = Story(scores=scores((50, 5)), events=(Event(soon, "Exam"), Event(far, "Prom")))
    assert [mark.words for mark in drawn(story).events] == ["Exam"]


def test_the_scale_puts_ten_at_the_top_and_nought_at_the_bottom() -> None:
    picture = drawn(Story(scores=scores((20, 10), (10, 0))))
    assert [dot.y for dot in picture.dots] == [picture.top, picture.bottom]
    assert dict(picture.scale) == {0: picture.bottom, 5: (picture.top + picture.bottom) / 2, 10: picture.top}


def test_a_band_reaches_from_the_first_to_the_last_session_with_a_tick_for_each() -> None:
    sessions = tuple(noon(days) for days in (84, 70, 56, 42))
    picture = drawn(Story(scores=scores((168, 5), (1, 5)), interventions=(Intervention("Climbing", sessions),)))
    (bar,) = picture.bars
    shape = picture.shape
    middle = shape.left + (shape.right - shape.left) / 2
    assert bar.x == pytest.approx(middle, abs=shape.width / 100)
    assert bar.x + bar.width == pytest.approx(middle + (shape.right - middle) / 2, abs=shape.width / 100)
    assert len(bar.ticks) == 4
    assert all(bar.x <= tick <= bar.x + bar.width for tick in bar.ticks)
    assert (bar.label_x, bar.label_ends) == (bar.x, False)


def test_a_band_at_the_edge_has_its_label_end_at_the_edge() -> None:
    story = Story(scores=scores((168, 5)), interventions=(Intervention("Drumming and music group", (noon(2),)),))
    (bar,) = drawn(story, SHAPES[2]).bars
    assert (bar.label_x, bar.label_ends) == (SHAPES[2].right, True)
    assert bar.width >= 6


def test_bands_that_overlap_stand_in_lanes_of_their_own_and_others_share_one() -> None:
    def band(name: str, first: float, last: float) -> Intervention:
        return Intervention(name, (noon(first), noon(last)))

    story = Story(
        scores=scores((300, 5), (0, 5)),
        interventions=(band("A", 290, 200), band("B", 250, 150), band("C", 120, 60)),
    )
    a, b, c = drawn(story).bars
    assert a.y == c.y
    assert b.y > a.y
    assert drawn(story).top > b.y + 9


def test_a_band_before_the_period_is_left_out_and_one_that_began_before_is_cut() -> None:
    old = Intervention("Old", (noon(80), noon(60)))
    running = Intervention("Running", (noon(60), noon(5)))
    since = TODAY - timedelta(days=28)
    picture = drawn(Story(scores=scores((10, 5)), interventions=(old, running)), since=since)
    (bar,) = picture.bars
    assert bar.name == "Running"
    assert bar.x == pytest.approx(picture.shape.left, abs=0.1)
    assert len(bar.ticks) == 1


def test_goals_posts_and_events_stand_at_their_days() -> None:
    story = Story(
        scores=scores((100, 5), (0, 5)),
        goals=(RatedGoal("Shop", (Score(noon(50), 2), Score(noon(10), 8))),),
        posts=(noon(50), noon(49.9)),
        events=(Event(TODAY - timedelta(days=50), "Moved house"),),
    )
    picture = drawn(story)
    (goal,) = picture.goals
    assert goal[0].y > goal[1].y
    assert len(picture.posts) == 1
    assert picture.events[0].x == pytest.approx(goal[0].x)
    assert picture.posts[0].x == pytest.approx(goal[0].x, abs=1)
    assert picture.events[0].y > picture.bottom


def test_words_of_many_events_never_overlap_and_every_event_keeps_its_dot() -> None:
    events = tuple(Event(TODAY - timedelta(days=9 * n), f"Something happened {n}") for n in range(40))
    for shape in SHAPES:
        marks = drawn(Story(scores=scores((365, 5)), events=events), shape).events
        assert len(marks) == 40
        assert 3 <= sum(bool(mark.words) for mark in marks) < 40
        for row in {mark.y for mark in marks if mark.words}:
            starts = sorted(mark.x for mark in marks if mark.words and mark.y == row)
            assert all(later - earlier > 60 for earlier, later in pairwise(starts))


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_five_years_stay_inside_the_picture_by_months(shape: Shape) -> None:
    story = Story(scores=tuple(Score(noon(days), 5 + 4 * (-1) ** days) for days in range(1826, -1, -1)))
    picture = drawn(story, shape)
    axis = axis_of(story, today=TODAY)
    assert axis is not None
    assert grain_of(axis) is Grain.MONTH
    assert len(picture.dots) == 61
    assert all(shape.left <= dot.x <= shape.right and picture.top <= dot.y <= picture.bottom for dot in picture.dots)
    (line,) = picture.lines
    numbers = [float(number) for number in NUMBER.findall(line)]
    assert min(numbers[::2]) >= shape.left
    assert max(numbers[::2]) <= shape.right
    assert picture.top <= min(numbers[1::2]) <= max(numbers[1::2]) <= picture.bottom
    places = [mark.x for mark in picture.calendar]
    assert 4 <= len(places) <= 20
    assert all(later - earlier > shape.letters * 2 for earlier, later in pairwise(places))


def test_ten_check_ins_a_day_make_one_dot_a_week() -> None:
    story = Story(scores=tuple(Score(noon(239 * (1 - n / 1475)), n % 11) for n in range(1476)))
    picture = drawn(story)
    assert len(picture.dots) in {34, 35, 36}


def test_the_line_never_swings_beyond_the_smoothed_values() -> None:
    picture = drawn(Story(scores=scores(*((7 * n, 10 if n % 2 else 0) for n in range(20)))))
    ys = [float(number) for number in NUMBER.findall(picture.lines[0])][1::2]
    assert min(ys) > picture.top
    assert max(ys) < picture.bottom


def test_smoothing_weighs_neighbours_by_nearness() -> None:
    assert smooth([1, 2, 3, 4, 5], [0, 0, 9, 0, 0]) == pytest.approx([1.5, 18 / 8, 3, 18 / 8, 1.5])
    assert smooth([1, 10], [2, 8]) == [2, 8]


def test_the_line_breaks_where_nobody_checked_in_for_more_than_three_weeks() -> None:
    dots = dots_of(scores((70, 5), (63, 5), (28, 5), (21, 5)), Grain.WEEK)
    assert [len(run) for run in runs_of(dots, Grain.WEEK)] == [2, 2]


def test_a_check_in_just_after_midnight_in_summer_counts_for_its_british_day() -> None:
    late = Score(datetime(2026, 7, 5, 23, 30, tzinfo=UTC), 4)
    (dot,) = dots_of([late], Grain.DAY)
    assert dot.start == date(2026, 7, 6)


def test_calendar_marks_name_the_year_once_at_its_start() -> None:
    picture = drawn(Story(scores=scores((300, 5), (0, 5))))
    words = [(mark.words, mark.year) for mark in picture.calendar]
    assert [year for _, year in words if year] == ["2026"]
    assert (words[0][0], words[-1][0]) == ("Feb", "Nov")
