"""What a young person reads of their own weeks: half a year as bars, a year in colours, and what better days had."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import fmean, median

from app import clock
from app.checkins.models import CheckIn
from app.checkins.presenters import LEVEL_WORDS, level_of, with_words
from app.checkins.values import GOING_ON, ScoredCheckIn
from app.clock import in_britain
from app.insights.better_days import Better, Day, better_days, enough_days
from app.insights.own_page import HEIGHT, SLOT, OwnBar, bar_of
from app.timeline.series import Grain, dots_of
from app.timeline.values import Score
from app.web.dates import month_and_year, month_name, short_date, short_month
from app.web.languages import _, ngettext

WEEKS = 26
MONTHS = 12
MONTHS_HELD = 31


@dataclass(frozen=True, slots=True)
class OwnWeeks:
    """Half a year of weeks as a drawing, and the same in words."""

    bars: tuple[OwnBar, ...]
    first_day: str
    in_words: str
    told: tuple[tuple[str, str], ...]
    """Each week that has a face: when it began, and how it was."""

    bar_width: int = 18
    height: int = HEIGHT

    @property
    def width(self) -> int:
        return SLOT * len(self.bars)


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day of the year in colours; `level` is None where no face was tapped, `is_day` false where there is none."""

    level: int | None
    words: str
    is_day: bool = True


@dataclass(frozen=True, slots=True)
class OwnYear:
    """Twelve months, the earliest first: what they are called, and for each day of a month its twelve cells."""

    months: tuple[tuple[str, str], ...]
    """Short and whole."""
    rows: tuple[tuple[DayCell, ...], ...]
    told: tuple[tuple[str, str], ...]
    """Each month that has a face, and how it was."""


@dataclass(frozen=True, slots=True)
class BetterDays:
    """What better days had more often, in words; or why nothing is said."""

    is_enough: bool
    said: tuple[str, ...]


def first_moment() -> datetime:
    """Return the moment from which a year in colours looks back."""
    return datetime.combine(_months()[0], datetime.min.time(), clock.BRITAIN)


def own_weeks(scores: Iterable[ScoredCheckIn]) -> OwnWeeks:
    this_week = Grain.WEEK.start_of(clock.today())
    weeks = [this_week - timedelta(weeks=WEEKS - 1 - place) for place in range(WEEKS)]
    dots = {dot.start: dot for dot in dots_of((Score(one.at, one.score_0_10) for one in scores), Grain.WEEK)}
    told = [(short_date(week), LEVEL_WORDS[level_of(dots[week].mean)]) for week in weeks if week in dots]
    in_words = "; ".join(_("week of %(when)s: %(how)s", when=when, how=how) for when, how in told)
    return OwnWeeks(
        bars=tuple(bar_of(place, week, dots.get(week)) for place, week in enumerate(weeks)),
        first_day=short_date(weeks[0]),
        in_words=_("Your last half year, week by week. %(in_words)s.", in_words=in_words),
        told=tuple(told),
    )


def own_year(scores: Iterable[ScoredCheckIn]) -> OwnYear:
    """Return the last twelve months day by day, on a British calendar."""
    by_day = _by_day(scores)
    months = _months()
    levels = {day: level_of(fmean(values)) for day, values in by_day.items()}
    told = [
        (month_name(month), _month_in_words([level for day, level in levels.items() if _is_in(day, month)]))
        for month in months
    ]
    return OwnYear(
        months=tuple((short_month(month), month_and_year(month)) for month in months),
        rows=tuple(tuple(_cell(month, number, levels) for month in months) for number in range(MONTHS_HELD)),
        told=tuple((month, words) for month, words in told if words),
    )


def _months() -> list[date]:
    today = clock.today()
    last = today.year * 12 + today.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(last - MONTHS + 1, last + 1)]


def _cell(month: date, number: int, levels: dict[date, int]) -> DayCell:
    day = month + timedelta(days=number)
    if not _is_in(day, month) or day > clock.today():
        return DayCell(None, "", is_day=False)
    level = levels.get(day)
    return DayCell(level, LEVEL_WORDS[level] if level else _("no face"))


def _is_in(day: date, month: date) -> bool:
    return (day.year, day.month) == (month.year, month.month)


def _month_in_words(levels: Collection[int]) -> str:
    if not levels:
        return ""
    return ngettext(
        "One day with a face, most of them about %(how)s",
        "%(num)s days with a face, most of them about %(how)s",
        len(levels),
        how=LEVEL_WORDS[round(median(levels))],
    )


def _by_day(scores: Iterable[ScoredCheckIn]) -> dict[date, list[float]]:
    found: dict[date, list[float]] = {}
    for one in scores:
        found.setdefault(in_britain(one.at).date(), []).append(one.score_0_10)
    return found


def better_days_of(scores: Sequence[ScoredCheckIn], check_ins: Sequence[CheckIn]) -> BetterDays:
    """Return what went with better days, from what was said to be going on and from who they were with, apart.

    `scores` and `check_ins` are of the same days; only check-ins with a score count.
    """
    moods = {day: fmean(values) for day, values in _by_day(scores).items()}
    scored = {one.id for one in scores}
    kept = [one for one in check_ins if one.id in scored]
    going_on = _days(moods, kept, "going_on")
    who_with = _days(moods, kept, "who_with")
    said = [
        *(
            _("Going on: %(what)s. %(days)s", what=GOING_ON.get(one.what, one.what), days=_days_of(one))
            for one in better_days(going_on)
        ),
        *(f"{with_words([one.what])[0]}. {_days_of(one)}" for one in better_days(who_with)),
    ]
    return BetterDays(enough_days(going_on) or enough_days(who_with), tuple(said))


def _days(moods: dict[date, float], check_ins: Iterable[CheckIn], kind: str) -> list[Day]:
    said: dict[date, set[str]] = {}
    for one in check_ins:
        said.setdefault(in_britain(one.at).date(), set()).update(getattr(one, kind))
    return [Day(day, mood, frozenset(said.get(day, ()))) for day, mood in sorted(moods.items())]


def _days_of(one: Better) -> str:
    return ngettext(
        "It was so on %(num)s day, and not on %(without)s.",
        "It was so on %(num)s days, and not on %(without)s.",
        one.days_with,
        without=one.days_without,
    )
