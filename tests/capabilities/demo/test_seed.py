"""The made-up councils: who is in them, that they are whole, and that a second seed changes nothing."""

import json
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import clock
from app.accounts.models import Account, Council
from app.accounts.sessions import viewer_of
from app.audit.models import AuditEntry
from app.breaks.models import Attendance, Offer, Session
from app.breaks.queries import coming_sessions
from app.checkins.models import CheckIn
from app.checkins.queries import check_ins_visible_to
from app.database import Base, db, transaction
from app.demo import services
from app.demo.queries import cast_accounts
from app.demo.values import SeedSummary
from app.feed.queries import posts_visible_to, replies_to
from app.goals.queries import goals_visible_to
from app.profiles.queries import current_profile
from app.web.errors import NotFoundError
from app.young_people.models import Relationship, YoungPerson
from app.young_people.queries import own_access, young_person_for
from app.young_people.values import Access, Tie
from tests.capabilities.demo.conftest import PEOPLE, SEED

ROLES = [
    "young_person",
    "other_young_person",
    "parent_carer",
    "mentor",
    "unrelated_mentor",
    "council_staff",
    "other_council_staff",
    "provider",
    "administrator",
    "auditor",
]


@pytest.fixture
def accounts(seeded: SeedSummary) -> Iterator[dict[str, Account]]:
    assert seeded
    yield {member.role: account for member, account in cast_accounts()}
    db.session.rollback()


@pytest.fixture
def amina(accounts: dict[str, Account]) -> Access:
    return own_access(viewer_of(accounts["young_person"]))


def rows_by_table() -> dict[str, int]:
    tables = [mapper.class_ for mapper in Base.registry.mappers]
    return {
        table.__tablename__: db.session.execute(select(func.count()).select_from(table)).scalar_one()
        for table in tables
    }


def test_the_cast_is_complete_in_its_order_and_each_has_the_role_of_their_account(
    accounts: dict[str, Account],
) -> None:
    assert list(accounts) == ROLES
    for role, account in accounts.items():
        plain = role.removeprefix("other_").removeprefix("unrelated_")
        assert account.role == plain


def test_the_cast_members_are_around_each_other_as_the_journeys_need(accounts: dict[str, Account]) -> None:
    amina, ben = (own_access(viewer_of(accounts[role])) for role in ("young_person", "other_young_person"))
    mentor, unrelated, parent = (viewer_of(accounts[role]) for role in ("mentor", "unrelated_mentor", "parent_carer"))
    assert young_person_for(mentor, amina.young_person_id).ties == {Tie.MENTOR}
    assert young_person_for(parent, amina.young_person_id).ties == {Tie.PARENT_CARER}
    assert young_person_for(unrelated, ben.young_person_id).ties == {Tie.MENTOR}
    for stranger in (unrelated, viewer_of(accounts["other_council_staff"]), viewer_of(accounts["provider"])):
        with pytest.raises(NotFoundError):
            young_person_for(stranger, amina.young_person_id)
    assert accounts["other_council_staff"].council_id != accounts["council_staff"].council_id


def test_both_councils_have_young_people_and_only_adults_of_their_own_around_them(seeded: SeedSummary) -> None:
    counts = dict(db.session.execute(select(Council.slug, func.count()).join(YoungPerson).group_by(Council.slug)).all())
    assert counts == {"derwent": PEOPLE, "trent": PEOPLE}
    assert seeded.young_people == 2 * PEOPLE
    crossed = (
        select(func.count())
        .select_from(Relationship)
        .join(Account, Account.id == Relationship.account_id)
        .where(Account.council_id != Relationship.council_id)
    )
    assert db.session.execute(crossed).scalar_one() == 0


def test_what_was_planned_is_what_was_written(seeded: SeedSummary) -> None:
    counts = rows_by_table()
    assert counts["check_ins"] == seeded.check_ins
    assert counts["attendances"] == seeded.attendances
    assert counts["posts"] == seeded.posts
    assert counts["goals"] == seeded.goals
    assert counts["school_weeks"] == seeded.school_weeks > 0
    assert counts["session_feedback"] == seeded.answers_after_sessions > 0
    assert counts["carer_check_ins"] == seeded.carer_check_ins > 0
    assert counts["refreshes"] == 2


