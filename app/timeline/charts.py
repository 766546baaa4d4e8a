"""What the top of the timeline shows: the picture in three widths, its words, and the same as a table."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app import clock
from app.timeline.drawing import SHAPES, Drawing, draw
from app.timeline.reading import RULES, caption, description, how_drawn, named
from app.timeline.series import Dot, Grain, dots_of, grain_of
from app.timeline.values import Axis, Story, axis_of
from app.web.dates import whole_date
from app.young_people.school_presenters import sessions_words


@dataclass(frozen=True, slots=True)
class TableRow:
    """One day, week or month of the table under the picture."""

    when: str
    average: str
    check_ins: int
    sessions: str


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """One week of school in the table under the picture."""

    week: str
    sessions: str
    band: str


@dataclass(frozen=True, slots=True)
class Chart:
    """The picture with everything that is said about it."""

    heading: str
    drawings: tuple[Drawing, ...]
    description: str
    caption: str
    rules: str
    how_drawn: str
    grain: Grain
    rows: tuple[TableRow, ...]
    school: tuple[SchoolRow, ...]
    legend: tuple[tuple[str, str], ...]


def chart_of(story: Story, name: str, since: date | None) -> Chart | None:
    """Return the chart of a period, or None where it has nothing to draw."""
    axis = axis_of(story, today=clock.today(), since=since)
    return None if axis is None else chart_along(story, name, axis)


def chart_along(story: Story, name: str, axis: Axis) -> Chart:
    """Return the chart of a story along this axis."""
    grain = grain_of(axis)
    dots = dots_of(story.scores, grain)
    drawings = tuple(draw(story, axis, dots, grain, shape) for shape in SHAPES)
    begun = tuple(one for one in story.interventions if axis.holds(one.first))
    return Chart(
        heading=_heading(axis),
        drawings=drawings,
        description=description(story, axis, dots, grain),
        caption=caption(Story(scores=story.scores, interventions=begun), name),
        rules=RULES,
        how_drawn=how_drawn(grain),
        grain=grain,
        rows=tuple(_rows(story, axis, dots, grain)),
        school=tuple(
            SchoolRow(whole_date(week.monday), sessions_words(week), week.band.words)
            for week in reversed(story.school)
            if axis.holds(week.monday)
        ),
        legend=tuple(_legend(drawings[0])),
    )


def _heading(axis: Axis) -> str:
    today = clock.today()
    if axis.last < today:
        return f"{whole_date(axis.first)} to {whole_date(axis.last)}"
    if axis.first.year == today.year:
        return f"Since {axis.first.day} {axis.first:%B}"
    return f"Since {axis.first:%B %Y}"


def _legend(drawing: Drawing) -> Iterator[tuple[str, str]]:
    if drawing.dots:
        yield "mood", "Mood"
    if drawing.goals:
        yield "goal", "Goal rating"
    if drawing.bars:
        yield "session", "Session attended"
    if drawing.school:
        yield "school", "School: how much of each week"
    if drawing.posts:
        yield "post", "Post"
    if drawing.events:
        yield "event", "Life event"


def _rows(story: Story, axis: Axis, dots: list[Dot], grain: Grain) -> Iterator[TableRow]:
    """Yield the table, newest first: every place with check-ins, and the sessions in it."""
    for dot in reversed(dots):
        end = dot.start + timedelta(days=dot.days)
        if end <= axis.first or dot.start > axis.last:
            continue
        attended = [
            f"{one.name} ({count})"
            for one in story.interventions
            if (count := sum(dot.start <= clock.in_britain(moment).date() < end for moment in one.sessions))
        ]
        when = whole_date(dot.start) if grain is Grain.WEEK else named(dot, grain)
        yield TableRow(when, f"{dot.mean:.1f}", dot.count, ", ".join(attended))
