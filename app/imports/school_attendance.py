"""Weeks of school from a spreadsheet: one row for each young person and week."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from app import clock
from app.imports.cells import Cells
from app.imports.references import References
from app.imports.run import Bar, Counts, Plan
from app.young_people.school import NotAWeekError, SchoolWeekSaid, check_week, monday_of
from app.young_people.school_services import record_school_weeks_in_bulk

IN_ONE_GO = 5_000
YES_OR_NO = {"yes": "yes", "no": "no", "1": "yes", "0": "no"}


class Read(NamedTuple):
    """A week that the file tells of, and on which line."""

    week: SchoolWeekSaid
    line: int


class SchoolAttendanceImport(Plan):
    """Reads weeks of school, and records them."""

    required = ("person", "week")
    optional = ("possible", "attended", "full_time")

    def __init__(self, council_id: UUID) -> None:
        self.council_id = council_id
        self.references = References(council_id)
        self.weeks: dict[tuple[UUID, date], Read] = {}
        self.repeated = 0

    def read(self, cells: Cells) -> None:
        person_id, day = self.references.person(cells, "person"), self._day(cells)
        possible, attended = cells.whole_number("possible"), cells.whole_number("attended")
        full_time = cells.one_of("full_time", YES_OR_NO) == "yes"
        if person_id is None or day is None or cells.problems:
            return
        week = SchoolWeekSaid(monday_of(day), possible, attended, full_time=full_time)
        try:
            check_week(week, clock.today())
        except NotAWeekError as error:
            cells.refuse(error.field, f"does not fit: {error}")
            return
        earlier = self.weeks.setdefault((person_id, week.monday), Read(week, cells.line))
        if earlier.week != week:
            cells.refuse("week", f"does not agree with line {earlier.line}")
        self.repeated += earlier.line != cells.line

    @staticmethod
    def _day(cells: Cells) -> date | None:
        return cells.day("week") if cells.text("week", required=True) else None

    def write(self, bar: Bar) -> str:
        weeks = list(self.weeks.items())
        counts = Counts(same=len(weeks) + self.repeated)
        for start in bar(range(0, len(weeks), IN_ONE_GO)):
            batch = {key: read.week for key, read in weeks[start : start + IN_ONE_GO]}
            written = record_school_weeks_in_bulk(council_id=self.council_id, actor=None, weeks=batch)
            counts.added += written.added
            counts.changed += written.changed
        counts.same -= counts.added + counts.changed
        return counts.words("week of school", "weeks of school")
