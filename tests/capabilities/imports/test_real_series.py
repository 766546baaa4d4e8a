"""A real series comes in whole: one person's momentary mood over 239 days (Kossakowski et al. 2017)."""

import csv
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from app.checkins.queries import check_ins_visible_to, scores_of
from app.web.paging import Cursor
from app.young_people.queries import young_person_for
from tests.capabilities.imports.sheets import Folder, Run, counts
from tests.people import Cast

SOURCE = Path(__file__).parents[2] / "data" / "one_person_mood.csv"
ENTRIES = 1476


def converted() -> list[tuple[str, str]]:
    """Return (moment, cheerful 1 to 7) of every entry that has a mood; the source writes days as dd/mm/yy."""
    with SOURCE.open(newline="") as file:
        return [
            (f"{datetime.strptime(row['date'], '%d/%m/%y').date()}T{row['beeptime']}", row["mood_cheerf"])  # noqa: DTZ007 (a British clock)
            for row in csv.DictReader(file)
            if row["mood_cheerf"] not in ("", "NA")
        ]


def pages_of(cast: Cast) -> set[UUID]:
    """Return the ids that the mentor meets while paging from the newest entry to the oldest."""
    access, met, before = young_person_for(cast.mentor, cast.amina), set[UUID](), None
    while found := check_ins_visible_to(access, before=before, limit=200):
        met |= {check_in.id for check_in in found}
        before = Cursor(found[-1].at, found[-1].id)
    return met


def test_every_entry_of_one_persons_mood_imports_and_comes_back(cast: Cast, folder: Folder, run: Run) -> None:
    entries = converted()
    assert len(entries) == ENTRIES
    path = folder.csv("person,at,score\n" + "".join(f"YP-1,{at},{score}\n" for at, score in entries))
    result = run("check-ins", path, "--measure", "one_to_seven")
    assert "Read 1,476 rows. Added 1,476 check-ins" in result.stdout, result.output
    scores = scores_of(young_person_for(cast.young_person, cast.amina))
    assert len(scores) == ENTRIES
    answers = sorted(float(score) for _, score in entries)
    assert sorted(s.score_0_10 * 6 / 10 + 1 for s in scores) == [float(round(answer)) for answer in answers]
    days = {s.at.date() for s in scores}
    assert (min(days), max(days)) == (date(2012, 8, 13), date(2013, 4, 8))
    assert len(pages_of(cast)) == ENTRIES
    again = counts()
    assert "1,476 were there already" in run("check-ins", path, "--measure", "one_to_seven").stdout
    assert counts() == again
