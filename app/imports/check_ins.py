"""Check-ins from a spreadsheet: each has an id that follows from what it is, so that a second run adds none."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

from app.checkins.measures import Measure, all_measures
from app.checkins.services import record_check_ins_in_bulk
from app.checkins.values import ALL_FEELINGS, LONGEST_WORDS, NewCheckIn
from app.imports.cells import Cells, quoted
from app.imports.references import References
from app.imports.run import Bar, Counts, Plan

NAMESPACE = uuid5(NAMESPACE_URL, "tidemark/imported-check-in")
IN_ONE_GO = 5_000
FEELING_WORDS = {words.casefold(): code for code, words in ALL_FEELINGS.items()}
FEELING_WORDS |= {code: code for code in ALL_FEELINGS}


class CheckInRow(NamedTuple):
    """One check-in of somebody."""

    at: datetime
    measure: str
    answer: float
    words: str
    feelings: tuple[str, ...]


class CheckInImport(Plan):
    """Reads check-ins by person, and records them person by person."""

    required = ("person", "at", "score")
    optional = ("measure", "words", "feelings")

    def __init__(self, council_id: UUID, measure: str) -> None:
        self.council_id = council_id
        self.measure = measure
        self.references = References(council_id)
        self.by_person: dict[UUID, list[CheckInRow]] = defaultdict(list)

    def read(self, cells: Cells) -> None:
        person_id, at = self.references.person(cells, "person"), cells.moment("at")
        code = cells.one_of("measure", {name: name for name in all_measures()}, otherwise=self.measure)
        answer = self._answer(cells, all_measures()[code])
        words = cells.text("words", most=LONGEST_WORDS)
        feelings = cells.some_of("feelings", FEELING_WORDS)
        if person_id and at and answer is not None and not cells.problems:
            self.by_person[person_id].append(CheckInRow(at, code, answer, words, feelings))

    @staticmethod
    def _answer(cells: Cells, measure: Measure) -> float | None:
        number = cells.number("score")
        if number is not None and not measure.accepts(number):
            cells.refuse(
                "score",
                f"{quoted(cells.values['score'])} is no answer to “{measure.code}”, "
                f"which takes whole numbers from {measure.lowest} to {measure.highest}",
            )
            return None
        return number

    def write(self, bar: Bar) -> str:
        total = sum(map(len, self.by_person.values()))
        added = sum(
            record_check_ins_in_bulk(council_id=self.council_id, actor=None, rows=rows)
            for rows in bar(list(self._batches()))
        )
        counts = Counts(added=added, same=total - added)
        people = f"{len(self.by_person):,} young {'person' if len(self.by_person) == 1 else 'people'}"
        return f"{counts.words('check-in', 'check-ins')} They are of {people}."

    def _batches(self) -> Iterator[list[tuple[UUID, NewCheckIn]]]:
        """Yield check-ins some thousands at a time, all of one person's together: one audit entry for each person."""
        batch: list[tuple[UUID, NewCheckIn]] = []
        for person_id, rows in self.by_person.items():
            batch += [(person_id, new) for new in self._of_person(person_id, rows)]
            if len(batch) >= IN_ONE_GO:
                yield batch
                batch = []
        if batch:
            yield batch

    def _of_person(self, person_id: UUID, rows: list[CheckInRow]) -> Iterator[NewCheckIn]:
        seen: Counter[tuple[datetime, str]] = Counter()
        for row in rows:
            nth = seen[row.at, row.measure] = seen[row.at, row.measure] + 1
            name = f"{self.council_id}/{person_id}/{row.at.isoformat()}/{row.measure}/{nth}"
            yield NewCheckIn(
                id=uuid5(NAMESPACE, name),
                measure=row.measure,
                answer=row.answer,
                at=row.at,
                words=row.words,
                feelings=row.feelings,
            )
