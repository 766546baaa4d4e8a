"""Asking once whoever's time has come, and what becomes of it; with real processes side by side."""

import os
from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock, create_app
from app.accounts.models import Account
from app.audit.models import AuditEntry
from app.checkins.services import record_check_in, undo_check_in
from app.checkins.values import NewCheckIn
from app.database import db, transaction
from app.notifications.models import Notice
from app.prompts.asking import ask, expire, plans_due
from app.prompts.models import Prompt, PromptPlan
from app.prompts.queries import changes_of, due_prompt, missed_in_a_row, prompts_of_council
from app.prompts.services import agree_times, pause, record_prompts_in_bulk
from app.prompts.values import Closing, PastPrompt
from app.settings import Settings
from app.web.errors import NotFoundError
from app.young_people.queries import own_access
from app.young_people.services import add_young_person, choose_sharing
from app.young_people.values import Audience
from tests.capabilities.prompts.agreed import NEVER_QUIET, agree, all_prompts, asked, make_due
from tests.conftest import INDEX_KEY, KEY
from tests.people import Cast, details, young_viewer
from tests.side_by_side import side_by_side

DAY = timedelta(days=1)


def check_in(cast: Cast, ago: timedelta = timedelta()) -> UUID:
    with transaction():
        new = NewCheckIn(uuid4(), "faces", 4, clock.now() - ago)
        return record_check_in(viewer=cast.young_person, access=own_access(cast.young_person), new=new).id


def only() -> Prompt:
    db.session.expire_all()
    (prompt,) = all_prompts()
    return prompt


def long_ago(prompt_id: UUID, by: timedelta) -> None:
    """Let a prompt have been asked that much earlier."""
    prompt = db.session.get_one(Prompt, prompt_id)
    prompt.asked_at, prompt.due_at, prompt.expires_at = (
        moment - by for moment in (prompt.asked_at, prompt.due_at, prompt.expires_at)
    )
    db.session.info["audited"] = True
    db.session.commit()


def test_whose_time_has_come_is_asked_once_and_the_next_time_is_set(cast: Cast) -> None:
    plan_id = agree(cast.young_person)
    assert plans_due(clock.now()) == []
    make_due(plan_id)
    assert plans_due(clock.now()) == [plan_id]
    for _ in range(2):
        with transaction():
            ask(plan_id, clock.now())
    assert only().closed_at is None
    assert db.session.get_one(PromptPlan, plan_id).next_at > clock.now()  # type: ignore[operator]
    entry = db.session.execute(select(AuditEntry).where(AuditEntry.action == "prompt:asked")).scalar_one()
    assert (entry.actor_id, entry.young_person_id) == (None, cast.amina)


def test_there_is_never_more_than_one_open(cast: Cast) -> None:
    asked(cast.young_person)
    plan_id = db.session.execute(select(PromptPlan.id)).scalar_one()
    make_due(plan_id, timedelta(minutes=3))
    with transaction():
        assert ask(plan_id, clock.now()) is None
    assert only().closed_at is None
    assert plans_due(clock.now()) == []


def test_a_time_missed_by_hours_is_let_go_not_caught_up_on(cast: Cast) -> None:
    plan_id = agree(cast.young_person)
    make_due(plan_id, timedelta(hours=7))
    with transaction():
        assert ask(plan_id, clock.now()) is None
    assert all_prompts() == []
    assert plans_due(clock.now()) == []


def test_somebody_who_can_no_longer_sign_in_is_not_asked(cast: Cast) -> None:
    make_due(agree(cast.young_person))
    db.session.get_one(Account, cast.young_person.account_id).is_active = False
    db.session.info["audited"] = True
    db.session.commit()
    assert plans_due(clock.now()) == []


def test_a_check_in_answers_and_an_undone_one_lets_it_wait_again(cast: Cast) -> None:
    asked(cast.young_person)
    check_in_id = check_in(cast)
    assert (only().closed_as, only().check_in_id) == (Closing.ANSWERED, check_in_id)
    with transaction():
        undo_check_in(viewer=cast.young_person, access=own_access(cast.young_person), check_in_id=check_in_id)
    assert (only().closed_at, only().check_in_id) == (None, None)
    assert due_prompt(own_access(cast.young_person), clock.now()) is not None


def test_who_has_just_checked_in_is_not_disturbed(cast: Cast) -> None:
    plan_id = agree(cast.young_person)
    check_in_id = check_in(cast, timedelta(hours=1))
    make_due(plan_id)
    with transaction():
        ask(plan_id, clock.now())
    assert (only().closed_as, only().check_in_id) == (Closing.ANSWERED, check_in_id)


def test_an_answer_that_was_written_without_a_signal_counts_when_it_arrives(cast: Cast) -> None:
    long_ago(asked(cast.young_person).id, 3 * DAY)
    with transaction():
        assert expire(clock.now()) == 1
        assert expire(clock.now()) == 0
    assert only().closed_as is Closing.EXPIRED
    check_in(cast)
    assert only().closed_as is Closing.EXPIRED
    check_in(cast, timedelta(days=2, hours=20))
    assert only().closed_as is Closing.ANSWERED


