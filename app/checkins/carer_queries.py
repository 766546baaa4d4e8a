"""Reading how parent carers are: their own, what they share with their child's mentor, and scores for group figures."""

from collections import defaultdict
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, and_, or_, select

from app.accounts.queries import names_of
from app.accounts.values import Permission, Viewer
from app.checkins.measures import measure
from app.checkins.models import CarerCheckIn, CarerChoice
from app.crypto.keyring import OwnerKind, current_keyring
from app.crypto.sealed_columns import open_many, row_ids, sealed_column, sealed_in
from app.database import db
from app.web.errors import NotFoundError
from app.young_people.queries import carers_around
from app.young_people.values import Access, Tie

SHOWN_TO_MENTOR = 6


class CarerScore(NamedTuple):
    """How one parent carer in a council's group figures was, from 0 to 10."""

    account_id: UUID
    at: datetime
    score_0_10: float


class SharedByCarer(NamedTuple):
    """What one parent carer shares with the mentor: the newest check-ins first."""

    name: str
    check_ins: list[CarerCheckIn]


def own_carer_check_ins(viewer: Viewer, limit: int = 30) -> list[CarerCheckIn]:
    """Return a parent carer's own check-ins, newest first, without those undone; raises NotFoundError for others."""
    query = _own(viewer).order_by(CarerCheckIn.at.desc(), CarerCheckIn.id.desc()).limit(limit)
    return list(db.session.execute(query).scalars())


def own_carer_check_in(viewer: Viewer, check_in_id: UUID) -> CarerCheckIn:
    """Return one of a parent carer's own check-ins; raises NotFoundError."""
    found = db.session.execute(_own(viewer).where(CarerCheckIn.id == check_in_id)).scalar_one_or_none()
    if found is None:
        raise NotFoundError
    return found


def _own(viewer: Viewer) -> Select[CarerCheckIn]:
    if not viewer.may(Permission.CARER_CHECK_IN):
        raise NotFoundError
    return select(CarerCheckIn).where(
        CarerCheckIn.council_id == viewer.council_id,
        CarerCheckIn.account_id == viewer.account_id,
        CarerCheckIn.undone_at.is_(None),
    )


def own_carer_choice(viewer: Viewer) -> CarerChoice | None:
    """Return what a parent carer chose, or None where they never did."""
    query = select(CarerChoice).where(
        CarerChoice.council_id == viewer.council_id, CarerChoice.account_id == viewer.account_id
    )
    return db.session.execute(query).scalar_one_or_none()


def shared_by_carers(viewer: Viewer, access: Access) -> list[SharedByCarer]:
    """Return what the parent carers of a young person share with the mentor who looks; nothing for anybody else."""
    if Tie.MENTOR not in access.ties:
        return []
    query = (
        select(CarerCheckIn)
        .join(CarerChoice, CarerChoice.account_id == CarerCheckIn.account_id)
        .where(
            CarerCheckIn.council_id == access.council_id,
            CarerCheckIn.account_id.in_(carers_around(access)),
            CarerCheckIn.undone_at.is_(None),
            CarerChoice.shares_with_mentor.is_(True),
        )
        .order_by(CarerCheckIn.at.desc(), CarerCheckIn.id.desc())
    )
    found: dict[UUID, list[CarerCheckIn]] = defaultdict(list)
    for check_in in db.session.execute(query).scalars():
        found[check_in.account_id].append(check_in)
    names = names_of(viewer, found)
    return [SharedByCarer(names[carer], rows[:SHOWN_TO_MENTOR]) for carer, rows in found.items() if carer in names]


def carers_left_out(council_id: UUID) -> set[UUID]:
    """Return the parent carers who asked that their answers be left out of group figures."""
    query = select(CarerChoice.account_id).where(
        CarerChoice.council_id == council_id, CarerChoice.in_group_figures.is_(False)
    )
    return set(db.session.execute(query).scalars())


def carer_scores_of_council(council_id: UUID) -> list[CarerScore]:
    """Return the scores of parent carers who did not opt out, by carer and moment; for group figures alone."""
    query = (
        select(
            row_ids(CarerCheckIn),
            CarerCheckIn.account_id,
            CarerCheckIn.at,
            CarerCheckIn.measure,
            sealed_column(CarerCheckIn, "answer"),
        )
        .outerjoin(
            CarerChoice,
            and_(CarerChoice.account_id == CarerCheckIn.account_id, CarerChoice.council_id == CarerCheckIn.council_id),
        )
        .where(
            CarerCheckIn.council_id == council_id,
            CarerCheckIn.undone_at.is_(None),
            or_(CarerChoice.id.is_(None), CarerChoice.in_group_figures.is_(True)),
        )
        .order_by(CarerCheckIn.account_id, CarerCheckIn.at, CarerCheckIn.id)
    )
    rows = db.session.execute(query).all()
    current_keyring().load(OwnerKind.ACCOUNT, {row[1] for row in rows})
    answers = open_many(CarerCheckIn, "answer", OwnerKind.ACCOUNT, sealed_in(rows, ids=0, owners=1, values=4))
    return [
        CarerScore(account_id, at, measure(code).to_0_10(answer))
        for (_, account_id, at, code, _), answer in zip(rows, answers, strict=True)
        if answer is not None
    ]
