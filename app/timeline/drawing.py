"""The picture of one person's time axis as plain shapes in user units, in three widths; a template writes the SVG."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from scipy.interpolate import PchipInterpolator

from app.clock import in_britain
from app.timeline.calendar_marks import CalendarMark, marks_of
from app.timeline.labels import Placed, as_wide_as, lanes_of, shortened
from app.timeline.series import Dot, Grain, runs_of
from app.timeline.values import Axis, Event, Intervention, RatedGoal, Story
from app.young_people.school import SchoolWeekSaid

TOP_SCORE = 10
COLOURS = 5
BAR = 9
ROW = 20
MOST_EVENT_ROWS = 3
LEAST_BAR = 6.0
BESIDE = 8.0
SCHOOL = 24.0
DAYS_OF_SCHOOL = 5


@dataclass(frozen=True, slots=True)
class Shape:
    """One of the three proportions: its name, width, plot height and letter size, in user units."""

    name: str
    width: int
    plot: int
    letters: int

    @property
    def left(self) -> float:
        return self.letters * 1.7

    @property
    def right(self) -> float:
        return self.width - 6.0


SHAPES = (Shape("wide", 720, 200, 13), Shape("middle", 460, 190, 13), Shape("narrow", 300, 180, 14))


@dataclass(frozen=True, slots=True)
class Bar:
    """One intervention: a bar with a tick for each session, its label above, and its wash over the plot.

    `label_ends`: the label ends at `label_x`, where it would run over the edge if it began at the bar.
    """

    name: str
    x: float
    width: float
    y: float
    label_x: float
    label_y: float
    label_ends: bool
    ticks: tuple[float, ...]
    colour: int


@dataclass(frozen=True, slots=True)
class Point:
    """Where a dot, a rating or a mark stands."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class SchoolBar:
    """One week of school: as tall as the share of it that they went to."""

    x: float
    y: float
    width: float
    height: float
    band: str


