"""What pages say of agreed times, and of each time that Tidemark asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.clock import in_britain, today
from app.notifications.models import Notice
from app.notifications.presenters import told_in_words
from app.prompts.models import Prompt, PromptPlan, PromptPlanChange
from app.prompts.times import from_map, laters_at
from app.prompts.values import AgreedTimes, Change, Closing, Later
from app.web.dates import clock_time_in_words, day_in_words, moment_in_words, short_date, time_in_words, until_moment
from app.web.languages import _, _l
from app.young_people.sharing import in_words

LATER_WORDS = {Later.HOUR: _l("In an hour"), Later.TONIGHT: _l("Tonight"), Later.TOMORROW: _l("Tomorrow")}
CHANGE_WORDS = {
    Change.CHOSEN: _l("%(who)s chose: %(times)s."),
    Change.AGREED: _l("%(who)s wrote down what was agreed: %(times)s."),
    Change.SUGGESTED: _l("%(who)s suggested: %(times)s."),
    Change.ACCEPTED: _l("%(who)s said yes to: %(times)s."),
    Change.DECLINED: _l("%(who)s said no to: %(times)s."),
    Change.PAUSED_A_WEEK: _l("%(who)s paused it for a week."),
    Change.PAUSED: _l("%(who)s paused it."),
    Change.RESUMED: _l("%(who)s started it again."),
}
EVERY = (
    _l("Mondays"),
    _l("Tuesdays"),
    _l("Wednesdays"),
    _l("Thursdays"),
    _l("Fridays"),
    _l("Saturdays"),
    _l("Sundays"),
)
A_MINUTE, AN_HOUR = 60, 3600


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change of what is agreed, and who made it."""

    words: str
    when: str


@dataclass(frozen=True, slots=True)
class PlanView:
    """What is agreed now. `suggested` is what a mentor put to the young person, and `suggested_by` who."""

    words: str
    quiet: str
    next_time: str
    is_on: bool
    is_paused: bool
    paused: str
    suggested: str
    suggested_by: str
    changes: list[ChangeLine]


@dataclass(frozen=True, slots=True)
class DueCard:
    """The card on a young person's first page when it is time; it says so whether or not any push came."""

    id: UUID
    agreed: str
    laters: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class LogLine:
    """One time that Tidemark asked: when, how else than on home, what became of it; never what was answered."""

    when: str
    how: str
    outcome: str
    is_answered: bool


def days_in_words(days: Sequence[int]) -> str:
    if len(days) == len(EVERY):
        return _("Every day")
    return in_words([EVERY[day] for day in days])


def times_in_words(times: AgreedTimes) -> str:
    """Return `Mondays and Thursdays after 4pm`, or that Tidemark does not ask."""
    if not times.days:
        return _("Never")
    return _("%(days)s after %(time)s", days=days_in_words(times.days), time=clock_time_in_words(times.at))


def plan_view(
    plan: PromptPlan | None, changes: Iterable[PromptPlanChange], names: Mapping[UUID, str], moment: datetime
) -> PlanView:
    times = from_map(plan.times if plan else {})
    is_paused = plan is not None and plan.is_paused(moment)
    until = plan.paused_until if plan and is_paused else None
    by = plan.suggested_by if plan else None
    return PlanView(
        words=times_in_words(times),
        quiet=_(
            "%(time)s to %(until)s",
            time=clock_time_in_words(times.quiet_from),
            until=clock_time_in_words(times.quiet_until),
        ),
        next_time=until_moment(plan.next_at) if plan and plan.next_at else "",
        is_on=bool(times.days),
        is_paused=is_paused,
        paused=(_("until %(when)s", when=until_moment(until)) if until else _("until somebody starts it again"))
        if is_paused
        else "",
        suggested=times_in_words(from_map(plan.suggested)) if plan and by else "",
        suggested_by=names.get(by, _("Somebody")) if by else "",
        changes=[_change(change, names) for change in changes],
    )


def _change(change: PromptPlanChange, names: Mapping[UUID, str]) -> ChangeLine:
    who, times = names.get(change.changed_by, _("Somebody")), times_in_words(from_map(change.times))
    return ChangeLine(str(CHANGE_WORDS[change.what]) % {"who": who, "times": times}, moment_in_words(change.at))


def due_card(prompt: Prompt | None, plan: PromptPlan | None, moment: datetime) -> DueCard | None:
    if prompt is None:
        return None
    laters = [(later.value, LATER_WORDS[later]) for later in laters_at(moment)]
    return DueCard(prompt.id, times_in_words(from_map(plan.times if plan else {})), laters)


def log_lines(prompts: Iterable[Prompt], notices: Mapping[UUID, Sequence[Notice]], moment: datetime) -> list[LogLine]:
    """Return each time that Tidemark asked, in the order given."""
    return [
        LogLine(
            when=_shortly(prompt.asked_at),
            how="; ".join(told_in_words(notices.get(prompt.id, ()))),
            outcome=_outcome(prompt, moment),
            is_answered=_ended_as(prompt, moment) is Closing.ANSWERED,
        )
        for prompt in prompts
    ]


def _shortly(moment: datetime) -> str:
    """Return `Today at 4pm`, or `Wed 18 Nov at 4pm` before yesterday."""
    day, now = in_britain(moment).date(), today()
    year = "" if day.year == now.year else f" {day.year}"
    named = day_in_words(day) if now - day <= timedelta(days=1) else f"{day:%a} {short_date(day)}{year}"
    return f"{named} at {time_in_words(moment)}"


def answered_in_words(prompts: Iterable[Prompt], moment: datetime) -> str:
    """Return `Answered 6 of the last 9 times.`, of those that have ended; nothing where none has."""
    ended = [how for prompt in prompts if (how := _ended_as(prompt, moment)) is not None]
    answered = sum(how is Closing.ANSWERED for how in ended)
    if len(ended) > 1:
        return f"Answered {answered} of the last {len(ended)} times."
    return ("Answered the one time." if answered else "Not answered the one time.") if ended else ""


def _ended_as(prompt: Prompt, moment: datetime) -> Closing | None:
    return prompt.closed_as or (Closing.EXPIRED if prompt.expires_at <= moment else None)


def _outcome(prompt: Prompt, moment: datetime) -> str:
    ended = _ended_as(prompt, moment)
    if ended is None:
        if prompt.due_at > moment:
            return f"Put off until {until_moment(prompt.due_at)}"
        return "Waits for an answer"
    if ended is Closing.ANSWERED and prompt.closed_at is not None:
        after = (prompt.closed_at - prompt.asked_at).total_seconds()
        return f"Answered{_how_long(after)}"
    return "Not this time, they said" if ended is Closing.SET_ASIDE else "No answer"


def _how_long(seconds: float) -> str:
    if seconds < A_MINUTE:
        return " at once"
    if seconds < AN_HOUR:
        return f" after {round(seconds / A_MINUTE)} min"
    hours = round(seconds / AN_HOUR)
    return f" after {hours} hour{'s' if hours > 1 else ''}"
