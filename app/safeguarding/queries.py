"""Reading concerns: for the young person who asked, their mentors and those who cover; and a council's rules."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from flask import g
from sqlalchemy import Select, select

from app.accounts.models import Account
from app.accounts.values import Permission, Viewer
from app.database import db
from app.safeguarding.cover import from_stored
from app.safeguarding.models import Concern, ConcernRules
from app.safeguarding.values import Rules
from app.web.errors import NotFoundError
from app.young_people.models import YoungPerson
from app.young_people.values import Access


def concerns_of(access: Access) -> list[Concern]:
    """Return every concern about a young person, newest first, for themself, their mentors, and in an emergency."""
    if not _may_see(access):
        return []
    return list(db.session.execute(_about([access.young_person_id])).scalars())


def open_concerns(who: Access | Iterable[UUID]) -> list[Concern]:
    """Return the concerns that nobody has acknowledged, newest first.

    Given ids: of young people whose mentor the viewer was already found to be.
    """
    if isinstance(who, Access):
        return [concern for concern in concerns_of(who) if concern.acknowledged_at is None]
    return list(db.session.execute(_about(list(who)).where(Concern.acknowledged_at.is_(None))).scalars())


def concern_for(access: Access, concern_id: UUID) -> Concern:
    """Return one concern; raises NotFoundError where it is not for the viewer."""
    query = _about([access.young_person_id]).where(Concern.id == concern_id)
    concern = db.session.execute(query).scalar_one_or_none() if _may_see(access) else None
    if concern is None:
        raise NotFoundError
    return concern


def untaken_since(moment: datetime) -> list[tuple[UUID, UUID]]:
    """Return (concern, young person), everywhere, of the calls for help since then that nobody has taken on."""
    query = select(Concern.id, Concern.young_person_id).where(
        Concern.raised_at >= moment, Concern.acknowledged_at.is_(None)
    )
    return [(one, person) for one, person in db.session.execute(query.order_by(Concern.raised_at))]


def _may_see(access: Access) -> bool:
    return access.is_self or access.reads_as_mentor


def _about(young_person_ids: list[UUID]) -> Select[Concern]:
    query = select(Concern).where(Concern.young_person_id.in_(young_person_ids))
    return query.order_by(Concern.raised_at.desc(), Concern.id)


def rules_of(council_id: UUID) -> Rules | None:
    """Return a council's rules, or None where it has set none; read once in a request.

    Whoever left, and whose account is closed, covers no more.
    """
    read: dict[UUID, Rules | None] = g.setdefault("concern_rules", {})
    if council_id not in read:
        found = rules_row(council_id)
        read[council_id] = _as_rules(found) if found is not None else None
    return read[council_id]


def rules_row(council_id: UUID) -> ConcernRules | None:
    return db.session.execute(select(ConcernRules).where(ConcernRules.council_id == council_id)).scalar_one_or_none()


def _as_rules(row: ConcernRules) -> Rules:
    open_now = select(Account.id).where(Account.id.in_(map(UUID, row.cover)), Account.is_active.is_(True))
    cover = frozenset(db.session.execute(open_now).scalars())
    return Rules(tuple(row.phrases), from_stored(row.hours, row.closed), timedelta(minutes=row.minutes), cover)


def looks_for_words(viewer: Viewer | None) -> bool:
    """Say whether something looks for words in what the viewer writes."""
    rules = rules_of(viewer.council_id) if viewer is not None and viewer.may(Permission.HELP_ASK) else None
    return rules is not None and bool(rules.phrases)


def just_raised_by(access: Access, entry_id: UUID, since: datetime) -> Concern | None:
    """Return the concern that words in one entry raised since a moment; for the young person who wrote it."""
    if not access.is_self:
        return None
    query = _about([access.young_person_id]).where(Concern.raised_at >= since)
    return next(
        (one for one in db.session.execute(query).scalars() if one.about.get("entry_id") == str(entry_id)), None
    )


def passed_on_to(viewer: Viewer) -> list[Concern]:
    """Return the concerns that were passed on and that nobody has, the oldest first: for those who cover, else none."""
    if not covers(viewer):
        return []
    query = _open_of_council(viewer.council_id).where(Concern.passed_on_at.is_not(None))
    return list(db.session.execute(query.order_by(Concern.raised_at, Concern.id)).scalars())


def covers(viewer: Viewer) -> bool:
    rules = rules_of(viewer.council_id)
    return rules is not None and viewer.account_id in rules.cover


def passed_on_concern(viewer: Viewer, concern_id: UUID) -> Concern:
    """Return one concern that was passed on to the viewer, taken or not; raises NotFoundError."""
    query = select(Concern).where(
        Concern.council_id == viewer.council_id, Concern.id == concern_id, Concern.passed_on_at.is_not(None)
    )
    found = db.session.execute(query).scalar_one_or_none() if covers(viewer) else None
    if found is None:
        raise NotFoundError
    return found


def overdue(moment: datetime) -> list[UUID]:
    """Return the concerns, everywhere, that nobody took in time and that were not passed on yet."""
    query = select(Concern.id).where(
        Concern.acknowledged_at.is_(None), Concern.passed_on_at.is_(None), Concern.due_at <= moment
    )
    return list(db.session.execute(query.order_by(Concern.due_at)).scalars())


def passed_on_since(moment: datetime) -> list[tuple[UUID, frozenset[UUID]]]:
    """Return (concern, accounts of those who cover), everywhere, of those passed on since then that nobody has."""
    query = select(Concern.id, Concern.council_id).where(
        Concern.acknowledged_at.is_(None), Concern.passed_on_at >= moment
    )
    found = db.session.execute(query.order_by(Concern.passed_on_at)).all()
    rules = {council: rules_of(council) for council in {council for _, council in found}}
    return [(one, held.cover) for one, council in found if (held := rules[council]) is not None]


def _open_of_council(council_id: UUID) -> Select[Concern]:
    return select(Concern).where(Concern.council_id == council_id, Concern.acknowledged_at.is_(None))


def names_about(viewer: Viewer, concerns: Iterable[Concern]) -> dict[UUID, str]:
    """Return what the young people are called whom these concerns, found for the viewer, are about."""
    ids = {one.young_person_id for one in concerns}
    query = select(YoungPerson).where(YoungPerson.council_id == viewer.council_id, YoungPerson.id.in_(ids))
    people = list(db.session.execute(query).scalars())
    return {one.id: f"{one.known_as} {one.last_name}".strip() for one in people}
