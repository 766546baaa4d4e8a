"""HTTP for impact: the comparison page and Explore, of published figures."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app.accounts.gate import requires, viewer
from app.accounts.values import Permission
from app.impact.evidence_words import signed
from app.impact.presenters import WAYS, By, Comparison, comparison, pounds
from app.impact.queries import published_table
from app.web.errors import NotFoundError
from app.web.pages import page
from app.web.printing import why_not

impact = Blueprint("impact", __name__)


def _chosen() -> By:
    """Return how the page compares: `by` of the URL, everyone without it; raises NotFoundError for an unknown one."""
    code = request.args.get("by", "")
    for way in WAYS:
        if way.code == code:
            return way
    raise NotFoundError


def shown_comparison() -> Comparison:
    """Return the comparison that the URL asks for; raises NotFoundError."""
    by = _chosen()
    return comparison(published_table(viewer(), by.table), by)


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
