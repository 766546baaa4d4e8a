"""What a young person reads of what they came to: their own weeks in plain words, and nothing said of why."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from app import clock
from app.checkins.presenters import LEVEL_WORDS, level_of
from app.clock import in_britain
from app.impact.person_queries import AfterOffer
from app.insights.values import WhatFollowed
from app.timeline.series import Dot, Grain, dots_of
from app.web.dates import short_date, whole_date
from app.web.languages import _, ngettext

WEEKS_BEFORE, WEEKS_SINCE = 4, 8
FEWEST = 2
SLOT, BAR, HEIGHT, LEAST, TOP = 26, 18, 72, 8, 10.0
WENT = 6


@dataclass(frozen=True, slots=True)
class OwnBar:
    """One week: its faces as a bar (`level` None: no face that week), and whether they went (`went_x`)."""

    x: int
    y: float
    height: float
    level: int | None
    went_x: int | None


@dataclass(frozen=True, slots=True)
class OwnBreak:
    """One thing that they went to, with the weeks around its beginning."""

    number: int
    name: str
    went: str
    bars: tuple[OwnBar, ...]
    in_words: str
    first_day: str
    last_day: str
    said: tuple[str, ...]

    bar_width: int = BAR
    height: int = HEIGHT + 2 * WENT
    went_y: int = HEIGHT + WENT

    @property
    def width(self) -> int:
        return SLOT * len(self.bars)


def own_breaks(found: WhatFollowed) -> tuple[OwnBreak, ...]:
    dots = {dot.start: dot for dot in dots_of(found.scores, Grain.WEEK)}
    return tuple(_own(number, one, dots) for number, one in enumerate(found.estimates.after, start=1))


def _own(number: int, one: AfterOffer, dots: dict[date, Dot]) -> OwnBreak:
    days = [in_britain(moment).date() for moment in one.sessions]
    first = Grain.WEEK.start_of(days[0])
    weeks = [first + timedelta(weeks=week) for week in range(-WEEKS_BEFORE, WEEKS_SINCE)]
    weeks = [week for week in weeks if week <= clock.today()]
    went = {Grain.WEEK.start_of(day) for day in days}
    levels = {week: level_of(dots[week].mean) for week in weeks if week in dots}
    before = [level for week, level in levels.items() if week < first]
    since = [level for week, level in levels.items() if week >= first]
    return OwnBreak(
        number=number,
        name=one.name,
        went=_went(days),
        bars=tuple(bar_of(place, week, dots.get(week), went) for place, week in enumerate(weeks)),
        in_words=_in_words(levels, went),
        first_day=short_date(weeks[0]),
        last_day=_("This week") if clock.today() - weeks[-1] < timedelta(weeks=1) else short_date(weeks[-1]),
        said=tuple(_said(one.name, before, since)),
    )


def _went(days: Sequence[date]) -> str:
    return ngettext(
        "You went once, on %(when)s.",
        "You went %(num)s times. The first time was %(when)s.",
        len(days),
        when=whole_date(days[0]),
    )


def bar_of(place: int, week: date, dot: Dot | None, went: Collection[date] = ()) -> OwnBar:
    height = LEAST if dot is None else round(LEAST + dot.mean / TOP * (HEIGHT - LEAST - 1), 1)
    x = place * SLOT + (SLOT - BAR) // 2
    level = None if dot is None else level_of(dot.mean)
    return OwnBar(x, round(HEIGHT - height, 1), height, level, x + BAR // 2 if week in went else None)


def _in_words(levels: dict[date, int], went: set[date]) -> str:
    told = [
        _("week of %(when)s: %(how)s, you went", when=short_date(week), how=LEVEL_WORDS[level])
        if week in went
        else _("week of %(when)s: %(how)s", when=short_date(week), how=LEVEL_WORDS[level])
        for week, level in levels.items()
    ]
    return _("Your weeks. %(weeks)s.", weeks="; ".join(told)) if told else _("You tapped no face in these weeks.")


def _said(name: str, before: Sequence[int], since: Sequence[int]) -> list[str]:
    """Say how most weeks were before and after, only where there are some, and what nobody can know."""
    if min(len(before), len(since)) < FEWEST:
        return [_("There are few faces from that time, so your weeks can’t say much.")]
    then, now = (LEVEL_WORDS[round(median(levels))] for levels in (before, since))
    if then == now:
        return [
            _("Before it, most weeks were %(then)s. After you began, most weeks were %(now)s too.", then=then, now=now),
            _nobody_knows(name),
        ]
    return [
        _("Before it, most weeks were %(then)s. After you began, most weeks were %(now)s.", then=then, now=now),
        _nobody_knows(name),
    ]


def _nobody_knows(name: str) -> str:
    return _(
        "Was that because of %(name)s? Nobody can tell from this. Lots of things change how we feel. "
        "And hard times often get better by themselves.",
        name=name,
    )
