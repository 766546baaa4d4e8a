"""When the made-up people are asked how they are, and what became of each time, as their check-ins came or stayed away.

Each change of what is agreed is planned; the times asked follow from the changes as they would on any other day, and
what became of them from the check-ins. Pure.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import groupby, pairwise

import numpy as np

from app.clock import in_britain
from app.demo.courses import Calendar, at_time
from app.demo.generator import BY_ITSELF, WEEKDAYS, WEEKS
from app.demo.values import Life, Moods, PlannedChange, PlannedCheckIn, PlannedPrompt
from app.prompts.times import A_WEEK, COUNTS_AS_ANSWER, LIVES, next_after
from app.prompts.values import AgreedTimes, Change, Closing

OWN_STREAM = 16
AGREED_SHARE, BY_MENTOR_SHARE, SET_ASIDE_SHARE = 0.82, 0.35, 0.15
MOST_DAYS = 6
TIMES = (time(7, 30), time(12, 30), time(15, 30), time(16), time(16, 30), time(17), time(18), time(18, 30))
TIMES_WEIGHT = (0.1, 0.06, 0.1, 0.27, 0.15, 0.16, 0.1, 0.06)
QUIET_FROM, QUIET_UNTIL = (time(20), time(21), time(22)), (time(6), time(7))
SUGGESTED_TO_EVERY, SUGGESTED_AGO = 30, timedelta(days=2)
SET_ASIDE_WITHIN = 240
AGREES = frozenset({Change.CHOSEN, Change.AGREED, Change.ACCEPTED})
PAUSES = frozenset({Change.PAUSED, Change.PAUSED_A_WEEK})
BEFORE_ANY, WITH_MENTOR = 7 * 60 + 5, 9 * 60 + 20
AMINAS_TIMES = (time(7, 30), time(12, 30), time(16), time(18, 30), time(20))


def agreed_times(people: int, seed: int) -> list[AgreedTimes]:
    """Return when each of so many people is asked; never, for one in five or so."""
    rng = np.random.default_rng((seed, OWN_STREAM))
    return [_agreed(rng) for _ in range(people)]


def _agreed(rng: np.random.Generator) -> AgreedTimes:
    count = int(np.clip(np.rint(BY_ITSELF * rng.gamma(3, 1 / 3)), 1, MOST_DAYS))
    days = sorted(rng.choice(len(WEEKDAYS), count, replace=False, p=WEEKDAYS / WEEKDAYS.sum()).tolist())
    at = TIMES[int(rng.choice(len(TIMES), p=TIMES_WEIGHT))]
    quiet = QUIET_FROM[int(rng.integers(len(QUIET_FROM)))], QUIET_UNTIL[int(rng.integers(len(QUIET_UNTIL)))]
    return AgreedTimes(tuple(days), at, *quiet) if rng.random() < AGREED_SHARE else AgreedTimes()


def with_asking(
    lives: Sequence[Life], agreed: Sequence[AgreedTimes], moods: Moods, calendar: Calendar, seed: int
) -> list[Life]:
    """Return lives with every change of when they are asked, and each time that they were."""
    rng = np.random.default_rng((seed, OWN_STREAM, 1))
    made = []
    for number, (life, times) in enumerate(zip(lives, agreed, strict=True)):
        changes = _changes(number, times, moods.rests[number], calendar, rng) if times.days else ()
        made.append(replace(life, changes=changes, prompts=prompts_of(changes, life.check_ins, calendar.now, rng)))
    return made


def _changes(
    number: int, times: AgreedTimes, rests: np.ndarray, calendar: Calendar, rng: np.random.Generator
) -> tuple[PlannedChange, ...]:
    """Return an agreement, a break for each run of weeks without being asked, and for a few a suggestion."""
    by_mentor = bool(rng.random() < BY_MENTOR_SHARE)
    runs = [(rest, [week for week, _ in run]) for rest, run in groupby(enumerate(rests), lambda one: bool(one[1]))]
    begun = runs[1][1][0] if runs[0][0] and len(runs) > 1 else 0
    what = Change.AGREED if by_mentor else Change.CHOSEN
    made = [PlannedChange(calendar.moment(begun, 0, WITH_MENTOR), by_mentor, what, times)]
    for rest, weeks in runs:
        if rest and weeks[0] > begun:
            made += _break(weeks, calendar)
    if number % SUGGESTED_TO_EVERY == 1:
        wider = replace(times, days=tuple(sorted({*times.days, (times.days[-1] + 2) % len(WEEKDAYS)})))
        made.append(PlannedChange(calendar.now - SUGGESTED_AGO, by_mentor=True, what=Change.SUGGESTED, times=wider))
    return tuple(sorted((one for one in made if one.at <= calendar.now), key=lambda one: one.at))


def _break(weeks: Sequence[int], calendar: Calendar) -> list[PlannedChange]:
    begins = calendar.moment(weeks[0], 0, BEFORE_ANY)
    if len(weeks) == 1:
        return [PlannedChange(begins, by_mentor=False, what=Change.PAUSED_A_WEEK)]
    ends = calendar.moment(weeks[-1] + 1, 0, BEFORE_ANY) if weeks[-1] < WEEKS - 1 else None
    made = [PlannedChange(begins, by_mentor=False, what=Change.PAUSED)]
    return [*made, PlannedChange(ends, by_mentor=False, what=Change.RESUMED)] if ends else made


def moments_of(changes: Sequence[PlannedChange], now: datetime) -> Iterator[datetime]:
    """Yield each moment up to `now` at which somebody was asked, in order; `changes` are in order too."""
    times, is_paused = AgreedTimes(), False
    for place, change in enumerate(changes):
        begins, ends = change.at, changes[place + 1].at if place + 1 < len(changes) else now
        if change.what in AGREES:
            times = change.times
        if change.what is not Change.SUGGESTED:
            is_paused = change.what is Change.PAUSED
        if change.what is Change.PAUSED_A_WEEK:
            begins += A_WEEK
        at = None if is_paused else next_after(times, begins)
        while at is not None and at <= ends:
            yield at
            at = next_after(times, at)


def prompts_of(
    changes: Sequence[PlannedChange], check_ins: Sequence[PlannedCheckIn], now: datetime, rng: np.random.Generator
) -> tuple[PlannedPrompt, ...]:
    """Return what became of each time somebody was asked: answered by the check-in that came, or not."""
    asked = [*moments_of(changes, now)]
    breaks = [change.at for change in changes if change.what in PAUSES]
    times, made = [one.at for one in check_ins], []
    for at, following in pairwise([*asked, now + LIVES]):
        place = bisect_left(times, at - COUNTS_AS_ANSWER)
        ends = min([at + LIVES, following, *(one for one in breaks if one > at)])
        if place < len(times) and times[place] < ends:
            answer = check_ins[place]
            made.append(PlannedPrompt(at, max(answer.at, at), Closing.ANSWERED, answer.id))
        else:
            made.append(_unanswered(at, ends, now, is_break=ends in breaks, rng=rng))
    return tuple(made)


def _unanswered(
    at: datetime, ends: datetime, now: datetime, *, is_break: bool, rng: np.random.Generator
) -> PlannedPrompt:
    said_no, after = rng.random() < SET_ASIDE_SHARE, timedelta(minutes=int(rng.integers(1, SET_ASIDE_WITHIN)))
    if ends > now:
        return PlannedPrompt(at)
    if said_no or is_break:
        return PlannedPrompt(at, ends if is_break else at + after, Closing.SET_ASIDE)
    return PlannedPrompt(at, ends, Closing.EXPIRED)


def aminas(life: Life, calendar: Calendar, rng: np.random.Generator) -> Life:
    """Return Amina's life with when she is asked, written by hand; the newest time that she was asked waits for her."""
    asked = max(
        moment
        for days in (0, 1)
        for at in AMINAS_TIMES
        if (moment := at_time(calendar.today - timedelta(days=days), at.hour * 60 + at.minute)) <= calendar.now
    )
    day = in_britain(asked).date()
    now, third, sixth = ((day - timedelta(days=ago)).weekday() for ago in (0, 3, 6))
    quiet = time(21), time(7)
    first = AgreedTimes(tuple(sorted((third, sixth))), time(16), *quiet)
    newest = AgreedTimes(tuple(sorted((now, third))), in_britain(asked).time(), *quiet)
    planned = (
        (62, time(17, 30), True, Change.AGREED, first),
        (38, time(19, 30), False, Change.PAUSED_A_WEEK, AgreedTimes()),
        (8, time(16, 40), True, Change.SUGGESTED, newest),
        (6, time(20, 20), False, Change.ACCEPTED, newest),
    )
    changes = tuple(
        PlannedChange(at_time(day - timedelta(days=ago), at.hour * 60 + at.minute), by_mentor, what, times)
        for ago, at, by_mentor, what, times in planned
    )
    *earlier, last = prompts_of(changes, life.check_ins, calendar.now, rng)
    return replace(life, changes=changes, prompts=(*earlier, PlannedPrompt(last.asked_at)))
