"""Hours of cover on a British clock: when somebody is there, and by when they have to look."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from app.clock import BRITAIN
from app.safeguarding.cover import Hours, as_stored, days_in_words, from_stored, same_hours

OFFICE = same_hours(frozenset(range(5)), time(9), time(17), frozenset({date(2026, 12, 25)}))


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BRITAIN)


@pytest.mark.parametrize(
    ("moment", "hours", "due"),
    [
        (at(24, 10), 4, at(24, 14)),
        (at(24, 16), 4, at(25, 12)),
        (at(24, 16), 1, at(25, 9)),
        (at(27, 16, 30), 4, at(30, 12, 30)),
        (at(28, 12), 4, at(30, 13)),
        (at(24, 3), 1, at(24, 10)),
        (at(24, 20), 20, at(27, 13)),
        (at(24, 16, month=12), 2, at(28, 10, month=12)),
    ],
)
def test_only_time_with_cover_counts(moment: datetime, hours: int, due: datetime) -> None:
    assert OFFICE.after(moment, timedelta(hours=hours)) == due


def test_it_knows_when_somebody_is_there() -> None:
    assert OFFICE.covers(at(24, 9))
    assert not OFFICE.covers(at(24, 17))
    assert not OFFICE.covers(at(28, 12))
    assert OFFICE.next_from(at(24, 12)) == at(24, 12)
    assert OFFICE.next_from(at(27, 17)) == at(30, 9)
    assert same_hours(frozenset(), time(9), time(17)).next_from(at(24, 12)) is None


def test_the_clocks_going_back_do_not_move_it() -> None:
    friday = datetime(2026, 10, 23, 15, 0, tzinfo=UTC)
    assert OFFICE.after(friday, timedelta(hours=2)) == datetime(2026, 10, 26, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ({0, 1, 2, 3, 4}, "Monday to Friday"),
        ({0, 1, 2, 4}, "Monday to Wednesday and Friday"),
        ({1, 3, 5}, "Tuesday, Thursday and Saturday"),
        ({5, 6}, "Saturday and Sunday"),
        ({2}, "Wednesday"),
        (set(), "No day"),
    ],
)
def test_days_are_said_as_somebody_would(days: set[int], words: str) -> None:
    assert days_in_words(frozenset(days)) == words


def test_hours_are_said_in_words() -> None:
    assert OFFICE.in_words == "Monday to Friday, 9am to 5pm"


SHORT_FRIDAY = Hours({**dict.fromkeys(range(4), (time(9), time(17))), 4: (time(9), time(16)), 5: (time(10), time(12))})


def test_each_day_has_its_own_hours() -> None:
    assert SHORT_FRIDAY.in_words == "Monday to Thursday, 9am to 5pm; Friday, 9am to 4pm; Saturday, 10am to 12pm"
    assert SHORT_FRIDAY.covers(at(26, 16, 30))
    assert not SHORT_FRIDAY.covers(at(27, 16, 30))
    assert SHORT_FRIDAY.after(at(27, 15), timedelta(hours=2)) == at(28, 11)
    assert SHORT_FRIDAY.after(at(27, 15), timedelta(hours=4)) == at(30, 10)
    assert from_stored(as_stored(SHORT_FRIDAY), []) == SHORT_FRIDAY
    assert Hours({}).in_words == "No day"


def test_days_apart_with_the_same_hours_are_said_together() -> None:
    hours = Hours({0: (time(9), time(17)), 1: (time(9), time(12)), 2: (time(9), time(17))})
    assert hours.in_words == "Monday and Wednesday, 9am to 5pm; Tuesday, 9am to 12pm"


@pytest.mark.parametrize(
    ("part", "day", "is_one"),
    [
        ("ENG", date(2026, 12, 28), True),
        ("ENG", date(2026, 11, 30), False),
        ("SCT", date(2026, 11, 30), True),
        ("NIR", date(2027, 7, 12), True),
        ("ENG", date(2022, 9, 19), True),
    ],
    ids=["in lieu of Boxing Day", "Saint Andrew’s Day elsewhere", "Saint Andrew’s Day", "the twelfth", "once only"],
)
def test_a_bank_holiday_has_no_cover_where_the_council_says_so(part: str, day: date, *, is_one: bool) -> None:
    """As GOV.UK lists them."""
    assert (Hours(OFFICE.spans, closed_on=part).on(day) is None) is is_one
    assert OFFICE.on(day) is not None


def test_time_goes_on_after_the_bank_holidays() -> None:
    hours = Hours(OFFICE.spans, closed_on="ENG")
    eve = datetime(2026, 12, 24, 16, tzinfo=BRITAIN)
    assert hours.after(eve, timedelta(hours=4)) == datetime(2026, 12, 29, 12, tzinfo=BRITAIN)
    assert hours.in_words == "Monday to Friday, 9am to 5pm; not on bank holidays"
    assert from_stored(as_stored(hours), []) == hours
