"""HTTP for impact: the comparison page and Explore, of published figures."""

from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app.accounts.gate import requires, viewer
from app.accounts.values import Permission
from app.impact.budget import Budget, budget_of, choices_of
from app.impact.budget_form import BudgetForm
from app.impact.evidence_words import signed
from app.impact.intervention_presenters import InterventionPage, intervention_page
from app.impact.level_queries import published_bands_of, published_level
from app.impact.presenters import Comparison, comparison, pounds
from app.impact.queries import published_intervention, published_table
from app.impact.shown_outcomes import ShownOutcome, shown_outcome
from app.impact.tables import EVERYONE
from app.impact.ways import By, way_of
from app.web.errors import NotFoundError
from app.web.pages import page
from app.web.printing import why_not

impact = Blueprint("impact", __name__)


def asked_outcome() -> ShownOutcome:
    """Return the outcome of the URL, wellbeing without; raises NotFoundError for others."""
    outcome = shown_outcome(request.args.get("outcome", ""))
    if outcome is None:
        raise NotFoundError
    return outcome


def _chosen() -> By:
    """Return how the page compares: `by` and `and` of the URL, everyone without; raises NotFoundError for others."""
    way = way_of(request.args.get("by", ""), request.args.get("and", ""))
    if way is None:
        raise NotFoundError
    return way


def shown_comparison() -> Comparison:
    """Return the comparison that the URL asks for; raises NotFoundError."""
    by, outcome = _chosen(), asked_outcome()
    if by.also and not outcome.is_usual:
        raise NotFoundError
    return comparison(published_table(viewer(), by.table, outcome.stored), by, outcome)


@impact.get("/what-helped", endpoint="comparison")
@requires(Permission.COMPARISON_READ)
def comparison_page() -> ResponseReturnValue:
    return page(
        "impact/comparison.html",
        block="figures",
        shown=shown_comparison(),
        signed=signed,
        pounds=pounds,
        no_print=why_not(),
    )


def shown_intervention(offer_id: UUID) -> InterventionPage:
    """Return what is published of one offer for the outcome that the URL asks for; raises NotFoundError."""
    outcome = asked_outcome()
    found = published_intervention(viewer(), offer_id, outcome.stored)
    level = published_level(viewer(), offer_id) if outcome.is_usual else None
    bands = published_bands_of(viewer(), offer_id) if outcome.has_bands else None
    return intervention_page(found, outcome, level=level, bands=bands)


@impact.get("/what-helped/<uuid:offer_id>")
@requires(Permission.COMPARISON_READ)
def intervention(offer_id: UUID) -> ResponseReturnValue:
    shown = shown_intervention(offer_id)
    return page("impact/intervention.html", shown=shown, signed=signed, pounds=pounds, no_print=why_not())


@impact.get("/what-helped/<uuid:offer_id>/explore")
@requires(Permission.COMPARISON_READ)
def explore_intervention(offer_id: UUID) -> ResponseReturnValue:
    """Draw the change by weeks with plotly, which loads on Explore alone."""
    from app.impact.explore_figure import shape_figure_of  # noqa: PLC0415 (plotly takes its time to load; only here)

    shown = shown_intervention(offer_id)
    return page(
        "impact/explore_intervention.html",
        shown=shown,
        figure=shape_figure_of(shown),
        signed=signed,
        no_print=why_not(),
    )


def asked_budget() -> tuple[BudgetForm, Budget | None]:
    """Return the form as the URL fills it in, and the answer where it asks a whole question."""
    table = published_table(viewer(), EVERYONE)
    form = BudgetForm(request.args)
    form.offer(choices_of(table))
    answer = budget_of(form.question(), table) if "pounds" in request.args and form.validate() else None
    return form, answer


@impact.get("/what-helped/budget")
@requires(Permission.COMPARISON_READ)
def budget() -> ResponseReturnValue:
    form, answer = asked_budget()
    ask = request.args.to_dict(flat=False)
    status = 422 if form.errors else 200
    return page("impact/budget.html", status=status, form=form, budget=answer, ask=ask, no_print=why_not())


@impact.get("/what-helped/explore")
@requires(Permission.COMPARISON_READ)
def explore() -> ResponseReturnValue:
    """Draw the same figures with plotly, which loads on this page alone."""
    from app.impact.explore_figure import figure_of  # noqa: PLC0415 (plotly takes its time to load; only here)

    shown = shown_comparison()
    return page(
        "impact/explore.html",
        shown=shown,
        figure=figure_of(shown),
        signed=signed,
        pounds=pounds,
        no_print=why_not(),
    )
