"""What a time axis says in words, by stated simple rules, and never more than one person's check-ins can say."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.clock import in_britain
from app.timeline.series import Dot, Grain
from app.timeline.values import Axis, Intervention, Score, Story
from app.web.dates import whole_date
from app.young_people.school import Band, SchoolWeekSaid

WEEKS_BEFORE = 3
WEEKS_AFTER = 8
WEEKS_EARLIER = 12
FEWEST_WEEKS = 3
FEWEST_WEEKS_BEFORE = 2
CLEARLY = 1.0
CLOSE_TOGETHER = timedelta(weeks=6)
MOST_INTERVENTIONS = 2
RULES = (
    "We compare average weeks: the three before the first session, the twelve before those, and the eight after it. "
    "“Falling” or “higher” means a difference of at least 1 point on the scale from 0 to 10. "
    "Fewer than two weeks with check-ins just before, three earlier or three after are too few."
)


@dataclass(frozen=True, slots=True)
class Around:
    """Average weeks around the first session of an intervention; None where there are too few weeks."""

    earlier: float | None
    before: float | None
    after: float | None

    @property
    def was_falling(self) -> bool:
        return self.earlier is not None and self.before is not None and self.earlier - self.before >= CLEARLY

    @property
    def change(self) -> float | None:
        return None if self.before is None or self.after is None else self.after - self.before


def around(scores: Sequence[Score], first: date) -> Around:
    """Average the weeks (each its own mean) before and after the day of a first session."""
    weeks: dict[int, list[float]] = {}
    for at, value in scores:
        week = (in_britain(at).date() - first).days // 7
        if -WEEKS_BEFORE - WEEKS_EARLIER <= week < WEEKS_AFTER:
            weeks.setdefault(week, []).append(value)
    return Around(
        _average(weeks, range(-WEEKS_BEFORE - WEEKS_EARLIER, -WEEKS_BEFORE), FEWEST_WEEKS),
        _average(weeks, range(-WEEKS_BEFORE, 0), FEWEST_WEEKS_BEFORE),
        _average(weeks, range(WEEKS_AFTER), FEWEST_WEEKS),
    )


def _average(weeks: dict[int, list[float]], which: range, fewest: int) -> float | None:
    means = [sum(weeks[week]) / len(weeks[week]) for week in which if week in weeks]
    return sum(means) / len(means) if len(means) >= fewest else None


def caption(story: Story, name: str) -> str:
    """Return what may be said of mood around the newest interventions, ending in what cannot."""
    newest = sorted(story.interventions, key=lambda one: one.sessions[0])[-MOST_INTERVENTIONS:]
    if not story.scores or not newest:
        return ""
    seen = [around(story.scores, one.first) for one in newest]
    sentences = [sentence_about(one, its) for one, its in zip(newest, seen, strict=True)]
    if len(newest) > 1 and all(its.was_falling and (its.change or 0) >= CLEARLY for its in seen):
        both = " and before ".join(one.name for one in newest)
        sentences = [f"Mood was falling before {both} began, so part of each rise was likely anyway."]
    if len(newest) > 1 and newest[1].first - newest[0].first <= CLOSE_TOGETHER:
        sentences.append(f"{newest[0].name} and {newest[1].name} began close together, so they can’t be told apart.")
    return " ".join([*sentences, f"For {name} alone we cannot yet say what helped."])


def sentence_about(one: Intervention, seen: Around) -> str:
    """Return one sentence about mood around an intervention's beginning."""
    name, change = one.name, seen.change
    if change is None:
        return f"There are too few check-ins around the start of {name} to compare before and after."
    if seen.was_falling:
        if change >= CLEARLY:
            return f"Mood was falling before {name} began, so part of the rise was likely anyway."
        return f"Mood was falling before {name} began, and has not clearly risen since."
    if change >= CLEARLY:
        return f"Mood was higher after {name} began than just before; other things may have changed too."
    if change <= -CLEARLY:
        return f"Mood was lower after {name} began than just before, which does not mean that {name} made it so."
    return f"Mood was about the same before and after {name} began."


def description(story: Story, axis: Axis, dots: Sequence[Dot], grain: Grain) -> str:
    """Return the picture in sentences, for somebody who cannot see it."""
    sentences = [f"From {whole_date(axis.first)} to {whole_date(axis.last)}."]
    inside = [dot for dot in dots if dot.start + timedelta(days=dot.days) > axis.first and dot.start <= axis.last]
    if inside:
        lowest, highest = min(inside, key=lambda d: d.mean), max(inside, key=lambda d: d.mean)
        sentences.append(f"Average mood by the {grain} on a scale from 0 to 10: {_places(len(inside), grain)}.")
        sentences.append(f"Lowest {lowest.mean:.1f} ({named(lowest, grain)}), highest {highest.mean:.1f} ")
        sentences[-1] += f"({named(highest, grain)}), latest {inside[-1].mean:.1f} ({named(inside[-1], grain)})."
    else:
        sentences.append("There are no mood check-ins to show.")
    sentences += [_spoken(one) for one in story.interventions if one.last >= axis.first]
    sentences += _school(week for week in story.school if axis.holds(week.monday))
    sentences += [f"{event.title}: {whole_date(event.on)}." for event in story.events if axis.holds(event.on)]
    return " ".join(sentences)


def _school(weeks: Iterable[SchoolWeekSaid]) -> list[str]:
    """Return how many weeks of school were in each band, and the newest of them."""
    shown = list(weeks)
    if not shown:
        return []
    counted = Counter(week.band for week in shown)
    bands = ", ".join(f"{band.words.lower()} in {counted[band]}" for band in Band if counted[band])
    number = f"{len(shown)} week{'' if len(shown) == 1 else 's'}"
    return [f"School, {number} recorded: {bands}; latest {shown[-1].band.words.lower()}."]


def _places(count: int, grain: Grain) -> str:
    return f"{count} {grain}{'' if count == 1 else 's'} with check-ins"


def _spoken(one: Intervention) -> str:
    if len(one.sessions) == 1:
        return f"{one.name}: one session, on {whole_date(one.first)}."
    return f"{one.name}: {len(one.sessions)} sessions from {whole_date(one.first)} to {whole_date(one.last)}."


def named(dot: Dot, grain: Grain) -> str:
    """Return a dot's time in words."""
    if grain is Grain.MONTH:
        return f"{dot.start:%B %Y}"
    return f"week of {whole_date(dot.start)}" if grain is Grain.WEEK else whole_date(dot.start)


def how_drawn(grain: Grain) -> str:
    """Say what a dot is and how the line is smoothed."""
    gap = {Grain.DAY: "six days", Grain.WEEK: "three weeks", Grain.MONTH: "one month"}[grain]
    return (
        f"Each dot is the average of one {grain}. The line averages each {grain} with up to two on either side, "
        f"nearer ones counting more, and breaks where there is no check-in for more than {gap}."
    )
