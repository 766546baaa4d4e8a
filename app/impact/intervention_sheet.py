"""The page of one intervention as a sheet: one line for every figure on it, what is withheld marked as such."""

from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, replace

from app.impact.downloads import WITHHELD, Sheet, Value, day_of, given
from app.impact.group_tables import GroupTable
from app.impact.intervention_presenters import InterventionPage
from app.impact.lines import Line
from app.impact.money import Money
from app.impact.published_values import Response
from app.impact.rows import Row
from app.impact.staying_words import StayedLine

COLUMNS = (
    ("Part", 32),
    ("What, or whom", 34),
    ("Young people", 14),
    ("Sessions", 12),
    ("Figure", 11),
    ("Low", 11),
    ("High", 11),
    ("Unit", 24),
    ("Before and after", 16),
    ("Drawn toward the whole", 14),
    ("Drawn, low", 11),
    ("Drawn, high", 11),
    ("Weight of the whole", 11),
    ("Evidence", 22),
)
NAMES = 2
POUNDS, OF_HUNDRED = "pounds", "of 100"
WHO_ANSWERS, WHO_STAYS = "Who answers", "Who stays and who stops"
NOTES = (
    "Low and High: the 95% interval. This is an association, not proof.",
    "Before and after: the plain difference, which counts recovery that would have come anyway. Not to be used.",
    "Drawn toward the whole: a group’s figure pulled toward that of all its neighbours, the more the smaller it is.",
    "Counts are rounded down to a multiple of 5. Withheld: groups of fewer than 10, and what would give them away.",
)


@dataclass(frozen=True, slots=True)
class _Values:
    """One line, in the order of the columns; empty where a column says nothing of such a line."""

    part: str
    what: str
    people: Value = ""
    sessions: Value = ""
    figure: Value = ""
    low: Value = ""
    high: Value = ""
    unit: str = ""
    naive: Value = ""
    drawn: Value = ""
    drawn_low: Value = ""
    drawn_high: Value = ""
    weight: Value = ""
    evidence: str = ""


def sheet_of(shown: InterventionPage) -> Sheet:
    unit = f"{shown.outcome.unit}s"
    rows = [
        _everyone(shown, unit),
        *_money(shown.money),
        *_response(shown.response.published, unit),
        *_lines("Weeks around the first session", shown.shape.lines, unit),
        *_lines("Sessions attended", shown.dose.lines, unit),
        *map(_stayed, shown.stayed),
        *_lines("After the course", shown.remains.lines, unit),
        *(row for table in (*shown.groups.singles, *shown.groups.all_pairs) for row in _groups(table, unit)),
    ]
    return Sheet("Intervention", COLUMNS, tuple(rows), (shown.name, *_notes(shown), *NOTES))


def _notes(shown: InterventionPage) -> Iterator[str]:
    yield shown.sentence
    yield shown.response.came
    if shown.response.would:
        yield shown.response.would
    if shown.dose.lines:
        yield f"Sessions attended: {shown.dose_warning}"
    yield f"Figures in points: average change in {shown.measured} over the check-ins after the first session."
    yield shown.counted
    yield f"Last refreshed: {shown.refreshed}."
    if shown.as_of:
        yield f"As of {day_of(shown.as_of)}."


def _withheld(part: str, what: str) -> tuple[Value, ...]:
    return (part, what, *[WITHHELD] * (len(COLUMNS) - NAMES))


def _everyone(shown: InterventionPage, unit: str) -> tuple[Value, ...]:
    figures = shown.figures
    if figures.is_withheld:
        return _withheld("Everyone", "")
    line = _Values("Everyone", "", given(figures.people), given(figures.sessions), unit=unit)
    line = _with_figure(line, (figures.change, figures.low, figures.high))
    return astuple(replace(line, naive=given(figures.naive), evidence=shown.evidence.words))


def _with_figure(line: _Values, ends: tuple[float | None, ...]) -> _Values:
    """Write a figure and, where it has one, its interval."""
    figure, *interval = map(given, ends)
    low, high = interval or ("", "")
    return replace(line, figure=figure, low=low, high=high)


def _figure(part: str, what: str, ends: tuple[float | None, ...], unit: str) -> tuple[Value, ...]:
    return astuple(_with_figure(_Values(part, what, unit=unit), ends))


def _money(money: Money) -> Iterator[tuple[Value, ...]]:
    yield _figure("Cost", "Of a session", (money.per_session,), POUNDS)
    point = (money.per_point, money.per_point_low, money.per_point_high)
    for what, cost in (("Of a person", (money.per_person,)), ("Of a point gained", point)):
        yield _withheld("Cost", what) if money.is_withheld else _figure("Cost", what, cost, POUNDS)


def _response(response: Response | None, unit: str) -> Iterator[tuple[Value, ...]]:
    if response is None:
        return
    if response.by_log:
        yield _figure(WHO_ANSWERS, "Prompts answered before", (response.before,), OF_HUNDRED)
        yield _figure(WHO_ANSWERS, "Prompts answered after", (response.after,), OF_HUNDRED)
    else:
        yield _figure(WHO_ANSWERS, "Check-ins after, of the usual", (response.after,), OF_HUNDRED)
    for what, shift in (
        ("Missing lower by this: interval includes zero", response.tipping_point),
        ("Missing lower by this: direction turns", response.tipping_point_of_sign),
    ):
        yield _figure(WHO_ANSWERS, what, (shift,), unit)


def _stayed(line: StayedLine) -> tuple[Value, ...]:
    if line.withheld:
        return _withheld(WHO_STAYS, line.name)
    return astuple(_Values(WHO_STAYS, line.name, given(line.people)))


def _lines(part: str, lines: Iterable[Line], unit: str) -> Iterator[tuple[Value, ...]]:
    for line in lines:
        if line.change is None:
            yield _withheld(part, line.name)
        else:
            yield _figure(part, line.name, (line.change, line.low, line.high), unit)


def _groups(table: GroupTable, unit: str) -> Iterator[tuple[Value, ...]]:
    for row in (*table.rows, *table.withheld):
        yield _withheld(table.way.words, row.group) if row.is_withheld else _group(table.way.words, row, unit)


def _group(part: str, row: Row, unit: str) -> tuple[Value, ...]:
    figures = row.figures
    line = _Values(part, row.group, row.people, given(figures.sessions), unit=unit, evidence=row.evidence.words)
    line = replace(
        line,
        drawn=given(figures.drawn_change),
        drawn_low=given(figures.drawn_low),
        drawn_high=given(figures.drawn_high),
        weight=given(figures.drawn_share),
    )
    return astuple(_with_figure(line, (figures.change, figures.low, figures.high)))
