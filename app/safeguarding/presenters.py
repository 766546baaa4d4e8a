"""What "Help now" may say: who is there, and what became of a call for help."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

from app import clock
from app.safeguarding.concern_words import source_of
from app.safeguarding.decision_values import UNDECIDED_AFTER
from app.safeguarding.models import Concern, ConcernDecision
from app.safeguarding.told import done_in, told_sentences
from app.safeguarding.values import Rules, Source
from app.web.dates import on_moment, until_moment
from app.web.languages import _
from app.young_people.sharing import TeamMember, first_names, in_words
from app.young_people.values import Tie


@dataclass(frozen=True, slots=True)
class CallLine:
    """One call for help and whether somebody has it."""

    asked: str
    answer: str
    is_open: bool
    is_not_safe: bool
    """It was one tap: the newest stands where that was tapped."""
    next: tuple[str, ...] = ()
    """What was done and what comes next, where they may be told."""


@dataclass(frozen=True, slots=True)
class AskForm:
    """Asking a mentor to get in touch; `mentors` is empty where there is none."""

    concern_id: UUID
    not_safe_id: UUID
    mentors: str
    calls: list[CallLine]
    cover: list[str]
    looks_for_words: bool
    typed: str = ""
    problem: str | None = None


def ask_form(
    team: Iterable[TeamMember],
    concerns: Iterable[Concern],
    names: Mapping[UUID, str],
    *,
    rules: Rules | None = None,
    decisions: Iterable[ConcernDecision] = (),
    typed: str = "",
    problem: str | None = None,
) -> AskForm:
    around = list(team)
    called = first_names([name for _, name, _ in around] + list(names.values()))
    mentors = list({account: called[name] for account, name, tie in around if tie is Tie.MENTOR}.values())
    names = {account: called[name] for account, name in names.items()}
    told = list(decisions)
    return AskForm(
        uuid4(),
        uuid4(),
        in_words(mentors),
        [_call(one, names, [each for each in told if each.concern_id == one.id]) for one in concerns],
        cover_lines(rules, in_words(mentors), names) if rules else [],
        looks_for_words=bool(rules and rules.phrases),
        typed=typed,
        problem=problem,
    )


def cover_lines(rules: Rules, mentors: str, names: Mapping[UUID, str]) -> list[str]:
    """Say when somebody is there to look, how soon they should, and who is asked after that: no more than is true."""
    moment, hours = clock.now(), rules.hours
    lines = [_("Adults are here to look at it: %(in_words)s.", in_words=hours.in_words)]
    opens = hours.next_from(moment)
    if hours.covers(moment):
        lines[0] += " " + _("That is now.")
    elif opens is not None:
        lines[0] += " " + _("Not right now. The next time is %(when)s.", when=until_moment(opens))
    by = hours.after(moment, rules.within)
    cover = in_words([names[one] for one in sorted(rules.cover, key=str) if one in names])
    if mentors and by is not None:
        lines.append(
            _("If you ask now, %(mentors)s should see it by %(when)s.", mentors=mentors, when=until_moment(by))
        )
        lines += [_("If not, %(cover)s can see it too, from then on.", cover=cover)] if cover else []
        if cover:
            lines.append(
                _(
                    "%(cover)s can see it too if nobody says what is next within %(days)s days.",
                    cover=cover,
                    days=UNDECIDED_AFTER.days,
                )
            )
    elif cover:
        lines.append(_("It goes to %(cover)s.", cover=cover))
    return lines


def told_words(concern: Concern, mentors: str, cover: str) -> str:
    """Tell a young person at once that words of theirs were found, and what happens next."""
    first = _("Some words you wrote tell us that you may need an adult.")
    who = mentors or (cover if concern.passed_on_at else "")
    if not who:
        seen = _("But nobody here can see it now. Please tap Help now. You are not in trouble.")
        return f"{first} {seen}"
    seen = (
        _("%(who)s should see it by %(when)s.", who=who, when=until_moment(concern.due_at))
        if concern.due_at
        else _("%(who)s should see it when they next look here.", who=who)
    )
    last = _("You are not in trouble. If it can’t wait, tap Help now.")
    return f"{first} {seen} {last}"


def _call(concern: Concern, names: Mapping[UUID, str], told: Iterable[ConcernDecision]) -> CallLine:
    by_source = {Source.ASKED: _("You asked"), Source.NOT_SAFE: _("You said you don’t feel safe")}
    source = source_of(concern)
    what, is_not_safe = by_source.get(source, _("Words you wrote")), source is Source.NOT_SAFE
    asked = f"{what}: {until_moment(concern.raised_at)}"
    if concern.acknowledged_by is None or concern.acknowledged_at is None:
        waits = " ".join(filter(None, (_("Nobody has seen it yet."), _still(concern))))
        return CallLine(asked, waits, is_open=True, is_not_safe=is_not_safe)
    who = names.get(concern.acknowledged_by, _("Somebody"))
    answer = _("%(who)s saw it: %(when)s.", who=who, when=until_moment(concern.acknowledged_at))
    return CallLine(asked, answer, is_open=False, is_not_safe=is_not_safe, next=_next_words(told, names))


def _next_words(told: Iterable[ConcernDecision], names: Mapping[UUID, str]) -> tuple[str, ...]:
    """Return each thing that was done once, in its order, and what the newest decision says comes next."""
    said, last = dict[str, None](), ""
    for one in told:
        *done, last = told_sentences(done_in(one), names.get(one.decided_by, _("Somebody")), one.look_again_on)
        said |= dict.fromkeys(done)
    return (*said, last) if last else ()


def _still(concern: Concern) -> str:
    if concern.passed_on_at is not None:
        return _("It went to more adults %(when)s.", when=on_moment(concern.passed_on_at))
    if concern.due_at is None:
        return ""
    return _("It should be seen by %(when)s.", when=until_moment(concern.due_at))
