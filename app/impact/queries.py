"""Reading the published figures: only what a refresh let through, and only of the viewer's council.

`published_table` is one table over all offers, `published_intervention` all tables of one offer. Neither opens more
than it shows: not the records, and not from whom a cell was made.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.accounts.values import Permission, Viewer
from app.breaks.queries import offers_visible_to
from app.crypto.keyring import OwnerKind
from app.crypto.sealed_columns import open_many, row_ids, sealed_column, sealed_in
from app.database import db
from app.impact.beside import (
    AFTER,
    ANSWERED_AFTER,
    ANSWERED_BEFORE,
    BY_LOG,
    DIFFERENCE,
    DURING,
    EACH,
    MORE,
    TIPPING,
    TIPPING_SIGN,
    Span,
)
from app.impact.disclosure import Figures
from app.impact.models import PublishedCell, Refresh
from app.impact.published_rows import figures_by_group
from app.impact.published_values import (
    Dose,
    DoseBand,
    Groups,
    Interval,
    Intervention,
    PublishedIntervention,
    PublishedTable,
    Remains,
    Response,
    ShapePoint,
    ShownCell,
    StayedBand,
)
from app.impact.staying import GROUPS as STAYED_GROUPS
from app.impact.staying import STILL
from app.impact.tables import (
    DOSE,
    EVERYONE,
    GROUPED,
    PAIRS,
    REMAINS,
    RESPONSE,
    SHAPE,
    STAYED,
    TOTALS,
    USUAL_OUTCOME,
    labels_of,
)
from app.web.errors import NotFoundError


def published_table(viewer: Viewer, table: str, outcome: str = USUAL_OUTCOME) -> PublishedTable:
    """Return one table of the viewer's council, of one column or of two; raises NotFoundError but for council staff."""
    beside = (RESPONSE,) if table == EVERYONE else ()
    opened = published_cells(viewer, outcome, (table, *beside))
    cells = tuple(cell for held, cell in opened if held == table)
    return PublishedTable(
        cells,
        _totals(viewer, outcome),
        last_refreshed(viewer),
        _responses([cell for held, cell in opened if held != table]),
    )


def published_cells(viewer: Viewer, outcome: str, tables: Collection[str]) -> list[tuple[str, ShownCell]]:
    """Return the cells of some tables, each with its table; raises NotFoundError but for council staff."""
    return list(_opened(viewer, _offers(viewer), outcome, tables))


def published_intervention(viewer: Viewer, offer_id: UUID, outcome: str = USUAL_OUTCOME) -> PublishedIntervention:
    """Return all that is published of one offer; raises NotFoundError where the viewer may not see it."""
    offers = _offers(viewer)
    if offer_id not in offers:
        raise NotFoundError
    by_table: dict[str, list[ShownCell]] = {}
    for table, cell in _opened(viewer, {offer_id: offers[offer_id]}, outcome):
        by_table.setdefault(table, []).append(cell)
    everyone = by_table.get(EVERYONE)
    return PublishedIntervention(
        intervention=offers[offer_id],
        everyone=everyone[0] if everyone else None,
        shape=tuple(_shape(by_table.get(SHAPE, []))),
        dose=_dose(by_table.get(DOSE, [])),
        remains=_remains(by_table.get(REMAINS, [])),
        response=_response(by_table.get(RESPONSE, [])),
        stayed=tuple(_stayed(by_table.get(STAYED, []))),
        groups=tuple(_groups(table, (table,), by_table[table]) for table in GROUPED if table in by_table),
        pairs=tuple(_groups(table, both, by_table[table]) for table, both in PAIRS.items() if table in by_table),
        totals=_totals(viewer, outcome),
        refreshed_at=last_refreshed(viewer),
    )


def _offers(viewer: Viewer) -> dict[UUID, Intervention]:
    if not viewer.may(Permission.COMPARISON_READ):
        raise NotFoundError
    return {
        offer.id: Intervention(offer.id, offer.name, provider.name, offer.summary, offer.cost_per_place)
        for offer, provider in offers_visible_to(viewer)
    }