def test_nothing_recorded_lies_in_the_future(seeded: SeedSummary) -> None:
    assert seeded
    moment = clock.now()
    for column in (CheckIn.at, Attendance.recorded_at, AuditEntry.at):
        latest = db.session.execute(select(func.max(column))).scalar_one()
        assert latest.replace(tzinfo=latest.tzinfo or moment.tzinfo) <= moment


def test_every_offer_has_sessions_to_come(seeded: SeedSummary) -> None:
    assert seeded
    later = select(func.count(func.distinct(Session.offer_id))).where(Session.starts_at > clock.now())
    offers = db.session.execute(select(func.count()).select_from(Offer)).scalar_one()
    assert db.session.execute(later).scalar_one() >= offers - 2, "two offers rest in school holidays"


def test_amina_has_a_whole_story(amina: Access, accounts: dict[str, Account]) -> None:
    posts = posts_visible_to(amina, None, 50)
    replied = replies_to(posts)
    assert any("headphones thing" in post.words for post in posts)
    authors = {reply.author_id for replies in replied.values() for reply in replies}
    assert {accounts[role].id for role in ("young_person", "mentor", "parent_carer")} <= authors
    assert "Go to the shop on my own" in {goal.title for goal in goals_visible_to(amina)}
    profile = current_profile(amina)
    assert profile is not None
    assert profile.number == 3
    assert profile.picture is not None
    assert set(profile.sections) == {"admire", "important", "support", "spoken_to", "when_hard"}
    assert {"Climbing club", "One-to-one mentoring"} <= {coming.offer_name for coming in coming_sessions(amina)}
    assert all(coming.who_will_be_there for coming in coming_sessions(amina))


def test_aminas_mum_does_not_see_what_amina_keeps_to_herself(amina: Access, accounts: dict[str, Account]) -> None:
    mum = young_person_for(viewer_of(accounts["parent_carer"]), amina.young_person_id)
    hers, mums = ({post.words for post in posts_visible_to(who, None, 50)} for who in (amina, mum))
    assert mums < hers
    assert not any("Freya might actually be my friend" in words for words in mums)


def test_ben_answers_from_0_to_10(accounts: dict[str, Account]) -> None:
    ben = own_access(viewer_of(accounts["other_young_person"]))
    assert {check_in.measure for check_in in check_ins_visible_to(ben, before=None, limit=5)} == {"scale"}


def test_a_second_seed_changes_nothing_and_says_so(demo_app: Flask, seeded: SeedSummary) -> None:
    assert seeded
    before = rows_by_table()
    with pytest.raises(services.AlreadySeededError), transaction():
        services.seed(people=PEOPLE, seed=SEED)
    result = demo_app.test_cli_runner().invoke(args=["demo", "seed"])
    assert result.exit_code == 0
    assert "Nothing was changed" in result.output
    assert rows_by_table() == before


def test_people_prints_a_list_for_programs(demo_app: Flask, seeded: SeedSummary) -> None:
    assert seeded
    result = demo_app.test_cli_runner(env={"PORT": "5081"}).invoke(args=["demo", "people", "--json"])
    people = json.loads(result.output)
    assert [person["role"] for person in people] == ROLES
    assert all(set(person) == {"role", "name", "sign_in_url"} for person in people)
    assert all(person["sign_in_url"].startswith("http://127.0.0.1:5081/demo/sign-in/") for person in people)
    elsewhere = demo_app.test_cli_runner().invoke(args=["demo", "people", "--base-url", "https://try.example/"])
    assert "https://try.example/demo/sign-in/" in elsewhere.output
    assert "Amina Rahman, a young person" in elsewhere.output


def test_truth_prints_every_offer(demo_app: Flask, seeded: SeedSummary) -> None:
    assert seeded
    result = demo_app.test_cli_runner().invoke(args=["demo", "truth", "--people", str(PEOPLE)])
    assert result.exit_code == 0
    assert "Climbing club" in result.output
    lines = result.output.splitlines()
    assert sum(line.strip().startswith("Climbing club") for line in lines) == 5
    assert len(lines) == 9 + 4 * 10
