"""When the made-up people are asked, and that the log of it agrees with how their check-ins go missing."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from flask import Flask

from app import clock
from app.accounts.models import Account
from app.accounts.queries import council_by_slug
from app.accounts.sessions import viewer_of
from app.audit.models import AuditEntry
from app.clock import in_britain
from app.database import db
from app.demo.asked import AGREES, agreed_times
from app.demo.generator import MISSING_WHEN_LOW, NEVER
from app.demo.lives import Lives, make_lives, make_moods
from app.demo.material import council
from app.demo.population import make_people
from app.demo.queries import cast_accounts
from app.demo.tokens import token_for
from app.demo.values import Life, SeedSummary
from app.impact.response import fit_response
from app.prompts.queries import due_prompt, plan_of, prompts_of, prompts_of_council
from app.prompts.times import COUNTS_AS_ANSWER, LIVES
from app.prompts.values import Change, Closing
from app.young_people.queries import own_access

pytestmark = pytest.mark.any_database

NOW = datetime(2026, 11, 25, 18, 0, tzinfo=UTC)
DERWENT = council("derwent")
PEOPLE = 240


@pytest.fixture(scope="module")
def lives() -> Lives:
    return make_lives(DERWENT, people=PEOPLE, now=NOW, seed=1)


def asked(lives: Lives) -> list[Life]:
    """Everybody with a log but Amina, whose last weeks are written by hand."""
    return [life for life in lives.lives[1:] if life.prompts]


def test_four_in_five_have_agreed_times(lives: Lives) -> None:
    assert 0.74 < len(asked(lives)) / PEOPLE < 0.88
    kinds = {change.what for life in lives.lives for change in life.changes}
    assert kinds == set(Change) - {Change.DECLINED}


def test_everybody_is_asked_at_their_agreed_times_and_not_in_a_break(lives: Lives) -> None:
    for life in lives.lives:
        agreed = [change for change in life.changes if change.what in AGREES]
        for one in life.prompts:
            times = max((change for change in agreed if change.at < one.asked_at), key=lambda change: change.at).times
            local = in_britain(one.asked_at)
            assert local.weekday() in times.days
            assert local.time() == times.at
            newest = max((change for change in life.changes if change.at < one.asked_at), key=lambda change: change.at)
            assert newest.what is not Change.PAUSED
            assert newest.what is not Change.PAUSED_A_WEEK or one.asked_at - newest.at > timedelta(days=7)


def test_never_do_two_wait_for_an_answer(lives: Lives) -> None:
    for life in lives.lives:
        for earlier, later in pairwise(life.prompts):
            assert earlier.closed_at is not None
            assert earlier.closed_at <= later.asked_at
        assert all(one.closed_at is None or one.closed_at <= NOW for one in life.prompts)


def test_a_check_in_that_came_is_the_answer_and_no_other(lives: Lives) -> None:
    linked = total = 0
    for life in asked(lives):
        check_ins = {one.id: one.at for one in life.check_ins}
        answers = [one for one in life.prompts if one.closed_as is Closing.ANSWERED]
        for one in answers:
            assert one.check_in_id is not None
            assert -COUNTS_AS_ANSWER <= check_ins[one.check_in_id] - one.asked_at < LIVES
        assert len({one.check_in_id for one in answers}) == len(answers)
        linked, total = linked + len(answers), total + len(check_ins)
    assert linked / total > 0.99, "all but those of the morning on which it was agreed"


def test_answering_goes_with_mood_as_the_generator_has_it(lives: Lives) -> None:
    moods = make_moods(DERWENT, make_people(DERWENT, PEOPLE, lives.calendar.today, 1), lives.calendar, 1)
    effects = np.array([offer.effect for offer in DERWENT.offers])
    person, week, answered = [], [], []
    for number, life in enumerate(lives.lives):
        for one in life.prompts if number else ():
            person.append(number)
            week.append((in_britain(one.asked_at).date() - lives.calendar.monday).days // 7)
            answered.append(one.closed_as is Closing.ANSWERED)
    who, when = np.array(person), np.array(week)
    mood = moods.state[who, when] + ((moods.start[who] < NEVER) & (moods.start[who] <= when[:, np.newaxis])) @ effects
    found = fit_response(who, np.ones(who.size), np.array(answered, float), mood, PEOPLE)
    # The mood here has every effect at its mean, not each person's own, so the slope comes out a little low.
    assert found.slope == pytest.approx(MISSING_WHEN_LOW, abs=3.5 * found.slope_error)
    assert found.slope > 0.4


def test_each_seed_has_its_own_times_and_the_same_ones_again() -> None:
    assert agreed_times(20, 1) == agreed_times(20, 1)
    assert agreed_times(20, 1) != agreed_times(20, 2)


@pytest.fixture
def amina(demo_app: Flask, seeded: SeedSummary) -> Iterator[Account]:
    assert demo_app
    assert seeded
    yield next(account for member, account in cast_accounts() if member.role == "young_person")
    db.session.rollback()


def test_group_figures_get_the_log_and_the_trail_tells_of_it(amina: Account) -> None:
    derwent = council_by_slug("derwent")
    assert derwent is not None
    log = prompts_of_council(derwent.id)
    assert 0.6 < sum(one.answered for one in log) / len(log) < 0.85
    entries = db.session.query(AuditEntry).filter_by(action="prompts:recorded_in_bulk", council_id=amina.council_id)
    assert entries.count() >= len({one.young_person_id for one in log})


def test_amina_has_a_plan_that_was_talked_over_and_it_is_time(amina: Account) -> None:
    access = own_access(viewer_of(amina))
    plan, newest = plan_of(access), due_prompt(access, clock.now())
    assert plan is not None
    assert plan.next_at is not None
    assert plan.next_at > clock.now()
    assert newest is not None
    assert {one.closed_as for one in prompts_of(access, 50)} >= {None, Closing.ANSWERED, Closing.EXPIRED}


def test_her_home_shows_the_card(demo_app: Flask, amina: Account) -> None:
    with demo_app.test_request_context():
        address = f"/demo/sign-in/{token_for(amina.id)}"
    assert "It’s time." in demo_app.test_client().get(address, follow_redirects=True).text
