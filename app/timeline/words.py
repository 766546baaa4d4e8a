"""Days and weeks as the timeline says them."""

from datetime import date, timedelta

LONGEST_IN_DAYS = 60


def short_day(day: date, today: date) -> str:
    """Return a day such as `Fri 20 Nov`, with its year where that is not this one."""
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day:%a} {day.day} {day:%b}{year}"


def long_day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def week_words(day: date, today: date) -> str:
    """Return the heading of a day's week."""
    monday = day - timedelta(days=day.weekday())
    away = ((today - timedelta(days=today.weekday())) - monday).days // 7
    if away in {0, 1}:
        return ("This week", "Last week")[away]
    if away < 0:
        return "Still to come"
    year = "" if monday.year == today.year else f" {monday.year}"
    return f"Week of {monday.day} {monday:%B}{year}"


def days_ago(day: date, today: date) -> str:
    away = (today - day).days
    if away <= 1:
        return "yesterday" if away == 1 else "today"
    return f"{away} days ago" if away <= LONGEST_IN_DAYS else f"on {long_day(day)}"
