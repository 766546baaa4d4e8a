"""One young person's whole record, and from the app's own addresses a real id for every place that takes one."""

from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import Table, func, select
from werkzeug.routing import Rule, UUIDConverter

from app import clock
from app.accounts.gate import PUBLIC, declared_permission
from app.audit import services as audit
from app.audit.models import AuditEntry
from app.checkins.carer_services import record_carer_check_in
from app.crypto.fields import SealedRow
from app.crypto.keyring import OwnerKind, current_keyring
from app.crypto.resealing import sealed_fields
from app.database import Base, db, transaction
from app.feed.models import Post
from app.media.models import Media
from app.media.values import HangsOn
from app.oversight.emergency_services import open_in_emergency
from app.profiles.values import SECTIONS
from app.prompts.times import to_map
from app.prompts.values import AgreedTimes
from app.records.models import Erasure
from app.records.values import Basis
from app.young_people.models import YoungPerson
from app.young_people.values import Audience
from tests.capabilities.records.whole_life import WORD, classes, holds_a_person, plant_everything
from tests.people import Cast

TABLE_OF = {
    "access_id": "emergency_accesses",
    "account_id": "accounts",
    "check_in_id": "check_ins",
    "concern_id": "concerns",
    "device_id": "enrolled_devices",
    "erasure_id": "erasures",
    "goal_id": "goals",
    "link_id": "profile_links",
    "media_id": "media",
    "offer_id": "offers",
    "passkey_id": "passkeys",
    "placement_id": "placements",
    "post_id": "posts",
    "prompt_id": "prompts",
    "provider_id": "providers",
    "relationship_id": "relationships",
    "request_id": "data_requests",
    "session_id": "sessions",
    "step_id": "goal_steps",
    "subscription_id": "push_subscriptions",
    "week_id": "school_weeks",
    "young_person_id": "young_people",
}
"""Whose row an id in an address is of; an id that is not here fails the tests that ask for all of them."""
ELSEWHERE = {
    ("carers.undo", "check_in_id"): "carer_check_ins",
    ("my_sign_in.end_session", "session_id"): "signed_in_sessions",
}
"""Addresses whose id is of another table than its name says elsewhere."""
NAMES = frozenset(f"{WORD} young_people {part}" for part in ("first_name", "last_name", "preferred_name"))
REASON = "Nobody has seen them since this morning, and they left their phone behind."


def id_rules(app: Flask) -> list[tuple[Rule, list[str], str]]:
    """Return every guarded rule that takes ids, with their names and each method that it takes."""
    found = []
    for rule in app.url_map.iter_rules():
        ids = ids_in(rule)
        if ids and declared_permission(app, rule.endpoint) != PUBLIC:
            found += [(rule, ids, method) for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})]
    return found


def ids_in(rule: Rule) -> list[str]:
    """Return the names of the ids that an address takes."""
    return sorted(name for name, one in rule._converters.items() if isinstance(one, UUIDConverter))  # noqa: SLF001


def table_of(rule: Rule, name: str) -> Table:
    """Return the table whose row an id in this address is of; a KeyError names an id that nobody told us of."""
    return Base.metadata.tables[ELSEWHERE.get((rule.endpoint, name)) or TABLE_OF[name]]


def is_of_one(rule: Rule) -> bool:
    """Say whether an address is that of one young person, or of something of theirs."""
    tables = [table_of(rule, name) for name in ids_in(rule)]
    return any(holds_a_person(table) or table.name == "young_people" for table in tables)


def make_whole_record(cast: Cast, *, emergencies: bool = True) -> None:
    """Give Amina a row in every table that can hold one, in the shapes that pages read, shown to all; commits.

    `emergencies`: Uma, who is not her mentor, and Colin of the council have opened her record in an emergency.
    """
    plant_everything(cast)
    with transaction():
        for name, kind in classes().items():
            table = Base.metadata.tables[name]
            if holds_a_person(table) or name == "young_people":
                for row in db.session.query(kind).all():
                    _shape(cast, name, row)
        record_carer_check_in(viewer=cast.parent_carer, answer=4.0, check_in_id=None)
        person = db.session.get_one(YoungPerson, cast.amina)
        for viewer in (cast.unrelated_mentor, cast.council_staff) if emergencies else ():
            open_in_emergency(viewer=viewer, person=person, reason=REASON, minutes=60)
        _forget_somebody(cast)


