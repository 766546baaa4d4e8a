"""Agreed times turned into moments: on a British clock, through both changes of the clocks. Pure."""

from datetime import UTC, date, datetime, time, timedelta

from app.clock import BRITAIN, in_britain
from app.prompts.values import DAYS_OF_WEEK, ON_THE_CLOCK, AgreedTimes, Later

A_DAY = timedelta(days=1)
A_WEEK = timedelta(weeks=1)
LIVES = timedelta(days=1)
"""How long Tidemark waits for an answer before it lets go."""
LIVES_AFTER_LATER = timedelta(hours=6)
STILL_FITS = timedelta(hours=6)
"""How late Tidemark may still ask; a time that passed longer ago is let go."""
COUNTS_AS_ANSWER = timedelta(hours=3)
"""Who has checked in so shortly before is not asked again: that was the answer."""
TONIGHT = time(19)


def british_moment(day: date, at: time) -> datetime:
    """Return the moment (UTC) of a time of day in Britain; one that the clocks leave out falls an hour later."""
    return datetime.combine(day, at, BRITAIN).astimezone(UTC)


def next_after(times: AgreedTimes, after: datetime) -> datetime | None:
    """Return the first agreed moment later than `after`, or None where no day is agreed."""
    today = in_britain(after).date()
    days = (today + timedelta(days=ahead) for ahead in range(len(DAYS_OF_WEEK) + 1))
    moments = (british_moment(day, times.at) for day in days if day.weekday() in times.days)
    return next((moment for moment in moments if moment > after), None)


def out_of_quiet(times: AgreedTimes, moment: datetime) -> datetime:
    """Return the moment itself, or the end of the quiet hours that it lies in."""
    local = in_britain(moment)
    if not times.is_quiet(local.time()):
        return moment
    ends = british_moment(local.date(), times.quiet_until)
    return ends if ends > moment else british_moment(local.date() + A_DAY, times.quiet_until)


def remind_at(times: AgreedTimes, later: Later, moment: datetime) -> datetime:
    """Return when to remind somebody who asked at `moment` to be reminded later, never in their quiet hours."""
    today = in_britain(moment).date()
    if later is Later.HOUR:
        wanted = moment + timedelta(hours=1)
    elif later is Later.TONIGHT:
        wanted = max(british_moment(today, TONIGHT), moment)
    else:
        wanted = british_moment(today + A_DAY, times.at)
    return out_of_quiet(times, wanted)


def laters_at(moment: datetime) -> tuple[Later, ...]:
    """Return what somebody may choose between now: tonight only before it is tonight."""
    is_tonight = in_britain(moment).time() >= TONIGHT
    return tuple(one for one in Later if one is not Later.TONIGHT or not is_tonight)


def is_too_late(times: AgreedTimes, agreed: datetime, moment: datetime) -> bool:
    """Say whether an agreed moment has passed so long ago, or it is so quiet now, that it is let go."""
    return moment - agreed > STILL_FITS or times.is_quiet(in_britain(moment).time())


def to_map(times: AgreedTimes) -> dict[str, str]:
    """Return agreed times as the texts that are sealed."""
    return {
        "days": ",".join(str(day) for day in times.days),
        "at": times.at.strftime(ON_THE_CLOCK),
        "quiet_from": times.quiet_from.strftime(ON_THE_CLOCK),
        "quiet_until": times.quiet_until.strftime(ON_THE_CLOCK),
    }


def from_map(kept: dict[str, str]) -> AgreedTimes:
    """Return what `to_map` kept; no agreed day where there is nothing, or it does not open."""
    if not kept:
        return AgreedTimes()
    days = tuple(int(day) for day in kept["days"].split(",") if day)
    at, quiet_from, quiet_until = (time.fromisoformat(kept[name]) for name in ("at", "quiet_from", "quiet_until"))
    return AgreedTimes(days, at, quiet_from, quiet_until)
