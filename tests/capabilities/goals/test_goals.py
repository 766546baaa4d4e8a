from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from app import clock
from app.accounts.values import Viewer
from app.database import db, transaction
from app.goals import services
from app.goals.models import Goal, GoalRating, GoalStep
from app.goals.presenters import rating_curve
from app.goals.queries import goals_visible_to, ratings_visible_to, steps_of
from app.web.errors import NotFoundError
from app.web.paging import Cursor
from app.young_people.queries import own_access, young_person_for
from app.young_people.values import Audience
from tests.conftest import SignIn
from tests.people import Cast


def goal_of(viewer: Viewer, title: str = "Order my own drink", **more: object) -> UUID:
    arguments = {"title": title, **more}
    with transaction():
        return services.set_goal(viewer=viewer, access=own_access(viewer), **arguments).id  # type: ignore[arg-type]


def test_a_goal_keeps_its_first_number_and_every_later_one(cast: Cast) -> None:
    goal_id, access = goal_of(cast.young_person, rating=2), own_access(cast.young_person)
    for rating in (5, 7):
        with transaction():
            services.rate_goal(viewer=cast.young_person, access=access, goal_id=goal_id, rating=rating)
    assert [one.rating for one in ratings_visible_to(access)] == [7, 5, 2]


def test_many_ratings_are_kept_at_once_or_none(cast: Cast) -> None:
    goal_id, access, now = goal_of(cast.young_person), own_access(cast.young_person), clock.now()
    ratings = [(now - timedelta(days=2), 3), (now - timedelta(days=1), 4)]
    with transaction():
        services.rate_goal_in_bulk(viewer=cast.young_person, access=access, goal_id=goal_id, ratings=ratings)
    with pytest.raises(services.UnknownRatingError), transaction():
        services.rate_goal_in_bulk(
            viewer=cast.young_person, access=access, goal_id=goal_id, ratings=[(now, 5), (now, 11)]
        )
    assert [one.rating for one in ratings_visible_to(access)] == [4, 3]


@pytest.mark.parametrize("rating", [-1, 11, 2.5])
def test_a_number_that_is_not_on_the_scale_is_refused_and_the_goal_with_it(cast: Cast, rating: float) -> None:
    with pytest.raises(services.UnknownRatingError, match="0 to 10"):
        goal_of(cast.young_person, rating=rating)
    assert goals_visible_to(own_access(cast.young_person)) == []


def test_adults_see_the_goals_shared_with_them_and_their_numbers(cast: Cast) -> None:
    shared = goal_of(cast.young_person, audience=Audience.PARENT_CARER, rating=3)
    goal_of(cast.young_person, "A secret", audience=Audience.ONLY_ME, rating=9)
    for viewer in (cast.mentor, cast.parent_carer):
        access = young_person_for(viewer, cast.amina)
        assert [goal.id for goal in goals_visible_to(access)] == [shared]
        assert [one.rating for one in ratings_visible_to(access)] == [3]
        with transaction(), pytest.raises(NotFoundError):
            services.rate_goal(viewer=viewer, access=access, goal_id=shared, rating=10)


def test_pages_of_numbers_go_on_from_the_last_one(cast: Cast) -> None:
    goal_id, access, moment = goal_of(cast.young_person), own_access(cast.young_person), clock.now()
    for rating in range(5):
        with transaction():
            services.rate_goal(viewer=cast.young_person, access=access, goal_id=goal_id, rating=rating, at=moment)
    first = ratings_visible_to(access, None, 3)
    rest = ratings_visible_to(access, Cursor(first[-1].at, first[-1].id), 3)
    assert sorted(one.rating or 0 for one in (*first, *rest)) == [0, 1, 2, 3, 4]


def test_steps_keep_their_order_and_a_tick_can_be_taken_away(cast: Cast) -> None:
    goal_id, access = goal_of(cast.young_person), own_access(cast.young_person)
    with transaction():
        for words in ("Look at the menu", "Say it to Mum", "Say it to the waiter"):
            services.add_step(viewer=cast.young_person, access=access, goal_id=goal_id, words=words)
        goal = db.session.get_one(Goal, goal_id)
        first = steps_of([goal])[goal_id][0]
        services.mark_step_done(viewer=cast.young_person, access=access, step_id=first.id)
        assert first.done_at is not None
        services.mark_step_done(viewer=cast.young_person, access=access, step_id=first.id, is_done=False)
        assert first.done_at is None
        assert steps_of([goal])[goal_id][0].words == "Look at the menu"
        assert [step.position for step in steps_of([goal])[goal_id]] == [1, 2, 3]


