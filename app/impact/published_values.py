"""Published figures as pages get them: only what a refresh let through, labels and dates beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from app.impact.beside import Span
from app.impact.disclosure import Figures


@dataclass(frozen=True, slots=True)
class Intervention:
    """The directory's facts of one offer; `cost_per_place` in pence."""

    id: UUID
    name: str
    provider: str
    summary: str
    cost_per_place: int | None


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One published cell with its offer and group (empty: everyone).

    Of a table of two columns, `labels` holds both; its figures are the `drawn_` ones, and no count is given.
    """

    intervention: Intervention
    group: str
    figures: Figures
    published_at: datetime
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """One published table, the council's totals and when the last refresh was (None: there was none).

    `responses` holds, by offer, who answered before and after, where the table is everyone's.
    """

    cells: tuple[ShownCell, ...]
    totals: Figures | None
    refreshed_at: datetime | None
    responses: Mapping[UUID, "Response"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ShapePoint:
    """The change in one span of weeks around the first session; `change`, `low` and `high` are None where withheld.

    Before it (`span.first` below 0) it is against the weeks well before; from it on, against what was expected.
    """

    span: Span
    change: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Interval:
    """A change in points with its 95% interval."""

    change: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Remains:
    """The change while a course ran and after it ended, and after less during."""

    during: Interval
    after: Interval
    difference: Interval


@dataclass(frozen=True, slots=True)
class DoseBand:
    """The change while so many sessions (`span`) had been attended; None where withheld."""

    span: Span
    change: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Dose:
    """The change by sessions attended so far: in bands, for each session, and the last band's less the first one's.

    It describes and does not show that more sessions do more (`dose.WARNING`): say so beside it.
    """

    bands: tuple[DoseBand, ...]
    per_session: Interval | None
    more: Interval | None


@dataclass(frozen=True, slots=True)
class Response:
    """How many in a hundred answered before and after the start, and what it would take to overturn the figure.

    `tipping_point`: by how many points the missing after the start must lie below what they seem for the interval to
    include zero; `tipping_point_of_sign`: for the change itself to be zero. None where there is none. `by_log`: counted
    by the log of prompts; else check-ins a week are counted against the person's own usual (so 100 before).
    """

    before: float | None
    after: float | None
    tipping_point: float | None
    tipping_point_of_sign: float | None
    by_log: bool = False


@dataclass(frozen=True, slots=True)
class StayedBand:
    """How many of those who count still come (`span` None) or stopped after so many sessions.

    `people` is rounded down to a multiple of 5; None where it is not given, `withheld` where nobody may know.
    """

    span: Span | None
    people: int | None
    withheld: bool


@dataclass(frozen=True, slots=True)
class Bands:
    """How many were in each of Bristol's bands before the first session of one offer and after it, lowest first."""

    intervention: Intervention
    before: tuple[Figures, ...]
    after: tuple[Figures, ...]
    published_at: datetime


@dataclass(frozen=True, slots=True)
class PublishedBands:
    """The bands of every offer that has any, and when the last refresh was (None: there was none)."""

    offers: tuple[Bands, ...]
    refreshed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Groups:
    """One offer's groups by one column, or by two; withheld ones among them, so that a table has no gaps.

    `columns` names the single tables that it goes by ("by_sex", "by_need"): one, or two. `differ`: one joint test finds
    that the groups shown differ (False: it does not; None: it could not be made). Say that drawn figures are drawn
    toward the whole wherever they stand.
    """

    table: str
    columns: tuple[str, ...]
    cells: tuple[ShownCell, ...]
    differ: bool | None


@dataclass(frozen=True, slots=True)
class PublishedIntervention:
    """All that is published of one offer for one outcome.

    `everyone` is its own cell, None before the first refresh that knew the offer. `shape` is in order of weeks and
    `stayed` in order of sessions, both empty where nothing is known; `remains` is None where it is withheld or no
    course has ended, `dose` and `response` where all of it is withheld. `groups` has the tables of one column, `pairs`
    those of two, in the order of `tables.COLUMNS`; a table without any figure is there too.
    """

    intervention: Intervention
    everyone: ShownCell | None
    shape: tuple[ShapePoint, ...]
    dose: Dose | None
    remains: Remains | None
    response: Response | None
    stayed: tuple[StayedBand, ...]
    groups: tuple[Groups, ...]
    pairs: tuple[Groups, ...]
    totals: Figures | None
    refreshed_at: datetime | None
