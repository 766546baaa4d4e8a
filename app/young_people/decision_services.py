"""Deciding who sees what part by part, and an adult writing down how a decision was come to."""

from app import clock
from app.accounts.values import Viewer
from app.web.errors import NotFoundError
from app.young_people.decision_queries import choice_now
from app.young_people.decision_values import DECIDABLE, FURTHEST_REVIEW, PART, Decided, Way
from app.young_people.models import SharingDecision
from app.young_people.queries import own_record, record_of
from app.young_people.services import decide
from app.young_people.values import Access, Tie


class CannotBeDecidedError(ValueError):
    """A decision lacks what it needs, or answers a question that is not asked."""


def choose_parts(*, viewer: Viewer, parts: dict[str, str]) -> list[SharingDecision]:
    """Let a young person set who sees each part of their one page (answers by the part's key), at once."""
    person = own_record(viewer)
    wanted = {f"{PART}{key}": choice for key, choice in parts.items()}
    return [
        decide(viewer=viewer, person=person, what=_known(what, choice), choice=choice)
        for what, choice in wanted.items()
        if choice_now(person, what) != choice
    ]


def decide_with(*, viewer: Viewer, access: Access, what: str, choice: str, how: Decided) -> SharingDecision:
    """Write down what a mentor decided with a young person, or for them in their interest; it counts at once.

    Deciding for them needs who was asked, why, and a day within a year on which to look again. The young person may
    choose otherwise at any time. Raises NotFoundError for anybody but a mentor, and CannotBeDecidedError.
    """
    if Tie.MENTOR not in access.ties:
        raise NotFoundError
    if how.way is Way.THEMSELF:
        raise CannotBeDecidedError("Only the young person can choose by themself.")
    if how.way is Way.FOR_THEM and not (how.asked and how.why and how.review_on):
        raise CannotBeDecidedError("Say who was asked, why, and when to look at it again.")
    if how.review_on and not clock.today() < how.review_on <= clock.today() + FURTHEST_REVIEW:
        raise CannotBeDecidedError("Choose a day from tomorrow on, within a year.")
    return decide(viewer=viewer, person=record_of(access), what=_known(what, choice), choice=choice, how=how)


def _known(what: str, choice: str) -> str:
    decidable = DECIDABLE.get(what)
    if decidable is None or choice not in dict(decidable.answers):
        raise CannotBeDecidedError("That cannot be decided so.")
    return what
