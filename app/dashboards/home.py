"""What a young person's first page and their breaks page show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from app import clock
from app.breaks.values import ComingSession
from app.checkins.presenters import LEVEL_WORDS, level_of
from app.checkins.values import ScoredCheckIn
from app.web.dates import day_in_words, on_date, short_date, short_month, short_weekday, time_in_words
from app.web.languages import _

WEEKS = 10
TOP = 10.0
SLOT, BAR, HEIGHT, LEAST = 32, 22, 72, 8
TERM_STARTS = ((9, 1), (4, 20), (1, 1))


@dataclass(frozen=True, slots=True)
class WeekBar:
    """One week: its mean score as a bar, or no bar where there was no check-in."""

    x: int
    y: float
    width: int
    height: float
    level: int | None


@dataclass(frozen=True, slots=True)
class WeeksChart:
    """The last ten weeks as a drawing, and the same in words."""

    bars: list[WeekBar]
    width: int
    height: int
    first_day: str
    in_words: str
    is_empty: bool


@dataclass(frozen=True, slots=True)
class ComingBreak:
    """One session to come, as its young person reads it."""

    weekday: str
    day: int
    month: str
    when: str
    times: str
    name: str
    provider: str
    place: str
    who: str
    what_it_is_like: str
    is_again: bool
    """Whether an earlier one in the list is the same thing."""


def term_start(today: date) -> date:
    """Return the first day of the term that a day is in, near enough for counting."""
    month, day = next(start for start in TERM_STARTS if (today.month, today.day) >= start)
    return date(today.year, month, day)


def first_monday(today: date) -> date:
    """Return the Monday with which the last ten weeks begin."""
    return today - timedelta(days=today.weekday(), weeks=WEEKS - 1)


def weeks_chart(scores: Iterable[ScoredCheckIn], today: date) -> WeeksChart:
    """Draw the mean score of each of the last ten weeks, Monday to Sunday, on a British calendar."""
    start = first_monday(today)
    means: dict[int, float] = {}
    dated = ((clock.in_britain(one.at).date(), one.score_0_10) for one in scores)
    in_reach = ((max((day - start).days // 7, 0), score) for day, score in dated if start <= day <= today)
    for week, group in groupby(sorted(in_reach), key=lambda pair: pair[0]):
        values = [score for _, score in group]
        means[week] = sum(values) / len(values)
    told = [
        _("week of %(when)s: %(how)s", when=short_date(start + timedelta(weeks=week)), how=LEVEL_WORDS[level_of(mean)])
        for week, mean in means.items()
    ]
    return WeeksChart(
        bars=[_bar(week, means.get(week)) for week in range(WEEKS)],
        width=SLOT * WEEKS,
        height=HEIGHT,
        first_day=short_date(start),
        in_words=_("Your last ten weeks, on the whole. %(weeks)s.", weeks="; ".join(told)),
        is_empty=not means,
    )


def _bar(week: int, mean: float | None) -> WeekBar:
    height = LEAST if mean is None else round(LEAST + mean / TOP * (HEIGHT - LEAST - 1), 1)
    x = week * SLOT + (SLOT - BAR) // 2
    return WeekBar(x, round(HEIGHT - height, 1), BAR, height, None if mean is None else level_of(mean))


def coming_breaks(sessions: Sequence[ComingSession]) -> list[ComingBreak]:
    met = [one.offer_id for one in sessions]
    return [_coming(one, is_again=one.offer_id in met[:place]) for place, one in enumerate(sessions)]


def _coming(one: ComingSession, *, is_again: bool) -> ComingBreak:
    starts = clock.in_britain(one.starts_at)
    last_day = clock.in_britain(one.ends_at).date()
    until = time_in_words(one.ends_at)
    if last_day != starts.date():
        until = f"{until} {on_date(last_day)}"
    return ComingBreak(
        weekday=short_weekday(starts.date()),
        day=starts.day,
        month=short_month(starts.date()),
        when=day_in_words(starts.date()),
        times=_("%(time)s to %(until)s", time=time_in_words(one.starts_at), until=until),
        name=one.offer_name,
        provider=one.provider_name,
        place=one.place,
        who=one.who_will_be_there,
        what_it_is_like=one.what_it_is_like,
        is_again=is_again,
    )