SHAPES: dict[tuple[str, str], object] = {
    ("check_ins", "answer"): 4.0,
    ("goal_ratings", "rating"): 4.0,
    ("media", "hangs_on"): HangsOn.POST,
    ("media", "removed_at"): None,
    ("media", "facts"): {"content_type": "image/webp", "width": "4", "height": "3"},
    ("placements", "ended_on"): None,
    ("profile_versions", "sections"): {one.key: f"{WORD} profile_versions {one.key}" for one in SECTIONS},
    ("prompt_plan_changes", "times"): to_map(AgreedTimes(days=(1, 3))),
    ("prompt_plans", "suggested"): {},
    ("prompt_plans", "times"): to_map(AgreedTimes(days=(1, 3))),
    ("school_weeks", "said"): {"possible": "10", "attended": "7", "full_time": ""},
    ("session_feedback", "how_was_it"): 4.0,
    ("session_feedback", "treated"): 1.0,
    ("young_people", "looks"): {},
    ("young_people", "profile_parts"): {},
    ("young_people", "shares_profile_with_providers"): True,
}
"""Fields that a page reads the parts of: a word alone would be no answer, no times and no week."""


def _shape(cast: Cast, table: str, row: object) -> None:
    if table == "young_people" and getattr(row, "id", None) != cast.amina:
        return
    for name in ("audience", "profile_audience", "default_audience"):
        if hasattr(row, name):
            setattr(row, name, Audience.TEAM)
    if isinstance(row, Media):
        row.entry_id = db.session.execute(select(Post.id).where(Post.young_person_id == cast.amina)).scalar_one()
    for (of_table, name), value in SHAPES.items():
        if of_table == table:
            setattr(row, name, value)


def _forget_somebody(cast: Cast) -> None:
    erasure_id = uuid4()
    current_keyring().create((OwnerKind.KEPT, erasure_id))
    erasure = Erasure(
        id=erasure_id,
        council_id=cast.council_id,
        subject_kind=OwnerKind.YOUNG_PERSON,
        subject_id=uuid4(),
        basis=Basis.ASKED,
        at=clock.now(),
        rows=0,
        concerns=0,
        keep_until=clock.today(),
        reason="They moved away.",
    )
    db.session.add(erasure)
    audit.record(council_id=cast.council_id, actor_id=None, action="test:forgotten")


def ids_of_amina(app: Flask, cast: Cast) -> dict[tuple[str, str], UUID]:
    """Return a real id for every place in an address that takes one, by endpoint and name: of Amina's or her council's.

    An account is the mentor's, a session that somebody signed in with is the young person's.
    """
    found = {}
    for rule in app.url_map.iter_rules():
        for name in ids_in(rule):
            found[rule.endpoint, name] = _one_of_amina(cast, table_of(rule, name))
    return found


def _one_of_amina(cast: Cast, table: Table) -> UUID:
    query = select(table.c.id)
    if table.name == "young_people":
        return cast.amina
    if table.name == "accounts":
        return cast.mentor.account_id
    if holds_a_person(table):
        query = query.where(table.c.young_person_id == cast.amina)
    elif "account_id" in table.c and table.name != "carer_check_ins":
        query = query.where(table.c.account_id == cast.young_person.account_id)
    found = db.session.execute(query.order_by(table.c.id).limit(1)).scalar_one_or_none()
    assert found is not None, f"make a row of {table.name} for Amina"
    return UUID(str(found))


def entries_since(number: int, cast: Cast, account_id: UUID) -> list[str]:
    """Return what the trail says that somebody did about Amina after an entry of her council's trail."""
    db.session.rollback()
    query = select(AuditEntry.action).where(
        AuditEntry.council_id == cast.council_id,
        AuditEntry.sequence > number,
        AuditEntry.actor_id == account_id,
        AuditEntry.young_person_id == cast.amina,
    )
    return list(db.session.execute(query.order_by(AuditEntry.sequence)).scalars())


def end_of_trail(cast: Cast) -> int:
    db.session.rollback()
    query = select(func.max(AuditEntry.sequence)).where(AuditEntry.council_id == cast.council_id)
    return db.session.execute(query).scalar_one() or 0


def words_of_amina() -> set[str]:
    """Return every word that was planted in a field of Amina's."""
    kinds = {name: kind for name, kind in classes().items() if issubclass(kind, SealedRow)}
    return {f"{WORD} {name} {field}" for name, kind in kinds.items() for field in sealed_fields(kind)}
