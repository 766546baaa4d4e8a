"""Hours of cover: when somebody is there to look, and by when they have to; plain arithmetic on a British clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import groupby

from app import clock
from app.web.dates import WEEKDAYS, clock_time_in_words
from app.web.languages import _, in_list

Span = tuple[time, time]
LOOKED_AHEAD = 60
PARTS = ("ENG", "SCT", "NIR")
"""Parts of the United Kingdom by their ISO 3166-2 codes; Wales has the bank holidays of England."""
BANK_HOLIDAYS = "bank_holidays"
TWO = 2


@dataclass(frozen=True, slots=True)
class Hours:
    """From when to when there is cover on which days of the week (Monday is 0), and the dates without any.

    `closed_on`: the part of the United Kingdom (`PARTS`) whose bank holidays have none either; empty: they are as other
    days.
    """

    spans: Mapping[int, Span]
    closed: frozenset[date] = frozenset()
    closed_on: str = ""

    @property
    def in_words(self) -> str:
        """Return `Monday to Thursday, 9am to 5pm; Friday, 9am to 4pm`."""
        alike: dict[Span, set[int]] = {}
        for day in sorted(self.spans):
            alike.setdefault(self.spans[day], set()).add(day)
        said = [f"{days_in_words(frozenset(days))}, {span_in_words(span)}" for span, days in alike.items()]
        if said and self.closed_on:
            said.append(_("not on bank holidays"))
        return "; ".join(said) or days_in_words(frozenset())

    def on(self, day: date) -> tuple[datetime, datetime] | None:
        """Return when cover begins and ends on a day, or None where there is none."""
        span = self.spans.get(day.weekday())
        if span is None or day in self.closed or (self.closed_on and day in bank_holidays(self.closed_on, day.year)):
            return None
        begin, end = (datetime.combine(day, at, clock.BRITAIN) for at in span)
        return begin, end

    def covers(self, moment: datetime) -> bool:
        span = self.on(clock.in_britain(moment).date())
        return span is not None and span[0] <= moment < span[1]

    def next_from(self, moment: datetime) -> datetime | None:
        """Return the next moment with cover, `moment` itself where there is some; None where none is in two months."""
        return self.after(moment, timedelta())

    def after(self, moment: datetime, covered: timedelta) -> datetime | None:
        """Return the moment at which so much time with cover has gone by; None where that is over two months away."""
        first = clock.in_britain(moment).date()
        for number in range(LOOKED_AHEAD):
            span = self.on(first + timedelta(days=number))
            if span is None or span[1] <= moment:
                continue
            begin = max(span[0], moment)
            if begin + covered < span[1]:
                return begin + covered
            covered -= span[1] - begin
        return None


@lru_cache(maxsize=64)
def bank_holidays(part: str, year: int) -> frozenset[date]:
    """Return the days that are bank holidays in one of `PARTS` in a year, days in lieu and single ones too."""
    from holidays import country_holidays  # noqa: PLC0415 (it takes a third of a second, and few pages need it)

    return frozenset(country_holidays("GB", subdiv=part, years=year))


def same_hours(days: Iterable[int], opens: time, closes: time, closed: frozenset[date] = frozenset()) -> Hours:
    """Return hours that are the same on every day that has cover."""
    return Hours(dict.fromkeys(sorted(days), (opens, closes)), closed)


def as_stored(hours: Hours) -> dict[str, str]:
    """Return a week's hours as they are kept: `09:00-17:00` by the day's number, and whose bank holidays are free."""
    spans = {str(day): "-".join(at.isoformat("minutes") for at in hours.spans[day]) for day in sorted(hours.spans)}
    return spans | ({BANK_HOLIDAYS: hours.closed_on} if hours.closed_on else {})


def from_stored(kept: Mapping[str, str], closed: Iterable[str]) -> Hours:
    """Return the hours that were kept, in today's form or as one span for their `days`, and the dates without."""
    dates = frozenset(map(date.fromisoformat, closed))
    if "days" in kept:
        opens, closes = time.fromisoformat(kept["opens"]), time.fromisoformat(kept["closes"])
        return same_hours(map(int, kept["days"]), opens, closes, dates)
    both = {int(day): map(time.fromisoformat, span.split("-")) for day, span in kept.items() if day != BANK_HOLIDAYS}
    return Hours({day: (opens, closes) for day, (opens, closes) in both.items()}, dates, kept.get(BANK_HOLIDAYS, ""))


def span_in_words(span: Span) -> str:
    return _("%(time)s to %(until)s", time=clock_time_in_words(span[0]), until=clock_time_in_words(span[1]))


def days_in_words(days: frozenset[int]) -> str:
    """Return `Monday to Wednesday and Friday`; three days or more in a row are a span."""
    spans = [[day for _, day in row] for _, row in groupby(enumerate(sorted(days)), lambda pair: pair[1] - pair[0])]
    said = [
        name
        for span in spans
        for name in (
            [_("%(day)s to %(last)s", day=WEEKDAYS[span[0]], last=WEEKDAYS[span[-1]])]
            if len(span) > TWO
            else [WEEKDAYS[day] for day in span]
        )
    ]
    return in_list(said) or _("No day")
