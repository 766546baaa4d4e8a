"""Agreed times as moments: on a British clock, in summer and winter, and never in quiet hours."""

from datetime import UTC, datetime, time, timedelta

import pytest

from app.clock import BRITAIN, in_britain
from app.prompts.times import from_map, is_too_late, laters_at, next_after, out_of_quiet, remind_at, to_map
from app.prompts.values import AgreedTimes, Later, UnknownTimesError

TWICE = AgreedTimes((0, 3), time(16))
NIGHT = AgreedTimes((), time(16), time(21), time(8))


def british(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BRITAIN).astimezone(UTC)


@pytest.mark.parametrize("begins", ["2026-03-20T12:00", "2026-10-16T12:00"], ids=["forward", "back"])
def test_four_o_clock_stays_four_o_clock_when_the_clocks_change(begins: str) -> None:
    moment, found = british(begins), []
    for _ in range(6):
        following = next_after(TWICE, moment)
        assert following is not None
        found.append(following)
        moment = following
    assert {in_britain(one).time() for one in found} == {time(16)}
    assert [f"{in_britain(one):%A}" for one in found[:2]] == ["Monday", "Thursday"]
    assert len({one.time() for one in found}) == 2


def test_the_same_moment_is_not_asked_twice_and_the_next_is_a_week_on() -> None:
    monday = british("2026-11-23T16:00")
    assert next_after(TWICE, monday - timedelta(seconds=1)) == monday
    assert next_after(AgreedTimes((0,), time(16)), monday) == monday + timedelta(weeks=1)
    assert next_after(AgreedTimes(), monday) is None


@pytest.mark.parametrize(
    ("at", "becomes"),
    [
        ("2026-11-24T20:59", "2026-11-24T20:59"),
        ("2026-11-24T21:00", "2026-11-25T08:00"),
        ("2026-11-25T00:30", "2026-11-25T08:00"),
        ("2026-11-25T08:00", "2026-11-25T08:00"),
        ("2026-03-28T23:00", "2026-03-29T08:00"),
        ("2026-10-25T00:30", "2026-10-25T08:00"),
    ],
)
def test_quiet_hours_end_when_the_british_clock_says_so(at: str, becomes: str) -> None:
    assert out_of_quiet(NIGHT, british(at)) == british(becomes)


def test_quiet_hours_within_a_day_and_none_at_all() -> None:
    noon = AgreedTimes((), time(16), time(12), time(13))
    assert out_of_quiet(noon, british("2026-11-24T12:30")) == british("2026-11-24T13:00")
    none = AgreedTimes((), time(16), time(0), time(0))
    assert out_of_quiet(none, british("2026-11-24T03:00")) == british("2026-11-24T03:00")


def test_later_is_in_an_hour_tonight_or_tomorrow_at_the_agreed_time() -> None:
    now = british("2026-11-24T16:10")
    assert remind_at(TWICE, Later.HOUR, now) == british("2026-11-24T17:10")
    assert remind_at(TWICE, Later.TONIGHT, now) == british("2026-11-24T19:00")
    assert remind_at(TWICE, Later.TOMORROW, now) == british("2026-11-25T16:00")
    assert remind_at(TWICE, Later.HOUR, british("2026-11-24T20:30")) == british("2026-11-25T08:00")
    assert Later.TONIGHT in laters_at(now)
    assert laters_at(british("2026-11-24T19:30")) == (Later.HOUR, Later.TOMORROW)


def test_a_time_that_passed_long_ago_or_falls_into_the_quiet_is_let_go() -> None:
    agreed = british("2026-11-23T16:00")
    assert not is_too_late(TWICE, agreed, agreed + timedelta(hours=4))
    assert is_too_late(TWICE, agreed, agreed + timedelta(hours=6, minutes=1))
    assert is_too_late(TWICE, agreed, british("2026-11-23T21:30"))


def test_times_that_cannot_be_agreed_are_refused_with_a_sentence() -> None:
    with pytest.raises(UnknownTimesError, match="in your quiet time"):
        AgreedTimes((0,), time(22)).check()
    with pytest.raises(UnknownTimesError, match="that are shown"):
        AgreedTimes((7,)).check()
    AgreedTimes((), time(22)).check()


def test_what_is_kept_reads_back_the_same() -> None:
    for times in (TWICE, NIGHT, AgreedTimes()):
        assert from_map(to_map(times)) == times
    assert from_map({}).days == ()
