"""HTTP for impact: the comparison page, Explore and the downloads, all of published figures."""

from flask import Blueprint, make_response, request
from flask.typing import ResponseReturnValue

from app.accounts.gate import requires, viewer
from app.accounts.values import Permission
from app.impact.downloads import as_csv, as_workbook
from app.impact.evidence_words import signed
from app.impact.presenters import WAYS, By, Comparison, comparison, pounds
from app.impact.queries import published_table
from app.web.errors import NotFoundError
from app.web.pages import page

impact = Blueprint("impact", __name__)
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _chosen() -> By:
    """Return how the page compares: `by` of the URL, everyone without it; raises NotFoundError for an unknown one."""
    code = request.args.get("by", "")
    for way in WAYS:
        if way.code == code:
            return way
    raise NotFoundError


def _shown() -> Comparison:
    by = _chosen()
    return comparison(published_table(viewer(), by.table), by)


@impact.get("/what-helped", endpoint="comparison")
@requires(Permission.COMPARISON_READ)
def comparison_page() -> ResponseReturnValue:
    return page("impact/comparison.html", block="figures", shown=_shown(), signed=signed, pounds=pounds)


@impact.get("/what-helped/explore")
@requires(Permission.COMPARISON_READ)
def explore() -> ResponseReturnValue:
    """Draw the same figures with plotly, which loads on this page alone."""
    from app.impact.explore_figure import figure_of  # noqa: PLC0415 (plotly takes its time to load; only here)

    shown = _shown()
    return page("impact/explore.html", shown=shown, figure=figure_of(shown), signed=signed, pounds=pounds)


@impact.get("/what-helped/download.csv")
@requires(Permission.COMPARISON_READ)
def download_csv() -> ResponseReturnValue:
    shown = _shown()
    return _file(as_csv(shown), CSV, f"{_file_name(shown)}.csv")


@impact.get("/what-helped/download.xlsx")
@requires(Permission.COMPARISON_READ)
def download_workbook() -> ResponseReturnValue:
    shown = _shown()
    return _file(as_workbook(shown), XLSX, f"{_file_name(shown)}.xlsx")


def _file_name(shown: Comparison) -> str:
    return f"what-helped-by-{shown.by.code}" if shown.is_grouped else "what-helped"


def _file(content: bytes, kind: str, name: str) -> ResponseReturnValue:
    response = make_response(content)
    response.headers["Content-Type"] = kind
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
