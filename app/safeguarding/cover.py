"""Hours of cover: when somebody is there to look, and by when they have to; plain arithmetic on a British clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from app import clock
from app.web.dates import WEEKDAYS, clock_time_in_words
from app.web.languages import _, in_list

Span = tuple[time, time]
LOOKED_AHEAD = 60
TWO = 2


@dataclass(frozen=True, slots=True)
class Hours:
    """From when to when there is cover on which days of the week (Monday is 0), and the dates without any."""

    spans: Mapping[int, Span]
    closed: frozenset[date] = frozenset()

    @property
    def in_words(self) -> str:
        """Return `Monday to Thursday, 9am to 5pm; Friday, 9am to 4pm`."""
        alike: dict[Span, set[int]] = {}
        for day in sorted(self.spans):
            alike.setdefault(self.spans[day], set()).add(day)
        said = [f"{days_in_words(frozenset(days))}, {span_in_words(span)}" for span, days in alike.items()]
        return "; ".join(said) or days_in_words(frozenset())

    def on(self, day: date) -> tuple[datetime, datetime] | None:
        """Return when cover begins and ends on a day, or None where there is none."""
        span = self.spans.get(day.weekday())
        if span is None or day in self.closed:
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


def same_hours(days: Iterable[int], opens: time, closes: time, closed: frozenset[date] = frozenset()) -> Hours:
    """Return hours that are the same on every day that has cover."""
    return Hours(dict.fromkeys(sorted(days), (opens, closes)), closed)


def as_stored(spans: Mapping[int, Span]) -> dict[str, str]:
    """Return the spans of a week as they are kept: `09:00-17:00` by the day's number."""
    return {str(day): "-".join(at.isoformat("minutes") for at in spans[day]) for day in sorted(spans)}


def from_stored(kept: Mapping[str, str]) -> dict[int, Span]:
    """Return the spans of a week that were kept, in today's form or as one span for all of its `days`."""
    if "days" in kept:
        span = time.fromisoformat(kept["opens"]), time.fromisoformat(kept["closes"])
        return {int(day): span for day in kept["days"]}
    both = {int(day): [time.fromisoformat(at) for at in span.split("-")] for day, span in kept.items()}
    return {day: (opens, closes) for day, (opens, closes) in both.items()}


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
