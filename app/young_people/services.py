"""Adding young people, tying adults to them, and recording what they choose to share."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import select, update

from app import clock
from app.accounts.models import Account
from app.accounts.services import create_young_person_account
from app.accounts.values import Viewer
from app.audit import services as audit
from app.crypto.keyring import OwnerKind, current_keyring
from app.database import db, hold
from app.young_people.decision_queries import choice_now
from app.young_people.decision_values import AS_PAGE, NO, PART, YES, Decided
from app.young_people.looks import Looks, to_map
from app.young_people.models import LifeEvent, Note, PersonRow, Relationship, SharingDecision, YoungPerson
from app.young_people.queries import by_reference, own_record
from app.young_people.values import Access, Audience, PersonDetails, Tie

OWN_CHOICE = Decided()


class ReferenceIsTakenError(ValueError):
    """The council has a young person with this reference already."""


class AnotherCouncilError(ValueError):
    """An adult of one council cannot be tied to another's young person."""


def add_young_person(
    *,
    council_id: UUID,
    details: PersonDetails,
    actor: Viewer | None,
    created_at: datetime | None = None,
    key_exists: UUID | None = None,
) -> YoungPerson:
    """Add a young person, with a data key and an account of their own; raises ReferenceIsTakenError.

    `key_exists`: the id to use, where its data key was made beforehand (imports make many at once).
    """
    if by_reference(council_id, details.reference) is not None:
        raise ReferenceIsTakenError("There is a young person with this reference already.")
    person_id = key_exists or uuid4()
    if key_exists is None:
        current_keyring().create((OwnerKind.YOUNG_PERSON, person_id))
    person = YoungPerson(
        id=person_id,
        council_id=council_id,
        created_at=created_at or clock.now(),
        reference_index=current_keyring().blind_index(
            council_id, YoungPerson.__tablename__, "reference", details.reference
        ),
        **sealed_details(details),
    )
    db.session.add(person)
    db.session.flush()
    account = create_young_person_account(
        council_id=council_id, young_person_id=person_id, name=person.known_as, actor=actor
    )
    person.account_id = account.id
    audit.record(
        council_id=council_id,
        actor_id=actor.account_id if actor else None,
        action="young_person:added",
        young_person_id=person_id,
        about=person,
    )
    return person


def sealed_details(details: PersonDetails) -> dict[str, object]:
    """Return the sealed fields of a record by name."""
    return {
        "reference": details.reference,
        "first_name": details.first_name,
        "last_name": details.last_name,
        "preferred_name": details.preferred_name,
        "pronouns": details.pronouns,
        "date_of_birth": details.date_of_birth,
        "sex": details.sex,
        "ethnicity": details.ethnicity,
        "primary_need": details.primary_need,
        "presenting_needs": list(details.presenting_needs),
        "diagnoses": list(details.diagnoses),
        "locality": details.locality,
        "entry_route": details.entry_route,
        "contact": details.contact,
    }


def update_details(*, person: YoungPerson, details: PersonDetails, actor: Viewer | None) -> None:
    """Replace what the council knows of a young person."""
    for name, value in sealed_details(details).items():
        setattr(person, name, value)
    account = db.session.get(Account, person.account_id) if person.account_id else None
    if account is not None:
        account.name = person.known_as
    audit.record(
        council_id=person.council_id,
        actor_id=actor.account_id if actor else None,
        action="young_person:updated",
        young_person_id=person.id,
        about=person,
    )


def tie_adult(
    *, person: YoungPerson, account: Account, tie: Tie, actor: Viewer | None, started_at: datetime | None = None
) -> Relationship:
    """Put an adult around a young person; doing it twice changes nothing. Raises AnotherCouncilError."""
    if account.council_id != person.council_id:
        raise AnotherCouncilError
    hold(person)
    query = select(Relationship).where(
        Relationship.young_person_id == person.id,
        Relationship.account_id == account.id,
        Relationship.tie == tie,
        Relationship.ended_at.is_(None),
    )
    existing = db.session.execute(query).scalar_one_or_none()
    if existing is not None:
        return existing
    relationship = Relationship(
        council_id=person.council_id,
        young_person_id=person.id,
        account_id=account.id,
        tie=tie,
        started_at=started_at or clock.now(),
    )
    db.session.add(relationship)
    db.session.flush()
    audit.record(
        council_id=person.council_id,
        actor_id=actor.account_id if actor else None,
        action="relationship:started",
        young_person_id=person.id,
        about=relationship,
    )
    return relationship


def end_relationship(*, relationship: Relationship, actor: Viewer) -> None:
    """Take an adult out of a young person's team, from the next request on; all that says the same goes with it."""
    moment = clock.now()
    same = update(Relationship).where(
        Relationship.young_person_id == relationship.young_person_id,
        Relationship.account_id == relationship.account_id,
        Relationship.tie == relationship.tie,
        Relationship.ended_at.is_(None),
    )
    db.session.execute(same.values(ended_at=moment))
    relationship.ended_at = moment
    audit.record(
        council_id=relationship.council_id,
        actor_id=actor.account_id,
        action="relationship:ended",
        young_person_id=relationship.young_person_id,
        about=relationship,
    )


