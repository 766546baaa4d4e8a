"""Files to import, and what importing them did."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from click.testing import Result
from openpyxl import Workbook

from app.database import Base, db

Run = Callable[..., Result]
NOT_RECORDS = {"audit_heads", "audit_entries"}


@dataclass(frozen=True)
class Folder:
    """Where a test's files lie."""

    path: Path

    def csv(self, text: str | bytes, name: str = "file.csv") -> Path:
        made = self.path / name
        made.write_bytes(text.encode() if isinstance(text, str) else text)
        return made

    def xlsx(self, rows: Sequence[Sequence[object]], name: str = "file.xlsx") -> Path:
        book = Workbook(write_only=True)
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(list(row))
        book.create_sheet().append(["another sheet"])
        made = self.path / name
        book.save(made)
        return made


def counts() -> dict[str, int]:
    """Return how many rows every table of records has."""
    db.session.rollback()
    return {
        table.name: db.session.execute(db.select(db.func.count()).select_from(table)).scalar_one()
        for table in Base.metadata.sorted_tables
        if table.name not in NOT_RECORDS
    }
