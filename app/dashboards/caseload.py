"""Who of those a mentor or parent carer sees needs attention, and why in words; from what they may see, and no more."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import IntEnum
from itertools import pairwise
from statistics import fmean, median, stdev
from uuid import UUID

from app import clock
from app.accounts.values import Viewer
from app.checkins.queries import check_ins_visible_to, scores_of
from app.clock import in_britain
from app.prompts.queries import missed_in_a_row, resting
from app.safeguarding.concern_words import source_of
from app.safeguarding.models import Concern
from app.safeguarding.queries import open_concerns
from app.safeguarding.values import Source
from app.timeline.series import Grain, dots_of
from app.timeline.values import Score
from app.timeline.words import days_ago
from app.web.dates import short_date, time_in_words
from app.young_people.queries import accesses_around
from app.young_people.sharing import in_words
from app.young_people.values import Access, Tie

RECENT = timedelta(weeks=2)
EARLIER = timedelta(weeks=8)
FEWEST_RECENT = 3
FEWEST_EARLIER = 5
CLEAR_FALL = 1.0
USUAL_SWINGS = 2.0
SHORTEST_SILENCE = 7
SILENT_GAPS = 3
FEWEST_MISSED = 2
FEWEST_DAYS = 4
NEWEST = 60
SPARK_WIDTH = 110
SPARK_HEIGHT = 30


class Need(IntEnum):
    """Why somebody stands where they stand, the most urgent first."""

    CONCERN = 0
    FALL = 1
    SILENCE = 2
    MISSED = 3
    NOTHING = 4


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason in words, and how strong it is among others of its kind."""

    need: Need
    words: str
    detail: str = ""
    strength: float = 0.0


@dataclass(frozen=True, slots=True)
class CaseloadRow:
    """One young person in the list. `spark` are weekly averages as a path, ten weeks across."""

    id: UUID
    name: str
    need: Need
    tag: str
    reason: str
    detail: str
    last_check_in: str
    spark: tuple[tuple[float, float], ...]


SUMMARY = {
    Need.CONCERN: "with a call for help",
    Need.FALL: "with lower mood",
    Need.SILENCE: "quiet for longer than usual",
    Need.MISSED: "with prompts missed",
}
TAGS = {
    Need.CONCERN: "Call for help",
    Need.FALL: "Lower mood",
    Need.SILENCE: "Quiet",
    Need.MISSED: "Prompt missed",
    Need.NOTHING: "",
}


def caseload_rows(viewer: Viewer) -> list[CaseloadRow]:
    """Return the viewer's young people, those who need attention first."""
    accesses = accesses_around(viewer)
    mentored = [access.young_person_id for access in accesses if Tie.MENTOR in access.ties]
    missed, breaks = missed_in_a_row(mentored), resting(mentored, clock.now())
    asked = {concern.young_person_id: concern for concern in open_concerns(mentored)}
    found = [_row(one, asked.get(one.young_person_id), missed.get(one.young_person_id, ()), breaks) for one in accesses]
    found.sort(key=lambda pair: (pair[0].need, -pair[0].strength, pair[1].name.casefold()))
    return [row for _, row in found]


def summary_of(rows: Sequence[CaseloadRow]) -> str:
    """Say in one sentence how many need attention, and how many there are."""
    counted = Counter(row.need for row in rows)
    parts = [f"{counted[need]} {words}" for need, words in SUMMARY.items() if counted[need]]
    return f"{'; '.join(parts)}; {len(rows)} in all." if parts else "Nothing new needs you right now."


def _row(
    access: Access, call: Concern | None, missed: Sequence[datetime], breaks: Mapping[UUID, datetime | None]
) -> tuple[Reason, CaseloadRow]:
    moment, today = clock.now(), clock.today()
    scores = [Score(one.at, one.score_0_10) for one in scores_of(access, moment - RECENT - EARLIER)]
    days = sorted({in_britain(c.at).date() for c in check_ins_visible_to(access, before=None, limit=NEWEST)})
    asked_at, did = (call.raised_at, source_of(call).did) if call else (None, "")
    reason = reason_for(asked_at=asked_at, did=did, scores=scores, days=days, missed=missed, moment=moment)
    if access.young_person_id in breaks:
        reason = on_a_break(reason, breaks[access.young_person_id])
    return reason, CaseloadRow(
        id=access.young_person_id,
        name=access.name,
        need=reason.need,
        tag=TAGS[reason.need],
        reason=reason.words,
        detail=reason.detail,
        last_check_in=f"Last check-in {days_ago(days[-1], today)}" if days else "No check-in yet",
        spark=spark(scores, today),
    )


