"""Reading decisions about who sees what: what holds now, how it was come to, and what is due to be looked at again."""

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import select

from app import clock
from app.database import db
from app.young_people.decision_values import AS_PAGE, PART
from app.young_people.models import SharingDecision, YoungPerson
from app.young_people.values import Access, Audience


def choice_now(person: YoungPerson, what: str) -> str:
    """Return what one thing of `DECIDABLE` is set to."""
    if what.startswith(PART):
        return person.profile_parts.get(what.removeprefix(PART), AS_PAGE)
    return str(getattr(person, what)).lower()


def part_audience(person: YoungPerson, key: str) -> Audience:
    """Return who sees one part of the one-page profile: as for the page, where nothing else was chosen."""
    return Audience(person.profile_parts.get(key, person.profile_audience))


def is_for_everyone(person: YoungPerson, key: str) -> bool:
    """Say whether a part goes wherever the page goes: nobody chose to show it to fewer."""
    return person.profile_parts.get(key, Audience.TEAM) == Audience.TEAM


def decisions_that_hold(access: Access) -> dict[str, SharingDecision]:
    """Return the newest decision of each thing that was ever decided."""
    return _newest_of_each(_decisions([access.young_person_id]))


def reviews_due(young_person_ids: Collection[UUID]) -> list[SharingDecision]:
    """Return the decisions that hold and are to be looked at again by today, the longest due first.

    `young_person_ids`: of those whose mentor the viewer was already found to be.
    """
    by_person: dict[UUID, list[SharingDecision]] = {}
    for decision in _decisions(young_person_ids):
        by_person.setdefault(decision.young_person_id, []).append(decision)
    holding = [one for decisions in by_person.values() for one in _newest_of_each(decisions).values()]
    due = [(one.review_on, one) for one in holding if one.review_on and one.review_on <= clock.today()]
    return [one for _, one in sorted(due, key=lambda pair: pair[0])]


def _decisions(young_person_ids: Collection[UUID]) -> list[SharingDecision]:
    query = select(SharingDecision).where(SharingDecision.young_person_id.in_(young_person_ids))
    return list(db.session.execute(query.order_by(SharingDecision.at, SharingDecision.id)).scalars())


def _newest_of_each(decisions: Iterable[SharingDecision]) -> dict[str, SharingDecision]:
    return {decision.what: decision for decision in decisions}
