"""No id in an address opens what is somebody else's, to somebody of the right role: from the app's own addresses.

Every id is one that there is. An address with a new kind of id fails until `whole_record` can make one.
"""

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.gate import PUBLIC, declared_permission
from app.accounts.services import create_account
from app.accounts.sessions import viewer_of
from app.accounts.values import Permission, Role, Viewer
from app.breaks.models import Provider, ProviderMember
from app.database import Base, db, transaction
from app.young_people.models import YoungPerson
from app.young_people.services import tie_adult
from app.young_people.values import Tie
from tests.conftest import SignIn
from tests.house_rules.test_access_matrix import path_of
from tests.house_rules.test_reads_change_nothing import MAY_GROW
from tests.house_rules.whole_record import TABLE_OF, id_rules, ids_in, ids_of_amina, make_whole_record
from tests.people import Cast

pytestmark = pytest.mark.any_database

THEIRS = "young_person_id"


def stranger(cast: Cast, role: Role) -> Viewer:
    """Return somebody of a role who has nothing to do with Amina, and with Ben as much as their role can; commits."""
    known = {
        Role.YOUNG_PERSON: cast.other_young_person,
        Role.MENTOR: cast.unrelated_mentor,
        Role.COUNCIL_STAFF: cast.other_council_staff,
    }
    if role in known:
        return known[role]
    council_id = cast.council_id if role in {Role.PARENT_CARER, Role.PROVIDER} else cast.other_council_id
    with transaction():
        account = create_account(
            council_id=council_id, role=role, name="Una Other", email="una@other.example", password=None, actor=None
        )
        if role is Role.PARENT_CARER:
            ben = db.session.get_one(YoungPerson, cast.other_young_person.young_person_id)
            tie_adult(person=ben, account=account, tie=Tie.PARENT_CARER, actor=None)
        if role is Role.PROVIDER:
            provider = Provider(council_id=council_id, name="River Trust")
            db.session.add(provider)
            db.session.flush()
            db.session.add(ProviderMember(council_id=council_id, provider_id=provider.id, account_id=account.id))
        return viewer_of(account)


def everything() -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table but those that an attempt alone may add to."""
    db.session.rollback()
    tables = [table for table in Base.metadata.sorted_tables if table.name not in MAY_GROW]
    return {table.name: sorted(map(tuple, db.session.execute(select(table))), key=repr) for table in tables}


@pytest.mark.parametrize("role", list(Role))
def test_a_stranger_of_the_same_role_finds_nothing_by_any_id(
    app: Flask, cast: Cast, sign_in: SignIn, role: Role
) -> None:
    """Also with an id of Amina's under the address of whom the stranger may see."""
    make_whole_record(cast, emergencies=False)
    ids, viewer = ids_of_amina(app, cast), stranger(cast, role)
    ben, client = cast.other_young_person.young_person_id, sign_in(viewer)
    before, wrong, tried = everything(), [], 0
    for rule, names, method in id_rules(app):
        if not viewer.may(Permission(str(declared_permission(app, rule.endpoint)))):
            continue
        known = {name: ids[rule.endpoint, name] for name in names}
        mixed = {**known, THEIRS: ben} if THEIRS in names and len(names) > 1 else known
        for wanted in (known, mixed):
            status = client.open(path_of(app, rule, **wanted), method=method).status_code
            tried += 1
            if status != 404:
                wrong.append(f"{method} {rule.rule}: {status}")
    assert not wrong, "\n".join(wrong)
    assert tried > 0
    assert everything() == before


def test_every_id_in_an_address_is_one_that_can_be_made(app: Flask) -> None:
    named = {name for rule in app.url_map.iter_rules() for name in ids_in(rule)}
    assert named == set(TABLE_OF)


def test_no_address_that_is_open_to_everybody_takes_an_id(app: Flask) -> None:
    is_open = [rule for rule in app.url_map.iter_rules() if declared_permission(app, rule.endpoint) == PUBLIC]
    assert [rule.rule for rule in is_open if ids_in(rule)] == []


def test_whoever_it_is_for_does_find_it(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    """Otherwise an id that is nobody's would be not found, and show nothing."""
    make_whole_record(cast)
    ids = ids_of_amina(app, cast)
    clients = [(viewer, sign_in(viewer)) for viewer in cast.everybody.values()]
    for rule, names, method in id_rules(app):
        if method == "GET":
            permission = Permission(str(declared_permission(app, rule.endpoint)))
            path = path_of(app, rule, **{name: ids[rule.endpoint, name] for name in names})
            found = [one.get(path).status_code for viewer, one in clients if viewer.may(permission)]
            assert {200, 303} & set(found), rule.rule
