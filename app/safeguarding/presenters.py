"""What "Help now" may say: who is there, and what became of a call for help."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

from app.safeguarding.models import Concern
from app.web.dates import moment_in_words
from app.young_people.sharing import TeamMember, first_names, in_words
from app.young_people.values import Tie


@dataclass(frozen=True, slots=True)
class CallLine:
    """One call for help and whether somebody has it."""

    asked: str
    answer: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class AskForm:
    """Asking a mentor to get in touch; `mentors` is empty where there is none."""

    concern_id: UUID
    mentors: str
    calls: list[CallLine]
    typed: str = ""
    problem: str | None = None


def ask_form(
    team: Iterable[TeamMember],
    concerns: Iterable[Concern],
    names: Mapping[UUID, str],
    *,
    typed: str = "",
    problem: str | None = None,
) -> AskForm:
    around = list(team)
    called = first_names([name for _, name, _ in around] + list(names.values()))
    mentors = list({account: called[name] for account, name, tie in around if tie is Tie.MENTOR}.values())
    names = {account: called[name] for account, name in names.items()}
    return AskForm(uuid4(), in_words(mentors), [_call(one, names) for one in concerns], typed, problem)


def _call(concern: Concern, names: Mapping[UUID, str]) -> CallLine:
    asked = moment_in_words(concern.raised_at)
    if concern.acknowledged_by is None or concern.acknowledged_at is None:
        return CallLine(asked, "Nobody has seen it yet.", is_open=True)
    who = names.get(concern.acknowledged_by, "Somebody")
    return CallLine(asked, f"{who} saw it: {moment_in_words(concern.acknowledged_at)}.", is_open=False)