def _opened(
    viewer: Viewer, offers: dict[UUID, Intervention], outcome: str, tables: Collection[str] = ()
) -> Iterator[tuple[str, ShownCell]]:
    """Yield the cells of these offers with their table, of all tables where none is named."""
    query = select(
        row_ids(PublishedCell),
        PublishedCell.table_name,
        PublishedCell.intervention_id,
        PublishedCell.published_at,
        sealed_column(PublishedCell, "group"),
        sealed_column(PublishedCell, "figures"),
    ).where(
        PublishedCell.council_id == viewer.council_id,
        PublishedCell.outcome == outcome,
        PublishedCell.intervention_id.in_(offers),
    )
    if tables:
        query = query.where(PublishedCell.table_name.in_(tables))
    rows = db.session.execute(query).all()
    for (_, table, offer_id, at, _, _), group, text in zip(
        rows, _texts(viewer, "group", rows, 4), _texts(viewer, "figures", rows, 5), strict=True
    ):
        if offer_id is None:
            continue
        if table not in PAIRS:
            yield table, ShownCell(offers[offer_id], group, Figures.from_text(text), at, (group,) if group else ())
            continue
        for name, figures in figures_by_group(text).items():
            yield table, ShownCell(offers[offer_id], name, figures, at, labels_of(name))


def _texts(viewer: Viewer, name: str, rows: Sequence[tuple[object, ...]], place: int) -> list[str]:
    sealed = sealed_in(rows, ids=0, owners=viewer.council_id, values=place)
    return open_many(PublishedCell, name, OwnerKind.COUNCIL, sealed)


def _totals(viewer: Viewer, outcome: str) -> Figures | None:
    query = select(PublishedCell).where(
        PublishedCell.council_id == viewer.council_id,
        PublishedCell.outcome == outcome,
        PublishedCell.table_name == TOTALS,
    )
    row = db.session.execute(query).scalar_one_or_none()
    return None if row is None else Figures.from_text(row.figures)


def last_refreshed(viewer: Viewer) -> datetime | None:
    """Return when the last refresh of the viewer's council was; None where there was none."""
    last = select(Refresh.at).where(Refresh.council_id == viewer.council_id).order_by(Refresh.at.desc()).limit(1)
    return db.session.execute(last).scalar_one_or_none()


def _shape(cells: list[ShownCell]) -> list[ShapePoint]:
    points = [ShapePoint(Span.of(cell.group), *_three(cell.figures)) for cell in cells]
    return sorted(points, key=lambda point: point.span.first)


def _remains(cells: list[ShownCell]) -> Remains | None:
    parts = {cell.group: interval for cell in cells if (interval := _interval(cell.figures)) is not None}
    if parts.keys() != {DURING, AFTER, DIFFERENCE}:
        return None
    return Remains(parts[DURING], parts[AFTER], parts[DIFFERENCE])


def _dose(cells: list[ShownCell]) -> Dose | None:
    shown = {cell.group: interval for cell in cells if (interval := _interval(cell.figures)) is not None}
    if not shown:
        return None
    bands = [DoseBand(Span.of(cell.group), *_three(cell.figures)) for cell in cells if ":" in cell.group]
    ordered = tuple(sorted(bands, key=lambda band: band.span.first))
    return Dose(ordered, shown.get(EACH), shown.get(MORE))


def _responses(cells: list[ShownCell]) -> dict[UUID, Response]:
    by_offer: dict[UUID, list[ShownCell]] = {}
    for cell in cells:
        by_offer.setdefault(cell.intervention.id, []).append(cell)
    return {offer_id: held for offer_id, own in by_offer.items() if (held := _response(own)) is not None}


def _response(cells: list[ShownCell]) -> Response | None:
    said = {cell.group: cell.figures.change for cell in cells if cell.figures.change is not None}
    if not said:
        return None
    before, after, tipping, of_sign = map(said.get, (ANSWERED_BEFORE, ANSWERED_AFTER, TIPPING, TIPPING_SIGN))
    return Response(before, after, tipping, of_sign, by_log=said.get(BY_LOG) == 1)


def _stayed(cells: list[ShownCell]) -> list[StayedBand]:
    held = {cell.group: cell.figures for cell in cells}
    return [
        StayedBand(None if group == STILL else Span.of(group), held[group].people, held[group].is_withheld)
        for group in STAYED_GROUPS
        if group in held
    ]


def _three(figures: Figures) -> tuple[float | None, float | None, float | None]:
    return figures.change, figures.low, figures.high


def _interval(figures: Figures) -> Interval | None:
    if figures.change is None or figures.low is None or figures.high is None:
        return None
    return Interval(figures.change, figures.low, figures.high)


def _groups(table: str, columns: tuple[str, ...], cells: list[ShownCell]) -> Groups:
    """Put one table together; the newest of its figures says whether its groups differ."""
    shown = [cell for cell in cells if cell.figures.drawn_change is not None]
    newest = max(shown, key=lambda cell: cell.published_at, default=None)
    ordered = tuple(sorted(cells, key=lambda cell: cell.labels))
    return Groups(table, columns, ordered, newest.figures.differ if newest else None)