def reason_for(
    *,
    asked_at: datetime | None,
    scores: Sequence[Score],
    days: Sequence[date],
    moment: datetime,
    missed: Sequence[datetime] = (),
    did: str = Source.ASKED.did,
) -> Reason:
    """Return the strongest reason: a call for help, then a fall in mood, then silence, then prompts missed.

    `asked_at`: when the call for help was made; `did`: what they did then (`Source.did`).

    `scores`: mood of the last ten weeks, oldest first; `days`: the newest days with a check-in, oldest first;
    `missed`: when the newest prompts were asked that went unanswered in a row, newest first.
    """
    if asked_at is not None:
        hours = (moment - asked_at).total_seconds() / 3600
        when = f"{days_ago(in_britain(asked_at).date(), in_britain(moment).date())} at {time_in_words(asked_at)}"
        words = f"{did[:1].upper()}{did[1:]} {when}. Nobody has answered yet."
        return Reason(Need.CONCERN, words, strength=hours)
    today = in_britain(moment).date()
    return fall(scores, moment) or silence(days, today) or missed_prompts(missed) or Reason(Need.NOTHING, _calm(days))


def on_a_break(reason: Reason, until: datetime | None) -> Reason:
    """Return a reason as it stands for somebody who is on an agreed break from being asked, until then.

    No answer is then no signal; where the break has no end, a long silence still is one.
    """
    if reason.need < Need.SILENCE:
        return reason
    if until is not None:
        return Reason(
            Need.NOTHING, f"On an agreed break from being asked, until {short_date(in_britain(until).date())}."
        )
    if reason.need is Need.SILENCE:
        return replace(reason, detail="On an agreed break from being asked, with no end set.")
    return Reason(Need.NOTHING, "On an agreed break from being asked, with no end set.")


def _calm(days: Sequence[date]) -> str:
    return "Nothing new that needs you." if days else "Has not shared a check-in with you yet."


def fall(scores: Sequence[Score], moment: datetime) -> Reason | None:
    """Return a fall of the last two weeks below the person's own eight weeks before.

    It must be at least 1 point of 10, and more than twice the standard error of the difference, by days.
    """
    recent = _day_means(score for score in scores if score.at > moment - RECENT)
    earlier = _day_means(score for score in scores if moment - RECENT - EARLIER < score.at <= moment - RECENT)
    if len(recent) < FEWEST_RECENT or len(earlier) < FEWEST_EARLIER:
        return None
    drop = fmean(earlier) - fmean(recent)
    error = stdev(earlier) * (1 / len(recent) + 1 / len(earlier)) ** 0.5
    if drop < CLEAR_FALL or drop < USUAL_SWINGS * error:
        return None
    words = f"Mood lower for two weeks: about {fmean(recent):.1f} out of 10, against {fmean(earlier):.1f} before."
    detail = f"From check-ins on {len(recent)} days, against eight weeks of their own. A dip can pass by itself."
    return Reason(Need.FALL, words, detail, drop)


def _day_means(scores: Iterable[Score]) -> list[float]:
    by_day: dict[date, list[float]] = {}
    for at, value in scores:
        by_day.setdefault(in_britain(at).date(), []).append(value)
    return [fmean(values) for values in by_day.values()]


def silence(days: Sequence[date], today: date) -> Reason | None:
    """Return a silence of more than a week and more than three times the person's own usual gap."""
    if len(days) < FEWEST_DAYS:
        return None
    usual = median((later - earlier).days for earlier, later in pairwise(days))
    quiet = (today - days[-1]).days
    if quiet <= max(SHORTEST_SILENCE, SILENT_GAPS * usual):
        return None
    habit = "every day" if round(usual) <= 1 else f"every {usual:.0f} days"
    words = f"No check-in shared with you for {quiet} days; before that, about {habit}."
    return Reason(Need.SILENCE, words, strength=quiet / max(usual, 1))


def missed_prompts(missed: Sequence[datetime]) -> Reason | None:
    """Return that the last two prompts or more went unanswered: one alone is an ordinary day."""
    if len(missed) < FEWEST_MISSED:
        return None
    when = in_words([short_date(in_britain(at).date()) for at in reversed(missed)])
    words = f"Did not answer the last {len(missed)} times Tidemark asked ({when})."
    return Reason(Need.MISSED, words, "It can be a flat battery as well as a hard week.", float(len(missed)))


def spark(scores: Sequence[Score], today: date) -> tuple[tuple[float, float], ...]:
    """Return the weekly averages of ten weeks as points in a picture of 110 by 30 units."""
    last = Grain.WEEK.number_of(Grain.WEEK.start_of(today))
    weeks = (RECENT + EARLIER) // timedelta(weeks=1)
    return tuple(
        (
            round(SPARK_WIDTH - 5 - (last - Grain.WEEK.number_of(dot.start)) / weeks * (SPARK_WIDTH - 10), 1),
            round(SPARK_HEIGHT - 4 - dot.mean / 10 * (SPARK_HEIGHT - 8), 1),
        )
        for dot in dots_of(scores, Grain.WEEK)
    )