def test_two_missed_in_a_row_are_told_and_an_answer_ends_the_row(cast: Cast) -> None:
    for days in (6, 3):
        long_ago(asked(cast.young_person).id, days * DAY)
        with transaction():
            expire(clock.now())
    assert [len(missed) for missed in missed_in_a_row([cast.amina]).values()] == [2]
    assert missed_in_a_row([]) == {}
    asked(cast.young_person)
    check_in(cast)
    assert missed_in_a_row([cast.amina]) == {}


def test_group_figures_get_who_was_asked_when_and_whether_they_answered(cast: Cast) -> None:
    long_ago(asked(cast.young_person).id, 3 * DAY)
    with transaction():
        expire(clock.now())
    asked(cast.young_person)
    assert [(one.young_person_id, one.answered) for one in prompts_of_council(cast.council_id)] == [(cast.amina, False)]
    check_in(cast)
    assert [one.answered for one in prompts_of_council(cast.council_id)] == [False, True]
    assert prompts_of_council(cast.other_council_id) == []
    with transaction():
        choose_sharing(
            viewer=cast.young_person,
            default_audience=Audience.MENTOR,
            profile_audience=Audience.TEAM,
            shares_profile_with_providers=False,
            in_group_figures=False,
        )
    assert prompts_of_council(cast.council_id) == []


def send_prompts(environment: Mapping[str, str]) -> str:
    """Run `flask prompts send` in a process of its own; return what it said."""
    os.environ.clear()
    os.environ.update(environment)
    done = create_app().test_cli_runner().invoke(args=["prompts", "send"])
    assert done.exit_code == 0, done.output
    return done.stdout


def send_side_by_side(settings: Settings, processes: int, more: Mapping[str, str] | None = None) -> list[str]:
    """Run `flask prompts send` in several processes at once; return what each said."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("TIDEMARK_")}
    own |= {
        "TIDEMARK_ENVIRONMENT": "test",
        "TIDEMARK_SECRET_KEY": "s" * 40,
        "TIDEMARK_DATABASE_URL": settings.database_url,
        "TIDEMARK_KEYS_DATABASE_URL": settings.keys_database_url,
        "TIDEMARK_KEY": KEY,
        "TIDEMARK_INDEX_KEY": INDEX_KEY,
        "TIDEMARK_TOMBSTONES": str(settings.tombstones),
    } | dict(more or {})
    return side_by_side(send_prompts, [(own,)] * processes)


def how_many(said: Sequence[str]) -> int:
    return sum(int(line.split()[1].rstrip(";")) for line in said)


def test_two_processes_at_once_ask_everybody_once_and_again_nobody(app: Flask, cast: Cast) -> None:
    with transaction():
        viewers = [
            young_viewer(add_young_person(council_id=cast.council_id, details=details(f"P-{n}", f"P{n}"), actor=None))
            for n in range(12)
        ]
    for viewer in viewers:
        make_due(agree(viewer))
    settings = app.extensions["settings"]
    assert how_many(send_side_by_side(settings, 2)) == 12
    db.session.rollback()
    assert len({prompt.young_person_id for prompt in all_prompts()}) == len(all_prompts()) == 12
    assert app.test_cli_runner().invoke(args=["prompts", "send"]).output.startswith("Asked 0;")


def test_what_was_asked_before_is_kept_in_bulk_with_what_became_of_it(cast: Cast) -> None:
    before, answer = clock.now() - 3 * DAY, uuid4()
    rows = [
        PastPrompt(cast.amina, before, before + timedelta(hours=1), Closing.ANSWERED, answer),
        PastPrompt(cast.amina, before + DAY, before + 2 * DAY, Closing.EXPIRED),
        PastPrompt(cast.amina, clock.now() - timedelta(hours=1)),
    ]
    with transaction():
        assert record_prompts_in_bulk(council_id=cast.council_id, actor=None, rows=rows) == 3
    first, second, newest = all_prompts()
    assert (first.check_in_id, second.check_in_id, newest.closed_at) == (answer, None, None)
    assert due_prompt(own_access(cast.young_person), clock.now()) == newest
    assert [one.answered for one in prompts_of_council(cast.council_id)] == [True, False]
    entry = db.session.execute(select(AuditEntry).where(AuditEntry.action == "prompts:recorded_in_bulk")).scalar_one()
    assert (entry.actor_id, entry.young_person_id) == (None, cast.amina)
    assert db.session.execute(select(Notice)).first() is None
    assert plans_due(clock.now()) == []


def test_nothing_is_kept_in_bulk_of_anybody_in_another_council(cast: Cast) -> None:
    rows = [PastPrompt(cast.amina, clock.now() - DAY)]
    with transaction(), pytest.raises(NotFoundError):
        record_prompts_in_bulk(council_id=cast.other_council_id, actor=None, rows=rows)
    assert all_prompts() == []


def test_a_change_made_before_keeps_its_day_and_asks_from_now(cast: Cast) -> None:
    access, before = own_access(cast.young_person), clock.now() - 30 * DAY
    with transaction():
        agree_times(viewer=cast.young_person, access=access, times=NEVER_QUIET, at=before)
        plan = pause(viewer=cast.young_person, access=access, for_a_week=True, at=before + DAY)
    assert [change.at for change in changes_of(access, 5)] == [before + DAY, before]
    assert not plan.is_paused(clock.now())
    assert plan.next_at is not None
    assert plan.next_at > clock.now()
