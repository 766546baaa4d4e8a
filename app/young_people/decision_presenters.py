"""What a young person reads of who decided what, and what a mentor reads of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from app import clock
from app.web.dates import moment_in_words, on_date, on_moment, whole_date
from app.web.languages import _
from app.young_people.decision_queries import choice_now
from app.young_people.decision_values import DECIDABLE, Way
from app.young_people.models import SharingDecision, YoungPerson


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """One decision in the log: what, the answer, when, who, and where somebody else had a part in it, why."""

    what: str
    choice: str
    when: str
    who: str
    why: str
    review: str
    is_for_them: bool


def decision_lines(decisions: Iterable[SharingDecision], names: Mapping[UUID, str]) -> list[DecisionLine]:
    """Return decisions as their young person reads them, in the order given; `names`: of adults, by account."""
    return [_line(one, names.get(one.decided_by, _("Somebody"))) for one in decisions]


def _line(one: SharingDecision, adult: str) -> DecisionLine:
    decidable = DECIDABLE.get(one.what)
    asked = " " + _("They asked: %(asked)s.", asked=one.asked) if one.asked else ""
    who = {
        Way.THEMSELF: _("You chose this."),
        Way.TOGETHER: _("You chose this with %(adult)s.", adult=adult) + asked,
        Way.FOR_THEM: _("%(adult)s chose this for you.", adult=adult) + asked,
    }
    return DecisionLine(
        what=decidable.words if decidable else one.what,
        choice=decidable.words_for(one.choice) if decidable else one.choice,
        when=moment_in_words(one.at),
        who=who[one.way],
        why=one.why,
        review=_("You look at it again %(when)s.", when=on_date(one.review_on)) if one.review_on else "",
        is_for_them=one.way is Way.FOR_THEM,
    )


@dataclass(frozen=True, slots=True)
class HoldsNow:
    """One thing as it is now, for a mentor: its answer, how it was come to, and whether it is due."""

    what: str
    words: str
    choice: str
    how: str
    why: str
    is_due: bool


def holds_now(
    person: YoungPerson, decisions: Mapping[str, SharingDecision], names: Mapping[UUID, str]
) -> list[HoldsNow]:
    return [
        HoldsNow(
            what=one.what,
            words=one.words,
            choice=one.words_for(choice_now(person, one.what)),
            how=_how(person.known_as, decisions.get(one.what), names),
            why=decisions[one.what].why if one.what in decisions else "",
            is_due=is_due(decisions.get(one.what)),
        )
        for one in DECIDABLE.values()
    ]


def is_due(decision: SharingDecision | None) -> bool:
    return decision is not None and decision.review_on is not None and decision.review_on <= clock.today()


def _how(name: str, one: SharingDecision | None, names: Mapping[UUID, str]) -> str:
    if one is None:
        return "As it was to begin with: nobody has decided it yet."
    adult, when = names.get(one.decided_by, "somebody"), on_moment(one.at)
    asked = f" Asked: {one.asked}." if one.asked else ""
    again = f" To look at again on {whole_date(one.review_on)}." if one.review_on else ""
    said = {
        Way.THEMSELF: f"{name} chose it {when}.",
        Way.TOGETHER: f"{name} chose it with {adult} {when}.{asked}",
        Way.FOR_THEM: f"Decided for {name} by {adult} {when}.{asked}",
    }
    return f"{said[one.way]}{again}"


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """One decision that a mentor is to look at again."""

    young_person_id: UUID
    words: str


def review_lines(due: Iterable[SharingDecision], called: Mapping[UUID, str]) -> list[ReviewLine]:
    """Return what is due, with what each young person is called."""
    return [
        ReviewLine(
            one.young_person_id,
            f"{called[one.young_person_id]}: look again at “{DECIDABLE[one.what].words}”"
            + (f", due {whole_date(one.review_on)}" if one.review_on else ""),
        )
        for one in due
        if one.young_person_id in called and one.what in DECIDABLE
    ]