def test_a_step_of_somebody_else_cannot_be_ticked(cast: Cast) -> None:
    goal_id = goal_of(cast.young_person)
    with transaction():
        access = own_access(cast.young_person)
        step = services.add_step(viewer=cast.young_person, access=access, goal_id=goal_id, words="One")
        step_id = step.id
    ben = cast.other_young_person
    with transaction(), pytest.raises(NotFoundError):
        services.mark_step_done(viewer=ben, access=own_access(ben), step_id=step_id)


def test_the_drawing_puts_ten_on_top_and_says_the_numbers() -> None:
    moment = clock.now() - timedelta(days=30)
    curve = rating_curve([(moment, 0.0), (moment + timedelta(days=15), 5.0), (moment + timedelta(days=30), 10.0)])
    assert curve is not None
    assert [x for x, _ in curve.points] == [10, 160, 310]
    assert [y for _, y in curve.points] == [86, 48, 10]
    assert curve.in_words.startswith("How close it felt, from 0 to 10: 0 on ")
    assert rating_curve([(moment, 4.0)]) is None


def test_a_goal_is_set_rated_stepped_and_reached_on_pages(cast: Cast, sign_in: SignIn) -> None:
    phone, goal_id = sign_in(cast.young_person), uuid4()
    sent = {"id": str(goal_id), "title": "Sleep before midnight", "rating": "3", "audience": "mentor"}
    for _ in range(2):
        assert phone.post("/goals/new", data=sent).location == f"/goals/{goal_id}"
    assert db.session.execute(select(func.count()).select_from(Goal)).scalar_one() == 1
    assert phone.post(f"/goals/{goal_id}/ratings", data={"rating": "6"}).status_code == 303
    assert phone.post(f"/goals/{goal_id}/steps", data={"words": "Phone in the kitchen"}).status_code == 303
    step_id = db.session.execute(select(GoalStep.id)).scalar_one()
    assert phone.post(f"/goal-steps/{step_id}/done", data={"done": "yes"}).status_code == 303
    text = phone.get(f"/goals/{goal_id}").text
    assert 'role="img" aria-label="How close it felt, from 0 to 10: 3 on' in text
    assert 'aria-pressed="true"' in text
    assert "1 of 1 small step done" in phone.get("/goals").text
    phone.post(f"/goals/{goal_id}/reached", data={"reached": "yes"})
    assert "You reached it" in phone.get(f"/goals/{goal_id}").text
    phone.post(f"/goals/{goal_id}/put-away")
    assert "Sleep before midnight" not in phone.get("/goals").text


def test_what_was_typed_stays_when_a_goal_cannot_be_kept(cast: Cast, sign_in: SignIn) -> None:
    phone = sign_in(cast.young_person)
    sent = {"title": "g" * 201, "rating": "4", "audience": "only_me"}
    response = phone.post("/goals/new", data=sent)
    assert response.status_code == 422
    for kept in ("There is room for 200", "g" * 201, 'value="4" checked', 'value="only_me" checked'):
        assert kept in response.text
    assert phone.post("/goals/new", data={**sent, "title": " "}).status_code == 422
    assert phone.post("/goals/new", data={**sent, "title": "ok", "rating": "40"}).status_code == 422
    goal_id = goal_of(cast.young_person)
    assert "Choose a number" in phone.post(f"/goals/{goal_id}/ratings", data={}).text
    long_step = phone.post(f"/goals/{goal_id}/steps", data={"words": "s" * 201})
    assert long_step.status_code == 422
    assert "s" * 201 in long_step.text


def test_a_goal_of_somebody_else_is_404_at_every_address(cast: Cast, sign_in: SignIn) -> None:
    goal_id = goal_of(cast.young_person, audience=Audience.TEAM)
    for viewer in (cast.other_young_person, cast.mentor, cast.unrelated_mentor, cast.council_staff):
        client = sign_in(viewer)
        assert client.get(f"/goals/{goal_id}").status_code == 404
        for path in ("ratings", "steps", "reached", "put-away", "edit"):
            sent = {"rating": "1", "words": "x", "title": "x", "audience": "team"}
            assert client.post(f"/goals/{goal_id}/{path}", data=sent).status_code == 404


def test_a_goal_sent_many_times_at_once_is_one_goal(cast: Cast, sign_in: SignIn) -> None:
    clients = [sign_in(cast.young_person) for _ in range(8)]
    data = {"id": str(uuid4()), "title": "swim", "rating": "2", "audience": "mentor"}
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda client: client.post("/goals/new", data=data).status_code, clients)) == {303}
    assert db.session.execute(select(func.count()).select_from(Goal)).scalar_one() == 1
    assert db.session.execute(select(func.count()).select_from(GoalRating)).scalar_one() == 1