@dataclass(frozen=True, slots=True)
class EventMark:
    """One life event: its line through the plot, its dot, and its words where there is room (ending there or not)."""

    x: float
    y: float
    words: str
    words_x: float
    words_end: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """Every shape of one picture."""

    shape: Shape
    height: float
    top: float
    bottom: float
    dot_size: float
    bars: tuple[Bar, ...]
    dots: tuple[Point, ...]
    lines: tuple[str, ...]
    goals: tuple[tuple[Point, ...], ...]
    posts: tuple[Point, ...]
    school: tuple[SchoolBar, ...]
    school_y: float
    events: tuple[EventMark, ...]
    scale: tuple[tuple[int, float], ...]
    calendar: tuple[CalendarMark, ...]
    calendar_y: float


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a day and a score stand in one picture."""

    shape: Shape
    axis: Axis
    top: float

    @property
    def bottom(self) -> float:
        return self.top + self.shape.plot

    def x(self, days: float) -> float:
        share = min(max(days / self.axis.days, 0.0), 1.0)
        return round(self.shape.left + share * (self.shape.right - self.shape.left), 1)

    def x_of(self, day: date, part: float = 0.5) -> float:
        return self.x((day - self.axis.first).days + part)

    def y(self, score: float) -> float:
        return round(self.bottom - min(max(score, 0.0), TOP_SCORE) / TOP_SCORE * self.shape.plot, 1)


def draw(story: Story, axis: Axis, dots: Sequence[Dot], grain: Grain, shape: Shape) -> Drawing:
    """Lay out one picture: interventions on top, the plot, then posts, events and the calendar."""
    bars, top = draw_bars(story.interventions, Frame(shape, axis, 0))
    frame = Frame(shape, axis, top)
    seen = [dot for dot in dots if dot.start + timedelta(days=dot.days) > axis.first and dot.start <= axis.last]
    school = draw_school(story.school, frame)
    school_y = frame.bottom + 8 + SCHOOL if school else frame.bottom
    posts_y = school_y + ROW * 0.7
    posts = unique_points((in_britain(m).date() for m in story.posts), frame, posts_y)
    below = posts_y + ROW * 0.5 if posts else school_y + 4
    events, events_end = draw_events(story.events, frame, below)
    calendar_y = events_end + shape.letters + 4
    calendar = marks_of(axis, shape.right - shape.left, shape.letters)
    return Drawing(
        shape=shape,
        height=round(calendar_y + shape.letters * (1.3 if any(mark.year for mark in calendar) else 0) + 6, 1),
        top=top,
        bottom=frame.bottom,
        dot_size=dot_size(len(seen), shape),
        bars=bars,
        dots=tuple(Point(middle_of(dot, frame), frame.y(dot.mean)) for dot in seen),
        lines=tuple(path_of(run, frame) for run in runs_of(seen, grain) if len(run) > 1),
        goals=tuple(points for goal in story.goals if (points := rating_points(goal, frame))),
        posts=posts,
        school=school,
        school_y=school_y,
        events=events,
        scale=tuple((score, frame.y(score)) for score in (0, 5, 10)),
        calendar=tuple(mark.moved(frame.x_of(mark.day, 0)) for mark in calendar),
        calendar_y=round(calendar_y, 1),
    )


def dot_size(count: int, shape: Shape) -> float:
    """Return a radius at which neighbouring dots hardly touch."""
    return round(min(max((shape.right - shape.left) / max(count, 1) / 2.4, 1.6), 4.5), 1)


def middle_of(dot: Dot, frame: Frame) -> float:
    return frame.x((dot.start - frame.axis.first).days + dot.days / 2)


def path_of(run: Sequence[Dot], frame: Frame) -> str:
    """Return a path through the smoothed values that never swings beyond them (monotone cubic pieces)."""
    xs = [(dot.start - frame.axis.first).days + dot.days / 2 for dot in run]
    ys = [dot.smoothed for dot in run]
    slopes = PchipInterpolator(xs, ys).derivative()(xs)
    commands = [f"M{frame.x(xs[0])} {frame.y(ys[0])}"]
    for i in range(len(run) - 1):
        third = (xs[i + 1] - xs[i]) / 3
        bends = ((xs[i] + third, ys[i] + third * slopes[i]), (xs[i + 1] - third, ys[i + 1] - third * slopes[i + 1]))
        ends = " ".join(f"{frame.x(x)} {frame.y(float(y))}" for x, y in (*bends, (xs[i + 1], ys[i + 1])))
        commands.append(f"C{ends}")
    return "".join(commands)


def draw_bars(interventions: Iterable[Intervention], frame: Frame) -> tuple[tuple[Bar, ...], float]:
    """Return the bars, in as few lanes as their labels allow, and where the plot may begin."""
    shape, axis = frame.shape, frame.axis
    wanted = []
    for one in interventions:
        if one.last < axis.first or one.first > axis.last:
            continue
        x = frame.x_of(one.first, 0)
        width = max(frame.x_of(one.last, 1) - x, LEAST_BAR)
        words = shortened(one.name, shape.letters, shape.right - shape.left)
        room = as_wide_as(words, shape.letters)
        ends = x + room > shape.right
        start = shape.right - room if ends else x
        place = Placed(min(x, start), max(x + width, start + room))
        wanted.append((one, words, x, width, ends, place))
    lanes = lanes_of([place for *_, place in wanted])
    lane_height = shape.letters + BAR + 10
    bars = tuple(
        Bar(
            name=words,
            x=x,
            width=round(width, 1),
            y=lane * lane_height + shape.letters + 4,
            label_x=shape.right if ends else x,
            label_y=lane * lane_height + shape.letters,
            label_ends=ends,
            ticks=ticks_of(one, frame),
            colour=number % COLOURS,
        )
        for number, ((one, words, x, width, ends, _), lane) in enumerate(zip(wanted, lanes, strict=True))
    )
    return bars, (max(lanes) + 1) * lane_height + 8 if lanes else float(shape.letters)


def ticks_of(one: Intervention, frame: Frame) -> tuple[float, ...]:
    days = sorted({in_britain(moment).date() for moment in one.sessions})
    return tuple(dict.fromkeys(round(frame.x_of(day)) + 0.0 for day in days if frame.axis.holds(day)))


def rating_points(goal: RatedGoal, frame: Frame) -> tuple[Point, ...]:
    days = ((in_britain(rating.at).date(), rating.value) for rating in goal.ratings)
    return tuple(Point(frame.x_of(day), frame.y(value)) for day, value in days if frame.axis.holds(day))


def draw_school(weeks: Iterable[SchoolWeekSaid], frame: Frame) -> tuple[SchoolBar, ...]:
    """Return the weeks under the plot, Monday to Friday wide; a week of which they saw nothing is a thin line."""
    bars = []
    for week in weeks:
        friday = week.monday + timedelta(days=DAYS_OF_SCHOOL - 1)
        if friday < frame.axis.first or week.monday > frame.axis.last:
            continue
        x, height = frame.x_of(week.monday, 0), max(week.share * SCHOOL, 1.5)
        width = max(frame.x_of(friday, 1) - x, 1.0)
        y = frame.bottom + 8 + SCHOOL - height
        bars.append(SchoolBar(x, round(y, 1), round(width, 1), round(height, 1), week.band))
    return tuple(bars)


def unique_points(days: Iterable[date], frame: Frame, y: float) -> tuple[Point, ...]:
    """Return one mark for each place that can be told apart by eye."""
    places = sorted({round(frame.x_of(day) / 2) * 2.0 for day in days if frame.axis.holds(day)})
    return tuple(Point(x, y) for x in places)


def draw_events(events: Iterable[Event], frame: Frame, y: float) -> tuple[tuple[EventMark, ...], float]:
    """Return the events with their words in up to three rows (words without room are left out), and where they end."""
    shape, marks, rows = frame.shape, [], [float("-inf")] * MOST_EVENT_ROWS
    used = 0
    for event in sorted((e for e in events if frame.axis.holds(e.on)), key=lambda e: (e.on, e.title)):
        x = frame.x_of(event.on)
        words = shortened(event.title, shape.letters, (shape.right - shape.left) * 0.7)
        room = as_wide_as(words, shape.letters)
        ends = x + BESIDE + room > shape.right
        start = x - BESIDE - room if ends else x - BESIDE
        row = next((number for number, taken in enumerate(rows) if taken + 4 <= start), None)
        if row is None or start < 0:
            marks.append(EventMark(x, frame.bottom, "", x, words_end=False))
            continue
        rows[row] = x + BESIDE + (0 if ends else room)
        used = max(used, row + 1)
        words_x = round(x - BESIDE if ends else x + BESIDE, 1)
        marks.append(EventMark(x, round(y + ROW * row + ROW / 2, 1), words, words_x, words_end=ends))
    return tuple(marks), y + ROW * used
