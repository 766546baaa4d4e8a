"""Hours of cover: when somebody is there to look, and by when they have to; plain arithmetic on a British clock."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from app import clock
from app.web.dates import clock_time_in_words

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LOOKED_AHEAD = 60
TWO = 2


@dataclass(frozen=True, slots=True)
class Hours:
    """The days of the week with cover (Monday is 0), from when to when, and the dates without any."""

    days: frozenset[int]
    opens: time
    closes: time
    closed: frozenset[date] = frozenset()

    @property
    def in_words(self) -> str:
        """Return `Monday to Friday, 9am to 5pm`."""
        return f"{days_in_words(self.days)}, {clock_time_in_words(self.opens)} to {clock_time_in_words(self.closes)}"

    def on(self, day: date) -> tuple[datetime, datetime] | None:
        """Return when cover begins and ends on a day, or None where there is none."""
        if day.weekday() not in self.days or day in self.closed:
            return None
        begin, end = (datetime.combine(day, at, clock.BRITAIN) for at in (self.opens, self.closes))
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


def days_in_words(days: frozenset[int]) -> str:
    """Return `Monday to Wednesday and Friday`; three days or more in a row are a span."""
    spans = [[day for _, day in row] for _, row in groupby(enumerate(sorted(days)), lambda pair: pair[1] - pair[0])]
    said = [
        name
        for span in spans
        for name in (
            [f"{DAY_NAMES[span[0]]} to {DAY_NAMES[span[-1]]}"] if len(span) > TWO else [DAY_NAMES[day] for day in span]
        )
    ]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}" if said else "No day"
