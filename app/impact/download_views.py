"""HTTP for files of published figures: CSV and Excel to work with, PDF and PNG for a meeting."""

from flask import Blueprint, make_response, render_template
from flask.typing import ResponseReturnValue

from app.accounts.gate import requires, viewer
from app.accounts.queries import council_of
from app.accounts.values import Permission
from app.impact import downloads
from app.impact.comparison_sheet import sheet_of
from app.impact.evidence_words import signed
from app.impact.presenters import Comparison, pounds
from app.impact.views import shown_comparison
from app.web.printing import CannotPrintError

impact_files = Blueprint("impact_files", __name__)
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "png": "image/png",
}
PRINTED_COMPARISON = "impact/print_comparison.html"


def _file(content: bytes, name: str) -> ResponseReturnValue:
    response = make_response(content)
    response.headers["Content-Type"] = KINDS[name.rpartition(".")[2]]
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@impact_files.errorhandler(CannotPrintError)
def _cannot_print(error: CannotPrintError) -> ResponseReturnValue:
    return render_template("errors/error.html", title="No PDF or picture here", advice=str(error)), 503


def _named(shown: Comparison, kind: str) -> str:
    return f"what-helped-by-{shown.by.code}.{kind}" if shown.is_grouped else f"what-helped.{kind}"


def _printed(shown: Comparison) -> dict[str, object]:
    return {"shown": shown, "council": council_of(viewer()).name, "signed": signed, "pounds": pounds}


@impact_files.get("/what-helped/download.csv")
@requires(Permission.COMPARISON_READ)
def comparison_csv() -> ResponseReturnValue:
    shown = shown_comparison()
    return _file(downloads.as_csv(sheet_of(shown)), _named(shown, "csv"))


@impact_files.get("/what-helped/download.xlsx")
@requires(Permission.COMPARISON_READ)
def comparison_workbook() -> ResponseReturnValue:
    shown = shown_comparison()
    return _file(downloads.as_workbook(sheet_of(shown)), _named(shown, "xlsx"))


@impact_files.get("/what-helped/download.pdf")
@requires(Permission.COMPARISON_READ)
def comparison_pdf() -> ResponseReturnValue:
    shown = shown_comparison()
    return _file(downloads.as_pdf(PRINTED_COMPARISON, **_printed(shown)), _named(shown, "pdf"))


@impact_files.get("/what-helped/download.png")
@requires(Permission.COMPARISON_READ)
def comparison_png() -> ResponseReturnValue:
    shown = shown_comparison()
    return _file(downloads.as_png(PRINTED_COMPARISON, **_printed(shown)), _named(shown, "png"))
