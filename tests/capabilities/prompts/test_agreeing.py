"""Who may agree times, and how each sees what the other did."""

from datetime import time, timedelta

import pytest
from sqlalchemy import text

from app import clock
from app.accounts.values import Viewer
from app.audit.models import AuditEntry
from app.database import db, transaction
from app.prompts import services
from app.prompts.models import Prompt
from app.prompts.queries import changes_of, due_prompt, open_prompt, plan_of
from app.prompts.times import from_map
from app.prompts.values import AgreedTimes, Change, Closing, Later
from app.web.errors import NotFoundError
from app.young_people.queries import own_access, young_person_for
from tests.capabilities.prompts.agreed import NEVER_QUIET, agree, asked
from tests.people import Cast

TWICE = AgreedTimes((0, 3), time(16))


def mentors(cast: Cast) -> dict[str, object]:
    return {"viewer": cast.mentor, "access": young_person_for(cast.mentor, cast.amina)}


def own(viewer: Viewer) -> dict[str, object]:
    return {"viewer": viewer, "access": own_access(viewer)}


def test_a_young_person_and_their_mentor_both_change_the_times_and_each_sees_who_did(cast: Cast) -> None:
    agree(cast.young_person, TWICE)
    with transaction():
        services.agree_times(**mentors(cast), times=NEVER_QUIET)  # type: ignore[arg-type]
    for viewer in (cast.young_person, cast.mentor):
        access = young_person_for(viewer, cast.amina)
        plan = plan_of(access)
        assert plan is not None
        assert from_map(plan.times) == NEVER_QUIET
        assert [(one.changed_by, one.what) for one in changes_of(access, 5)] == [
            (cast.mentor.account_id, Change.AGREED),
            (cast.young_person.account_id, Change.CHOSEN),
        ]
    actions = db.session.query(AuditEntry.action).filter(AuditEntry.action.startswith("prompt_plan")).all()
    assert [action for (action,) in actions] == ["prompt_plan:chosen", "prompt_plan:agreed"]


def test_a_suggestion_changes_nothing_until_the_young_person_says_yes(cast: Cast) -> None:
    with transaction():
        services.suggest_times(**mentors(cast), times=TWICE)  # type: ignore[arg-type]
    access = own_access(cast.young_person)
    plan = plan_of(access)
    assert plan is not None
    assert (plan.next_at, from_map(plan.times).days) == (None, ())
    with transaction(), pytest.raises(NotFoundError):
        services.answer_suggestion(**mentors(cast), accepted=True)  # type: ignore[arg-type]
    with transaction():
        services.answer_suggestion(**own(cast.young_person), accepted=True)  # type: ignore[arg-type]
    plan = plan_of(access)
    assert plan is not None
    assert from_map(plan.times) == TWICE
    assert plan.next_at is not None
    with transaction(), pytest.raises(services.NothingSuggestedError):
        services.answer_suggestion(**own(cast.young_person), accepted=True)  # type: ignore[arg-type]


def test_no_to_a_suggestion_leaves_what_was_agreed(cast: Cast) -> None:
    agree(cast.young_person, NEVER_QUIET)
    with transaction():
        services.suggest_times(**mentors(cast), times=TWICE)  # type: ignore[arg-type]
    with transaction():
        services.answer_suggestion(**own(cast.young_person), accepted=False)  # type: ignore[arg-type]
    plan = plan_of(own_access(cast.young_person))
    assert plan is not None
    assert (from_map(plan.times), plan.suggested_by) == (NEVER_QUIET, None)


def test_nobody_else_reads_or_changes_the_times(cast: Cast) -> None:
    parent = young_person_for(cast.parent_carer, cast.amina)
    with pytest.raises(NotFoundError):
        plan_of(parent)
    with transaction(), pytest.raises(NotFoundError):
        services.agree_times(viewer=cast.parent_carer, access=parent, times=TWICE)
    with transaction(), pytest.raises(NotFoundError):
        services.suggest_times(**own(cast.young_person), times=TWICE)  # type: ignore[arg-type]


def test_a_pause_sets_aside_what_waits_and_ends_by_itself_after_a_week(cast: Cast) -> None:
    prompt_id = asked(cast.young_person).id
    with transaction():
        services.pause(**own(cast.young_person), for_a_week=True)  # type: ignore[arg-type]
    plan, prompt = plan_of(own_access(cast.young_person)), db.session.get_one(Prompt, prompt_id)
    assert plan is not None
    assert prompt.closed_as is Closing.SET_ASIDE
    assert plan.next_at is not None
    assert timedelta(days=7) < plan.next_at - clock.now() + timedelta(seconds=9) < timedelta(days=9)
    assert plan.is_paused(clock.now())
    assert not plan.is_paused(clock.now() + timedelta(days=7))


def test_a_pause_without_an_end_rests_until_somebody_starts_it_again(cast: Cast) -> None:
    agree(cast.young_person)
    with transaction():
        services.pause(**mentors(cast), for_a_week=False)  # type: ignore[arg-type]
    plan = plan_of(own_access(cast.young_person))
    assert plan is not None
    assert (plan.next_at, plan.is_paused(clock.now() + timedelta(days=999))) == (None, True)
    with transaction():
        services.resume(**own(cast.young_person))  # type: ignore[arg-type]
    plan = plan_of(own_access(cast.young_person))
    assert plan is not None
    assert plan.next_at is not None
    assert not plan.is_paused(clock.now())


def test_put_off_goes_off_the_first_page_and_stays_open(cast: Cast) -> None:
    prompt, access, moment = asked(cast.young_person), own_access(cast.young_person), clock.now()
    assert due_prompt(access, moment) is not None
    with transaction():
        services.put_off(**own(cast.young_person), prompt_id=prompt.id, later=Later.HOUR)  # type: ignore[arg-type]
    assert due_prompt(access, clock.now()) is None
    assert open_prompt(access, clock.now()) is not None
    assert due_prompt(access, moment + timedelta(minutes=61)) is not None
    with transaction(), pytest.raises(NotFoundError):
        services.put_off(**own(cast.other_young_person), prompt_id=prompt.id, later=Later.HOUR)  # type: ignore[arg-type]


def test_times_are_sealed(cast: Cast) -> None:
    agree(cast.young_person, TWICE)
    for table in ("prompt_plans", "prompt_plan_changes"):
        kept = db.session.execute(text(f"SELECT times FROM {table}")).scalar_one()  # noqa: S608 (our own name)
        assert b"16:00" not in bytes(kept)
