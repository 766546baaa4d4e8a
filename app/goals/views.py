"""HTTP for goals: set them, rate them, take small steps."""

from uuid import UUID, uuid4

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue

from app.accounts.gate import requires, viewer
from app.accounts.values import Permission
from app.database import transaction
from app.goals import presenters, queries, services
from app.goals.forms import GoalForm, sent_rating
from app.safeguarding.views import tell_if_found
from app.web.languages import _
from app.web.pages import go_to, page
from app.web.typed import NothingWrittenError, TooLongError, sent_id, sent_moment
from app.young_people.queries import own_access, own_record, team_of
from app.young_people.sharing import audience_choices

goals = Blueprint("goals", __name__)


@goals.get("/goals")
@requires(Permission.GOAL_WRITE)
def all_goals() -> ResponseReturnValue:
    """Show the young person's goals: those they are on, then those they reached."""
    access = own_access(viewer())
    found = queries.goals_visible_to(access)
    ratings, steps, team = queries.ratings_of(found), queries.steps_of(found), team_of(viewer(), access)
    cards = [presenters.goal_card(goal, ratings[goal.id], steps[goal.id], team) for goal in found]
    return page(
        "goals/all.html",
        on_the_way=[card for card in cards if card.reached_on is None],
        reached=[card for card in cards if card.reached_on is not None],
    )


@goals.route("/goals/new", methods=["GET", "POST"])
@requires(Permission.GOAL_WRITE)
def new() -> ResponseReturnValue:
    """Set a goal; the same id twice is one goal."""
    access = own_access(viewer())
    form = GoalForm(id=str(uuid4()), audience=own_record(viewer()).default_audience.value)
    choices = audience_choices(team_of(viewer(), access))
    form.offer(choices)
    if form.validate_on_submit():
        try:
            with transaction():
                made = services.set_goal(
                    viewer=viewer(),
                    access=access,
                    title=form.title.data or "",
                    audience=form.chosen,
                    goal_id=sent_id(form.id.data),
                    rating=form.rating.data,
                    at=sent_moment(request.form),
                )
                goal_id = made.id
        except (NothingWrittenError, TooLongError) as error:
            form.title.errors = [str(error)]
        except services.UnknownRatingError as error:
            form.rating.errors = [str(error)]
        else:
            tell_if_found(goal_id)
            return go_to("goals.one", goal_id=goal_id)
    status = 422 if request.method == "POST" else 200
    return page("goals/write.html", status=status, form=form, audiences=choices, goal_id=None)


@goals.route("/goals/<uuid:goal_id>/edit", methods=["GET", "POST"])
@requires(Permission.GOAL_WRITE)
def edit(goal_id: UUID) -> ResponseReturnValue:
    """Change a goal's words and who sees it."""
    access = own_access(viewer())
    goal = queries.goal_visible_to(access, goal_id)
    form = GoalForm(title=goal.title, audience=goal.audience.value)
    choices = audience_choices(team_of(viewer(), access))
    form.offer(choices)
    if form.validate_on_submit():
        try:
            with transaction():
                services.change_goal(
                    viewer=viewer(), access=access, goal_id=goal_id, title=form.title.data or "", audience=form.chosen
                )
        except (NothingWrittenError, TooLongError) as error:
            form.title.errors = [str(error)]
        else:
            flash(_("Saved."))
            tell_if_found(goal_id)
            return go_to("goals.one", goal_id=goal_id)
    status = 422 if request.method == "POST" else 200
    return page("goals/write.html", status=status, form=form, audiences=choices, goal_id=goal_id)


@goals.get("/goals/<uuid:goal_id>")
@requires(Permission.GOAL_WRITE)
def one(goal_id: UUID) -> ResponseReturnValue:
    """Show one goal with its ratings and steps."""
    return _one(goal_id)


def _one(
    goal_id: UUID, *, rating_problem: str | None = None, step_problem: str | None = None, typed: str = ""
) -> ResponseReturnValue:
    access = own_access(viewer())
    goal = queries.goal_visible_to(access, goal_id)
    ratings, steps = queries.ratings_of([goal])[goal_id], queries.steps_of([goal])[goal_id]
    return page(
        "goals/one.html",
        status=422 if rating_problem or step_problem else 200,
        card=presenters.goal_card(goal, ratings, steps, team_of(viewer(), access)),
        rating_problem=rating_problem,
        step_problem=step_problem,
        typed=typed,
    )


@goals.post("/goals/<uuid:goal_id>/ratings")
@requires(Permission.GOAL_WRITE)
def rate(goal_id: UUID) -> ResponseReturnValue:
    """Keep how close a goal feels."""
    try:
        with transaction():
            goal = queries.goal_visible_to(own_access(viewer()), goal_id)
            rating = sent_rating(request.form.get("rating"))
            services.rate_goal(
                viewer=viewer(),
                access=own_access(viewer()),
                goal_id=goal.id,
                rating=rating,
                rating_id=sent_id(request.form.get("id")),
                at=sent_moment(request.form),
            )
    except services.UnknownRatingError as error:
        return _one(goal_id, rating_problem=str(error))
    flash(_("Saved."))
    return go_to("goals.one", goal_id=goal_id)


@goals.post("/goals/<uuid:goal_id>/steps")
@requires(Permission.GOAL_WRITE)
def add_step(goal_id: UUID) -> ResponseReturnValue:
    """Add a small step."""
    words = request.form.get("words", "")
    try:
        with transaction():
            made = services.add_step(
                viewer=viewer(),
                access=own_access(viewer()),
                goal_id=goal_id,
                words=words,
                step_id=sent_id(request.form.get("id")),
            )
            step_id = made.id
    except (NothingWrittenError, TooLongError) as error:
        return _one(goal_id, step_problem=str(error), typed=words)
    return go_to("goals.one", goal_id=goal_id, _anchor=None if tell_if_found(step_id) else "steps")


@goals.post("/goal-steps/<uuid:step_id>/done")
@requires(Permission.GOAL_WRITE)
def mark_step(step_id: UUID) -> ResponseReturnValue:
    """Tick a small step, or take the tick away."""
    is_done = request.form.get("done") == "yes"
    with transaction():
        step = services.mark_step_done(viewer=viewer(), access=own_access(viewer()), step_id=step_id, is_done=is_done)
        goal_id = step.goal_id
    return go_to("goals.one", goal_id=goal_id, _anchor="steps")


@goals.post("/goals/<uuid:goal_id>/reached")
@requires(Permission.GOAL_WRITE)
def mark_reached(goal_id: UUID) -> ResponseReturnValue:
    """Say that a goal is reached, or not after all."""
    is_reached = request.form.get("reached") == "yes"
    with transaction():
        services.mark_goal_reached(viewer=viewer(), access=own_access(viewer()), goal_id=goal_id, is_reached=is_reached)
    return go_to("goals.one", goal_id=goal_id)


@goals.post("/goals/<uuid:goal_id>/put-away")
@requires(Permission.GOAL_WRITE)
def put_away(goal_id: UUID) -> ResponseReturnValue:
    """Take a goal off every page."""
    with transaction():
        services.put_goal_away(viewer=viewer(), access=own_access(viewer()), goal_id=goal_id)
    flash(_("The goal is put away."))
    return go_to("goals.all_goals")
