from datetime import date

from app.young_people.school_queries import school_access_for, school_weeks_of
from tests.capabilities.imports.sheets import Folder, Run, counts
from tests.people import Cast

HEADER = "person,week,possible,attended,full_time\n"
THREE = f"{HEADER}YP-1,2026-06-03,10,4,\nYP-1,2026-06-08,,,yes\nYP-2,2026-06-01,10,10,no\n"


def test_weeks_are_read_whatever_day_names_them(cast: Cast, folder: Folder, run: Run) -> None:
    result = run("school-attendance", folder.csv(THREE))
    assert "Added 3 weeks of school, changed 0; 0 were there already." in result.stdout, result.output
    rows = school_weeks_of(school_access_for(cast.mentor, cast.amina))
    assert [(row.monday, row.said["attended"], row.said["full_time"]) for row in rows] == [
        (date(2026, 6, 1), "4", ""),
        (date(2026, 6, 8), "", "yes"),
    ]


def test_a_second_run_adds_nothing_and_a_correction_changes_one(folder: Folder, run: Run) -> None:
    run("school-attendance", folder.csv(THREE))
    before = counts()
    assert "Added 0 weeks of school, changed 0; 3 were there" in run("school-attendance", folder.csv(THREE)).stdout
    corrected = run("school-attendance", folder.csv(THREE.replace("10,4", "10,5") + "YP-1,2026-06-05,10,5,\n"))
    assert "Added 0 weeks of school, changed 1; 3 were there already." in corrected.stdout
    assert counts() == before


BAD_ROWS = (
    ("YP-1,,10,4,", "week: is empty"),
    ("YP-1,2126-06-01,10,4,", "week: “2126-06-01” is in the future"),
    ("YP-1,2026-06-08,10,11,", "attended: does not fit"),
    ("YP-1,2026-06-08,,,", "possible: does not fit"),
    ("YP-1,2026-06-08,ten,4,", "possible: “ten” is not a whole number"),
    ("YP-1,2026-06-08,10,-4,", "attended: “-4” is not a whole number"),
    ("YP-1,2026-06-08,10,4,perhaps", "full_time: “perhaps” is not one of: yes, no"),
    ("YP-1,2026-06-02,10,5,", "week: does not agree with line 2"),
    ("YP-9,2026-06-01,10,4,", "person: there is no young person"),
)


def test_every_bad_row_is_named_and_nothing_is_written(folder: Folder, run: Run) -> None:
    before = counts()
    good = f"{HEADER}YP-1,2026-06-01,10,4,\n"
    result = run("school-attendance", folder.csv(good + "".join(f"{row}\n" for row, _ in BAD_ROWS)))
    assert result.exit_code == 2
    for line, (_, problem) in enumerate(BAD_ROWS, 3):
        assert f"line {line}, column {problem}" in result.stderr
    assert counts() == before


def test_a_workbook_s_dates_and_numbers_are_read(folder: Folder, run: Run) -> None:
    run("school-attendance", folder.csv(THREE))
    rows: list[list[object]] = [["Person", "Week", "Possible", "Attended"], ["YP-1", date(2026, 6, 1), 10, 4.0]]
    result = run("school-attendance", folder.xlsx(rows))
    assert "changed 0; 1 were there already." in result.stdout, result.output
