"""Moments in the words that people use: today, yesterday, Thursday; on a British clock."""

from datetime import date, datetime, time

from app import clock

A_WEEK = 7


def day_in_words(day: date) -> str:
    """Return `Today`, `Yesterday`, `Tomorrow`, a weekday within the week, else the date (and an earlier year)."""
    today = clock.today()
    distance = (today - day).days
    near = {0: "Today", 1: "Yesterday", -1: "Tomorrow"}
    if distance in near:
        return near[distance]
    if 0 < distance < A_WEEK:
        return f"{day:%A}"
    return weekday_date(day)


def weekday_date(day: date) -> str:
    """Return `Tuesday 27 October`, with the year where it is not this one."""
    year = "" if day.year == clock.today().year else f" {day.year}"
    return f"{day:%A} {day.day} {day:%B}{year}"


def whole_date(day: date) -> str:
    """Return `27 October 2026`."""
    return f"{day.day} {day:%B %Y}"


def start_of_day(day: date) -> datetime:
    """Return the moment at which a day begins on a British clock."""
    return datetime.combine(day, time(), clock.BRITAIN)


def time_in_words(moment: datetime) -> str:
    """Return `7:12am` as somebody would say it."""
    return clock_time_in_words(clock.in_britain(moment).time())


def clock_time_in_words(at: time) -> str:
    """Return a time of day as somebody would say it."""
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"  # noqa: PLR2004 (noon)


def moment_in_words(moment: datetime) -> str:
    return f"{day_in_words(clock.in_britain(moment).date())} at {time_in_words(moment)}"


def in_sentence(words: str) -> str:
    """Return a day or moment in words as it stands inside a sentence: `today at 7pm`, `on Thursday`."""
    if words.startswith(("Today", "Yesterday", "Tomorrow")):
        return words[0].lower() + words[1:]
    return f"on {words}"


def short_date(day: date) -> str:
    return f"{day.day} {day:%b}"
