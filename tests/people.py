"""The cast: who is in the tests, by role, in two made-up councils."""

from dataclasses import dataclass
from uuid import UUID

from app.accounts.models import Account, Council
from app.accounts.services import create_account, create_council
from app.accounts.sessions import viewer_of
from app.accounts.values import Role, Viewer
from app.breaks.models import Provider, ProviderMember
from app.database import db, transaction
from app.young_people.models import YoungPerson
from app.young_people.services import add_young_person, tie_adult
from app.young_people.values import PersonDetails, Tie

PASSWORD = "sea-glass and driftwood"


@dataclass(frozen=True)
class Cast:
    """Ids of everybody; viewers say who is looking."""

    council_id: UUID
    other_council_id: UUID
    young_person: Viewer
    other_young_person: Viewer
    parent_carer: Viewer
    mentor: Viewer
    unrelated_mentor: Viewer
    council_staff: Viewer
    other_council_staff: Viewer
    provider: Viewer
    administrator: Viewer
    auditor: Viewer
    provider_id: UUID

    @property
    def amina(self) -> UUID:
        """Return the record that the mentor, the parent carer and the young person share."""
        assert self.young_person.young_person_id is not None
        return self.young_person.young_person_id

    @property
    def everybody(self) -> dict[str, Viewer]:
        return {name: value for name, value in vars(self).items() if isinstance(value, Viewer)}


def details(reference: str, first_name: str, **more: object) -> PersonDetails:
    return PersonDetails(reference=reference, first_name=first_name, last_name="Testperson", **more)  # type: ignore[arg-type]


def young_viewer(person: YoungPerson) -> Viewer:
    return viewer_of(db.session.get_one(Account, person.account_id))


def make_cast() -> Cast:
    """Make both councils and everybody in them; commits."""
    with transaction():
        here = create_council(slug="derwent", name="Derwent Council")
        there = create_council(slug="trent", name="Trent Council")

        def adult(council: Council, role: Role, name: str, password: str | None = None) -> Account:
            email = f"{name.split(maxsplit=1)[0].lower()}@{council.slug}.example"
            return create_account(
                council_id=council.id, role=role, name=name, email=email, password=password, actor=None
            )

        mentor = adult(here, Role.MENTOR, "Jo Mentor", PASSWORD)
        unrelated = adult(here, Role.MENTOR, "Uma Unrelated")
        parent = adult(here, Role.PARENT_CARER, "Sana Parent")
        staff = adult(here, Role.COUNCIL_STAFF, "Colin Staff")
        other_staff = adult(there, Role.COUNCIL_STAFF, "Olive Other")
        provider_account = adult(here, Role.PROVIDER, "Petra Provider")
        administrator = adult(here, Role.ADMINISTRATOR, "Ada Admin")
        auditor = adult(here, Role.AUDITOR, "Audrey Auditor")
        amina = add_young_person(council_id=here.id, details=details("YP-1", "Amina"), actor=None)
        ben = add_young_person(council_id=here.id, details=details("YP-2", "Ben"), actor=None)
        tie_adult(person=amina, account=mentor, tie=Tie.MENTOR, actor=None)
        tie_adult(person=amina, account=parent, tie=Tie.PARENT_CARER, actor=None)
        tie_adult(person=ben, account=unrelated, tie=Tie.MENTOR, actor=None)
        provider = Provider(council_id=here.id, name="Peak Wall")
        db.session.add(provider)
        db.session.flush()
        db.session.add(ProviderMember(council_id=here.id, provider_id=provider.id, account_id=provider_account.id))
        return Cast(
            council_id=here.id,
            other_council_id=there.id,
            young_person=young_viewer(amina),
            other_young_person=young_viewer(ben),
            parent_carer=viewer_of(parent),
            mentor=viewer_of(mentor),
            unrelated_mentor=viewer_of(unrelated),
            council_staff=viewer_of(staff),
            other_council_staff=viewer_of(other_staff),
            provider=viewer_of(provider_account),
            administrator=viewer_of(administrator),
            auditor=viewer_of(auditor),
            provider_id=provider.id,
        )