def choose_sharing(
    *,
    viewer: Viewer,
    default_audience: Audience,
    profile_audience: Audience,
    shares_profile_with_providers: bool,
    in_group_figures: bool,
) -> list[SharingDecision]:
    """Set who sees what, at once; every change is kept for the young person to read back."""
    person = own_record(viewer)
    wanted = {
        "default_audience": default_audience.value,
        "profile_audience": profile_audience.value,
        "shares_profile_with_providers": str(shares_profile_with_providers).lower(),
        "in_group_figures": str(in_group_figures).lower(),
    }
    return [
        decide(viewer=viewer, person=person, what=what, choice=choice)
        for what, choice in wanted.items()
        if choice_now(person, what) != choice
    ]


def decide(
    *, viewer: Viewer, person: YoungPerson, what: str, choice: str, how: Decided = OWN_CHOICE
) -> SharingDecision:
    """Set one thing of `DECIDABLE` to one of its answers, at once, and keep who decided it and how."""
    if what.startswith(PART):
        others = {key: audience for key, audience in person.profile_parts.items() if key != what.removeprefix(PART)}
        person.profile_parts = others | ({} if choice == AS_PAGE else {what.removeprefix(PART): choice})
    else:
        setattr(person, what, choice == YES if choice in (YES, NO) else Audience(choice))
    decision = SharingDecision(
        council_id=person.council_id,
        young_person_id=person.id,
        what=what,
        choice=choice,
        decided_by=viewer.account_id,
        at=clock.now(),
        way=how.way,
        review_on=how.review_on,
        asked=how.asked,
        why=how.why,
    )
    db.session.add(decision)
    record_written(viewer=viewer, action="sharing:chosen", about=decision)
    return decision


def choose_looks(*, viewer: Viewer, looks: Looks) -> None:
    """Keep how the young person likes Tidemark to look and to be read."""
    person = own_record(viewer)
    person.looks = to_map(looks)
    audit.record(
        council_id=person.council_id,
        actor_id=viewer.account_id,
        action="looks:chosen",
        young_person_id=person.id,
        about=person,
    )


def choose_measure(*, viewer: Viewer, measure: str) -> None:
    """Set how the young person likes to answer (the code of a measure that may be put to them)."""
    person = own_record(viewer)
    person.measure = measure
    audit.record(
        council_id=person.council_id,
        actor_id=viewer.account_id,
        action="measure:chosen",
        young_person_id=person.id,
        about=person,
    )


def note_told_who_sees(*, viewer: Viewer) -> None:
    """Remember that the young person has been told who sees what and what it is used for."""
    person = own_record(viewer)
    person.told_who_sees_at = clock.now()
    audit.record(
        council_id=person.council_id,
        actor_id=viewer.account_id,
        action="who_sees:told",
        young_person_id=person.id,
        about=person,
    )


def write_note(*, viewer: Viewer, access: Access, words: str, at: datetime | None = None) -> Note:
    """Keep a mentor's note about a young person."""
    note = Note(
        council_id=access.council_id,
        young_person_id=access.young_person_id,
        author_id=viewer.account_id,
        at=at or clock.now(),
        words=words,
    )
    db.session.add(note)
    record_written(viewer=viewer, action="note:written", about=note)
    return note


def add_life_event(*, viewer: Viewer, access: Access, on: date, title: str) -> LifeEvent:
    """Put something that happened on the young person's time axis."""
    event = LifeEvent(
        council_id=access.council_id,
        young_person_id=access.young_person_id,
        author_id=viewer.account_id,
        on=on,
        title=title,
    )
    db.session.add(event)
    record_written(viewer=viewer, action="life_event:added", about=event)
    return event


def record_written(*, viewer: Viewer, action: str, about: PersonRow) -> None:
    """Flush what somebody wrote about a young person, and write down who did it."""
    db.session.flush()
    audit.record(
        council_id=about.council_id,
        actor_id=viewer.account_id,
        action=action,
        young_person_id=about.young_person_id,
        about=about,
    )


def record_identity_seen(*, viewer: Viewer, person: YoungPerson) -> None:
    """Write down that somebody of the council saw who a young person is, and what it knows of them."""
    audit.record(
        council_id=person.council_id, actor_id=viewer.account_id, action="record:seen", young_person_id=person.id
    )


def record_seen(*, viewer: Viewer, access: Access, what: str) -> None:
    """Write down that somebody looked at a young person's record (`what`: `timeline`, `profile`...), not their own."""
    if not access.is_self:
        audit.record(
            council_id=access.council_id,
            actor_id=viewer.account_id,
            action=f"{what}:seen",
            young_person_id=access.young_person_id,
        )
