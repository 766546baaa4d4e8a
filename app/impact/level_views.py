"""HTTP for what is published and is no change: how young people were treated, and bands of school attendance."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.accounts.gate import requires, viewer
from app.accounts.queries import council_of
from app.accounts.values import Permission
from app.impact import downloads, level_sheets
from app.impact.band_presenters import BandsPage, bands_page
from app.impact.download_views import as_file, cannot_print
from app.impact.level_presenters import Levels, levels
from app.impact.level_queries import published_bands, published_levels
from app.web.pages import page
from app.web.printing import CannotPrintError, why_not

impact_levels = Blueprint("impact_levels", __name__)
PRINTED_TREATED = "impact/print_treated.html"
PRINTED_BANDS = "impact/print_bands.html"
impact_levels.register_error_handler(CannotPrintError, cannot_print)


def _levels() -> Levels:
    return levels(published_levels(viewer()))


@impact_levels.get("/what-helped/treated-as-asked")
@requires(Permission.COMPARISON_READ)
def treated() -> ResponseReturnValue:
    return page("impact/treated.html", shown=_levels(), no_print=why_not())


@impact_levels.get("/what-helped/treated-as-asked/download.csv")
@requires(Permission.COMPARISON_READ)
def treated_csv() -> ResponseReturnValue:
    return as_file(downloads.as_csv(level_sheets.levels_sheet(_levels())), "treated-as-asked.csv")


@impact_levels.get("/what-helped/treated-as-asked/download.xlsx")
@requires(Permission.COMPARISON_READ)
def treated_workbook() -> ResponseReturnValue:
    return as_file(downloads.as_workbook(level_sheets.levels_sheet(_levels())), "treated-as-asked.xlsx")


@impact_levels.get("/what-helped/treated-as-asked/download.pdf")
@requires(Permission.COMPARISON_READ)
def treated_pdf() -> ResponseReturnValue:
    return as_file(downloads.as_pdf(PRINTED_TREATED, **_printed(_levels())), "treated-as-asked.pdf")


@impact_levels.get("/what-helped/treated-as-asked/download.png")
@requires(Permission.COMPARISON_READ)
def treated_png() -> ResponseReturnValue:
    return as_file(downloads.as_png(PRINTED_TREATED, **_printed(_levels())), "treated-as-asked.png")


def _bands() -> BandsPage:
    return bands_page(published_bands(viewer()))


@impact_levels.get("/what-helped/attendance-bands")
@requires(Permission.COMPARISON_READ)
def bands() -> ResponseReturnValue:
    return page("impact/bands.html", shown=_bands(), no_print=why_not())


@impact_levels.get("/what-helped/attendance-bands/download.csv")
@requires(Permission.COMPARISON_READ)
def bands_csv() -> ResponseReturnValue:
    return as_file(downloads.as_csv(level_sheets.bands_sheet(_bands())), "attendance-bands.csv")


@impact_levels.get("/what-helped/attendance-bands/download.xlsx")
@requires(Permission.COMPARISON_READ)
def bands_workbook() -> ResponseReturnValue:
    return as_file(downloads.as_workbook(level_sheets.bands_sheet(_bands())), "attendance-bands.xlsx")


@impact_levels.get("/what-helped/attendance-bands/download.pdf")
@requires(Permission.COMPARISON_READ)
def bands_pdf() -> ResponseReturnValue:
    return as_file(downloads.as_pdf(PRINTED_BANDS, **_printed(_bands())), "attendance-bands.pdf")


@impact_levels.get("/what-helped/attendance-bands/download.png")
@requires(Permission.COMPARISON_READ)
def bands_png() -> ResponseReturnValue:
    return as_file(downloads.as_png(PRINTED_BANDS, **_printed(_bands())), "attendance-bands.png")


def _printed(shown: Levels | BandsPage) -> dict[str, object]:
    return {"shown": shown, "council": council_of(viewer()).name}
