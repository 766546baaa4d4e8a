"""Moments in the words that people use: today, yesterday, Thursday; on a British clock, in the page's language."""

from datetime import date, datetime, time, timedelta

from babel.dates import format_date, format_time

from app import clock
from app.web.languages import _, _l, is_english, locale_now

A_WEEK = 7
A_MONDAY = date(2024, 1, 1)
WEEKDAYS = (_l("Monday"), _l("Tuesday"), _l("Wednesday"), _l("Thursday"), _l("Friday"), _l("Saturday"), _l("Sunday"))
ON_WEEKDAYS = (
    _l("on Monday"),
    _l("on Tuesday"),
    _l("on Wednesday"),
    _l("on Thursday"),
    _l("on Friday"),
    _l("on Saturday"),
    _l("on Sunday"),
)
NEAR = {0: _l("Today"), 1: _l("Yesterday"), -1: _l("Tomorrow")}
NEAR_IN_SENTENCE = {0: _l("today"), 1: _l("yesterday"), -1: _l("tomorrow")}


def day_in_words(day: date) -> str:
    """Return `Today`, `Yesterday`, `Tomorrow`, a weekday within the week, else the date (and an earlier year)."""
    distance = (clock.today() - day).days
    if distance in NEAR:
        return str(NEAR[distance])
    if 0 < distance < A_WEEK:
        return str(WEEKDAYS[day.weekday()])
    return weekday_date(day)


def on_day(day: date) -> str:
    """Return a day as it stands inside a sentence: `today`, `on Thursday`, `on Tuesday 27 October`."""
    distance = (clock.today() - day).days
    if distance in NEAR_IN_SENTENCE:
        return str(NEAR_IN_SENTENCE[distance])
    if 0 < distance < A_WEEK:
        return str(ON_WEEKDAYS[day.weekday()])
    return on_date(day)


def on_date(day: date) -> str:
    """Return `on Tuesday 27 October`, with the year where it is not this one."""
    return _("%(on_weekday)s %(date)s", on_weekday=ON_WEEKDAYS[day.weekday()], date=_day_and_month(day))


def weekday_date(day: date) -> str:
    """Return `Tuesday 27 October`, with the year where it is not this one."""
    return f"{WEEKDAYS[day.weekday()]} {_day_and_month(day)}"


def _day_and_month(day: date) -> str:
    is_this_year = day.year == clock.today().year
    if is_english():
        return f"{day.day} {day:%B}" if is_this_year else f"{day.day} {day:%B %Y}"
    return _in_language(day, "d MMMM" if is_this_year else "d MMMM y")


def whole_date(day: date) -> str:
    """Return `27 October 2026`."""
    return f"{day.day} {day:%B %Y}" if is_english() else _in_language(day, "d MMMM y")


def short_date(day: date) -> str:
    """Return `27 Oct`."""
    return f"{day.day} {day:%b}" if is_english() else _in_language(day, "d MMM")


def short_weekday(day: date) -> str:
    """Return `Tue`."""
    return f"{day:%a}" if is_english() else _in_language(day, "ccc")


def weekday_number_shortly(number: int) -> str:
    """Return the short name of a day of the week, of which Monday is 0."""
    return short_weekday(A_MONDAY + timedelta(days=number))


def short_month(day: date) -> str:
    """Return `Oct`."""
    return f"{day:%b}" if is_english() else _in_language(day, "LLL")


def month_name(day: date) -> str:
    """Return `October`."""
    return f"{day:%B}" if is_english() else _in_language(day, "LLLL")


def month_and_year(day: date) -> str:
    """Return `October 2026`."""
    return f"{day:%B %Y}" if is_english() else _in_language(day, "LLLL y")


def _in_language(day: date, pattern: str) -> str:
    return format_date(day, pattern, locale=locale_now())


def start_of_day(day: date) -> datetime:
    """Return the moment at which a day begins on a British clock."""
    return datetime.combine(day, time(), clock.BRITAIN)


def time_in_words(moment: datetime) -> str:
    """Return `7:12am` as somebody would say it."""
    return clock_time_in_words(clock.in_britain(moment).time())


def clock_time_in_words(at: time) -> str:
    """Return a time of day as somebody would say it."""
    if not is_english():
        return format_time(at, "short", locale=locale_now())
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"  # noqa: PLR2004 (noon)


def moment_in_words(moment: datetime) -> str:
    """Return `Today at 7:12am`, `Thursday at 5pm`."""
    day = day_in_words(clock.in_britain(moment).date())
    return _("%(day)s at %(time)s", day=day, time=time_in_words(moment))


def on_moment(moment: datetime) -> str:
    """Return a moment as it stands inside a sentence: `today at 7:12am`, `on Thursday at 5pm`."""
    day = on_day(clock.in_britain(moment).date())
    return _("%(day)s at %(time)s", day=day, time=time_in_words(moment))


def until_moment(moment: datetime) -> str:
    """Return a moment as it stands after `until` or a colon: `today at 7:12am`, `Thursday at 5pm`."""
    day = clock.in_britain(moment).date()
    near = NEAR_IN_SENTENCE.get((clock.today() - day).days)
    return _("%(day)s at %(time)s", day=near or day_in_words(day), time=time_in_words(moment))
