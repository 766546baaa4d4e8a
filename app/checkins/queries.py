"""Reading check-ins: what of a young person's a viewer may see, and the scores for group figures."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select

from app.checkins.measures import measure, mood_measures
from app.checkins.models import CheckIn, CheckInRevision
from app.checkins.values import CouncilScore, RawCheckIn, ScoredCheckIn
from app.crypto.keyring import OwnerKind, current_keyring
from app.crypto.sealed_columns import SealedValues, open_many, row_ids, sealed_column, sealed_in
from app.database import db
from app.web.errors import NotFoundError
from app.web.paging import Cursor, older_than
from app.young_people.models import YoungPerson
from app.young_people.values import Access

CHUNK = 500


def check_ins_visible_to(
    access: Access, *, before: Cursor | None, limit: int, since: datetime | None = None
) -> list[CheckIn]:
    """Return check-ins, newest first, without those undone and those for somebody else's eyes."""
    query = _visible(access).order_by(CheckIn.at.desc(), CheckIn.id.desc()).limit(limit)
    if before is not None:
        query = query.where(older_than(before, CheckIn.at, CheckIn.id))
    if since is not None:
        query = query.where(CheckIn.at >= since)
    return list(db.session.execute(query).scalars())


def check_in_visible_to(access: Access, check_in_id: UUID) -> CheckIn:
    """Return one check-in; raises NotFoundError where it is undone or not for the viewer."""
    found = db.session.execute(_visible(access).where(CheckIn.id == check_in_id)).scalar_one_or_none()
    if found is None:
        raise NotFoundError
    return found


def count_since(access: Access, since: datetime) -> int:
    """Return how many check-ins the viewer sees from a moment on."""
    visible = _visible(access).where(CheckIn.at >= since).subquery()
    return db.session.execute(select(func.count()).select_from(visible)).scalar_one()


def _visible(access: Access) -> Select[CheckIn]:
    return select(CheckIn).where(
        CheckIn.young_person_id == access.young_person_id,
        CheckIn.undone_at.is_(None),
        CheckIn.audience.in_(access.audiences),
    )


def scores_of(access: Access, since: datetime | None = None) -> list[ScoredCheckIn]:
    """Return the mood check-ins that the viewer sees as scores from 0 to 10, oldest first."""
    query = _visible(access).where(CheckIn.measure.in_(mood_measures()))
    if since is not None:
        query = query.where(CheckIn.at >= since)
    columns = query.with_only_columns(CheckIn.id, CheckIn.measure, CheckIn.at, sealed_column(CheckIn, "answer"))
    rows = db.session.execute(columns.order_by(CheckIn.at, CheckIn.id)).all()
    sealed = sealed_in(rows, ids=0, owners=access.young_person_id, values=3)
    answers = open_many(CheckIn, "answer", OwnerKind.YOUNG_PERSON, sealed)
    return [
        ScoredCheckIn(at, measure(code).to_0_10(answer), code, id_)
        for (id_, code, at, _), answer in zip(rows, answers, strict=True)
        if answer is not None
    ]


def scores_of_council(council_id: UUID, since_received: datetime | None = None) -> list[CouncilScore]:
    """Return the mood scores of those who are in the council's group figures, by person and moment.

    Scores only, whatever the audience of the check-in: no word of any check-in is opened here.
    """
    query = (
        select(
            row_ids(CheckIn),
            CheckIn.young_person_id,
            CheckIn.at,
            CheckIn.received_at,
            CheckIn.measure,
            sealed_column(CheckIn, "answer"),
        )
        .join(YoungPerson, YoungPerson.id == CheckIn.young_person_id)
        .where(
            CheckIn.council_id == council_id,
            CheckIn.undone_at.is_(None),
            CheckIn.measure.in_(mood_measures()),
            YoungPerson.in_group_figures.is_(True),
        )
        .order_by(CheckIn.young_person_id, CheckIn.at, CheckIn.id)
    )
    if since_received is not None:
        query = query.where(CheckIn.received_at >= since_received)
    rows = db.session.execute(query).all()
    current_keyring().load(OwnerKind.YOUNG_PERSON, {row.young_person_id for row in rows})
    answers = open_many(CheckIn, "answer", OwnerKind.YOUNG_PERSON, sealed_in(rows, ids=0, owners=1, values=5))
    return [
        CouncilScore(person, at, measure(code).to_0_10(answer), received, code)
        for (_, person, at, received, code, _), answer in zip(rows, answers, strict=True)
        if answer is not None
    ]


def raw_check_ins(
    *, people: Collection[UUID] = (), check_ins: Collection[UUID] = (), revisions: Collection[UUID] = ()
) -> Iterator[RawCheckIn]:
    """Yield the check-ins of these young people, and these ones, still sealed, undone ones too: for group figures.

    `revisions` names check-ins by what was kept of them. Whatever the audience: no word of any check-in is read here.
    """
    columns = select(
        CheckIn.id,
        CheckIn.young_person_id,
        CheckIn.at,
        CheckIn.measure,
        CheckIn.edited_at,
        CheckIn.undone_at,
        sealed_column(CheckIn, "answer"),
    )
    of_revisions = select(CheckInRevision.check_in_id)
    moods = mood_measures()
    chosen = [
        *(CheckIn.young_person_id.in_(chunk) for chunk in _chunks(people)),
        *(CheckIn.id.in_(chunk) for chunk in _chunks(check_ins)),
        *(CheckIn.id.in_(of_revisions.where(CheckInRevision.id.in_(chunk))) for chunk in _chunks(revisions)),
    ]
    for condition in chosen:
        for id_, person, at, code, edited_at, undone_at, sealed in db.session.execute(columns.where(condition)):
            yield RawCheckIn(id_, person, at, code, edited_at, undone_at is None and code in moods, sealed)


def scores_in(raw: Sequence[RawCheckIn]) -> list[float | None]:
    """Open these check-ins' answers and return them as scores from 0 to 10; None where one does not open."""
    current_keyring().load(OwnerKind.YOUNG_PERSON, {one.young_person_id for one in raw})
    sealed = SealedValues([one.id for one in raw], [one.young_person_id for one in raw], [one.answer for one in raw])
    answers = open_many(CheckIn, "answer", OwnerKind.YOUNG_PERSON, sealed)
    return [
        None if answer is None else measure(one.measure).to_0_10(answer)
        for one, answer in zip(raw, answers, strict=True)
    ]


def _chunks(ids: Collection[UUID]) -> Iterator[list[UUID]]:
    """Yield ids in lists that one query can carry."""
    held = list(ids)
    yield from (held[start : start + CHUNK] for start in range(0, len(held), CHUNK))


def revisions_of(check_in: CheckIn) -> list[CheckInRevision]:
    """Return what a check-in said before each change, oldest first; for a check-in already fetched for its viewer."""
    query = select(CheckInRevision).where(CheckInRevision.check_in_id == check_in.id)
    return list(db.session.execute(query.order_by(CheckInRevision.at, CheckInRevision.id)).scalars())


def ids_that_exist(ids: Iterable[UUID]) -> set[UUID]:
    """Return which of these ids a check-in has already."""
    return set(db.session.execute(select(CheckIn.id).where(CheckIn.id.in_(list(ids)))).scalars())
