"""HTTP for files of published figures: CSV and Excel to work with, PDF and PNG for a meeting."""

from uuid import UUID

from flask import Blueprint, make_response, render_template
from flask.typing import ResponseReturnValue

from app.accounts.gate import requires, viewer
from app.accounts.queries import council_of
from app.accounts.values import Permission
from app.impact import budget_sheet, comparison_sheet, downloads, intervention_sheet
from app.impact.budget import Budget
from app.impact.evidence_words import signed
from app.impact.intervention_presenters import InterventionPage
from app.impact.presenters import Comparison, pounds
from app.impact.views import asked_budget, shown_comparison, shown_intervention
from app.web.errors import NotFoundError
from app.web.printing import CannotPrintError

impact_files = Blueprint("impact_files", __name__)
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "png": "image/png",
}
PRINTED_COMPARISON = "impact/print_comparison.html"
PRINTED_INTERVENTION = "impact/print_intervention.html"
PRINTED_BUDGET = "impact/print_budget.html"


def as_file(content: bytes, name: str) -> ResponseReturnValue:
    """Return a download of this name; its ending says what it is."""
    response = make_response(content)
    response.headers["Content-Type"] = KINDS[name.rpartition(".")[2]]
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@impact_files.errorhandler(CannotPrintError)
def cannot_print(error: CannotPrintError) -> ResponseReturnValue:
    """Say why there is no PDF or picture."""
    return render_template("errors/error.html", title="No PDF or picture here", advice=str(error)), 503


def _named(shown: Comparison, kind: str) -> str:
    columns = "-and-".join(filter(None, (shown.by.code, shown.by.also)))
    parts = ("what-helped", shown.outcome.code, f"by-{columns}" if columns else "")
    return f"{'-'.join(filter(None, parts))}.{kind}"


def _printed(shown: Comparison) -> dict[str, object]:
    return {"shown": shown, "council": _council(), "signed": signed, "pounds": pounds}


def _council() -> str:
    return council_of(viewer()).name


@impact_files.get("/what-helped/download.csv")
@requires(Permission.COMPARISON_READ)
def comparison_csv() -> ResponseReturnValue:
    shown = shown_comparison()
    return as_file(downloads.as_csv(comparison_sheet.sheet_of(shown)), _named(shown, "csv"))


@impact_files.get("/what-helped/download.xlsx")
@requires(Permission.COMPARISON_READ)
def comparison_workbook() -> ResponseReturnValue:
    shown = shown_comparison()
    return as_file(downloads.as_workbook(comparison_sheet.sheet_of(shown)), _named(shown, "xlsx"))


@impact_files.get("/what-helped/download.pdf")
@requires(Permission.COMPARISON_READ)
def comparison_pdf() -> ResponseReturnValue:
    shown = shown_comparison()
    return as_file(downloads.as_pdf(PRINTED_COMPARISON, **_printed(shown)), _named(shown, "pdf"))


@impact_files.get("/what-helped/download.png")
@requires(Permission.COMPARISON_READ)
def comparison_png() -> ResponseReturnValue:
    shown = shown_comparison()
    return as_file(downloads.as_png(PRINTED_COMPARISON, **_printed(shown)), _named(shown, "png"))


def _named_intervention(shown: InterventionPage, kind: str) -> str:
    return f"{'-'.join(filter(None, ('intervention', shown.outcome.code)))}.{kind}"


def _printed_intervention(shown: InterventionPage) -> dict[str, object]:
    return {"shown": shown, "council": _council(), "signed": signed, "pounds": pounds}


@impact_files.get("/what-helped/<uuid:offer_id>/download.csv")
@requires(Permission.COMPARISON_READ)
def intervention_csv(offer_id: UUID) -> ResponseReturnValue:
    shown = shown_intervention(offer_id)
    return as_file(downloads.as_csv(intervention_sheet.sheet_of(shown)), _named_intervention(shown, "csv"))


@impact_files.get("/what-helped/<uuid:offer_id>/download.xlsx")
@requires(Permission.COMPARISON_READ)
def intervention_workbook(offer_id: UUID) -> ResponseReturnValue:
    shown = shown_intervention(offer_id)
    return as_file(downloads.as_workbook(intervention_sheet.sheet_of(shown)), _named_intervention(shown, "xlsx"))


@impact_files.get("/what-helped/<uuid:offer_id>/download.pdf")
@requires(Permission.COMPARISON_READ)
def intervention_pdf(offer_id: UUID) -> ResponseReturnValue:
    shown = shown_intervention(offer_id)
    return as_file(
        downloads.as_pdf(PRINTED_INTERVENTION, **_printed_intervention(shown)), _named_intervention(shown, "pdf")
    )


@impact_files.get("/what-helped/<uuid:offer_id>/download.png")
@requires(Permission.COMPARISON_READ)
def intervention_png(offer_id: UUID) -> ResponseReturnValue:
    shown = shown_intervention(offer_id)
    return as_file(
        downloads.as_png(PRINTED_INTERVENTION, **_printed_intervention(shown)), _named_intervention(shown, "png")
    )


def _budget() -> Budget:
    """Return the answer to the question of the URL; raises NotFoundError where it asks nothing that has one."""
    _, answer = asked_budget()
    if answer is None:
        raise NotFoundError
    return answer


@impact_files.get("/what-helped/budget/download.csv")
@requires(Permission.COMPARISON_READ)
def budget_csv() -> ResponseReturnValue:
    return as_file(downloads.as_csv(budget_sheet.sheet_of(_budget())), "budget.csv")


@impact_files.get("/what-helped/budget/download.xlsx")
@requires(Permission.COMPARISON_READ)
def budget_workbook() -> ResponseReturnValue:
    return as_file(downloads.as_workbook(budget_sheet.sheet_of(_budget())), "budget.xlsx")


@impact_files.get("/what-helped/budget/download.pdf")
@requires(Permission.COMPARISON_READ)
def budget_pdf() -> ResponseReturnValue:
    return as_file(downloads.as_pdf(PRINTED_BUDGET, budget=_budget(), council=_council()), "budget.pdf")


@impact_files.get("/what-helped/budget/download.png")
@requires(Permission.COMPARISON_READ)
def budget_png() -> ResponseReturnValue:
    return as_file(downloads.as_png(PRINTED_BUDGET, budget=_budget(), council=_council()), "budget.png")
