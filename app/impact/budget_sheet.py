"""The answer of the budget page as a sheet."""

from app.impact.budget import Budget, Line
from app.impact.downloads import NOT_GIVEN, Sheet, Value, given

COLUMNS = (
    ("Intervention", 30),
    ("Share in pounds", 14),
    ("Places at sessions", 14),
    ("Young people reached", 14),
    ("Points gained", 12),
    ("Low", 12),
    ("High", 12),
    ("Evidence", 22),
    ("Warning", 70),
)
NOTES = (
    "If all goes as it did before, for young people like those who came before. This is an association, not proof.",
    "Points: weekly wellbeing (0 to 10), one point for one young person, added up over the young people reached.",
    "Low and High: the 95% interval. Of a sum they are the sums of the ends, which is as wide as it can be.",
    "Told from published figures: counts rounded down to a multiple of 5, changes to one decimal.",
)


def sheet_of(budget: Budget) -> Sheet:
    rows = [_values(line) for line in budget.lines]
    if budget.is_shared:
        points = _points(budget.total.middle, budget.total.low, budget.total.high) if budget.total else _points()
        rows.append(("All together", budget.pounds, "", given(budget.people), *points, "", ""))
    return Sheet("Budget", COLUMNS, tuple(rows), (budget.sentence, *NOTES), freeze="B2")


def _values(line: Line) -> tuple[Value, ...]:
    points = _points(line.points.middle, line.points.low, line.points.high) if line.points else _points()
    return (
        line.intervention,
        line.share,
        given(line.places),
        given(line.people),
        *points,
        line.evidence.words,
        line.warning,
    )


def _points(*ends: int) -> tuple[Value, ...]:
    return ends or (NOT_GIVEN, NOT_GIVEN, NOT_GIVEN)
