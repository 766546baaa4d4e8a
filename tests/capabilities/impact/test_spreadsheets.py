"""Anyone's spreadsheets: what is wrong is said by line, column and reason, and what is right is read as it stands."""

from pathlib import Path

import numpy as np
import pytest

from app.impact.spreadsheet_cells import BadRow
from app.impact.spreadsheets import Sources, SpreadsheetsAreWrong, read_panel

CHECK_INS = "person,at,score\nAda,2026-03-02,5\nBen,2026-03-03T16:30,6.5\n"
ATTENDANCE = "person,intervention,at\nAda,football,2026-03-09T10:00:00\n"


def write(folder: Path, by: tuple[str, ...] = (), **files: str | bytes) -> Sources:
    """Write each file and return where they are."""
    paths: dict[str, Path] = {}
    for name, content in ({"check_ins": CHECK_INS, "attendance": ATTENDANCE} | files).items():
        path = folder / f"{name}.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        paths[name] = path
    return Sources(
        paths["check_ins"], paths["attendance"], paths.get("referrals"), paths.get("prompts"), paths.get("people"), by
    )


def problems(folder: Path, by: tuple[str, ...] = (), **files: str | bytes) -> list[BadRow]:
    with pytest.raises(SpreadsheetsAreWrong) as caught:
        read_panel(write(folder, by, **files))
    return list(caught.value.rows)


def test_good_files_are_read_as_they_stand(tmp_path: Path) -> None:
    sources = write(
        tmp_path,
        ("need",),
        referrals="person,intervention,referred_on\nAda,football,2026-02-20\n",
        prompts="person,at,answered\nAda,2026-03-02,1\nAda,2026-03-04,0\n",
        people="person,need,sex\nAda,ASD,female\n",
    )
    panel = read_panel(sources).panel
    assert panel.people == 2
    assert panel.interventions == ("football",)
    assert panel.check_ins.score.tolist() == [5.0, 6.5]
    assert (np.diff(panel.check_ins.time) == 1).all()
    assert panel.check_ins.time[0] % 7 == 0
    assert panel.groups == {"need": ("ASD", "not recorded")}
    assert panel.referrals is not None
    assert panel.prompts is not None
    assert panel.prompts.answered.tolist() == [True, False]


def test_every_bad_row_is_reported_by_line_column_and_reason(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        check_ins="person,at,score\nAda,2026-03-02,5\n,2026-03-02,5\nBen,tomorrow,5\nBen,2026-03-02,\nBen,03/02/2026,x\n",
        attendance="person,intervention,at\nAda,,2026-03-09\n",
    )
    assert [(row.file, row.line, row.column) for row in found] == [
        ("check_ins.csv", 3, "person"),
        ("check_ins.csv", 4, "at"),
        ("check_ins.csv", 5, "score"),
        ("check_ins.csv", 6, "at"),
        ("check_ins.csv", 6, "score"),
        ("attendance.csv", 2, "intervention"),
    ]
    assert "'tomorrow' is not an ISO 8601 date" in found[1].reason
    assert found[2].reason == "is empty"
    assert str(found[4]) == "check_ins.csv: line 6, column score: 'x' is not a number"


@pytest.mark.parametrize("score", ["nan", "inf", "-Infinity", "1_000", "6,5", "five", "1e300", "0x10"])
def test_what_is_no_score_is_refused(tmp_path: Path, score: str) -> None:
    found = problems(tmp_path, check_ins=f'person,at,score\nAda,2026-03-02,"{score}"\n')
    assert [(row.line, row.column) for row in found] == [(2, "score")]


@pytest.mark.parametrize(
    ("text", "weekday"),
    [
        ("2026-03-02", 0),
        ("2026-03-02T23:59:59Z", 0),
        ("2026-03-02T23:30:00+01:00", 0),
        ("2026-03-03 00:10:00.123456-05:00", 1),
        (" 2026-03-08T12:00 ", 6),
    ],
)
def test_a_time_falls_on_the_day_that_its_own_text_says(tmp_path: Path, text: str, weekday: int) -> None:
    panel = read_panel(write(tmp_path, check_ins=f"person,at,score\nAda,{text},5\n")).panel
    assert panel.check_ins.time[0] % 7 == weekday


@pytest.mark.parametrize("text", ["2026-02-30", "0026-03-02", "9999-01-01", "2026-13-01", "12:00"])
def test_a_day_that_never_was_is_refused(tmp_path: Path, text: str) -> None:
    assert problems(tmp_path, check_ins=f"person,at,score\nAda,{text},5\n")[0].column == "at"


def test_a_byte_order_mark_blank_lines_extra_columns_and_any_case_of_header_are_fine(tmp_path: Path) -> None:
    content = "\ufeffNote,Person , AT,Score\nx,Ada,2026-03-02,5\n\n,,,\n , ,\t,\ny,Ben,2026-03-03,6\n"
    panel = read_panel(write(tmp_path, check_ins=content)).panel
    assert panel.check_ins.score.tolist() == [5.0, 6.0]


def test_a_quoted_line_break_keeps_the_line_numbers_right(tmp_path: Path) -> None:
    content = 'person,at,score,note\nAda,2026-03-02,5,"two\nlines"\nBen,2026-03-03,bad,\n'
    assert [row.line for row in problems(tmp_path, check_ins=content)] == [4]


@pytest.mark.parametrize(
    ("content", "line", "column", "reason"),
    [
        (b"", 1, "(row)", "the file is empty"),
        (b"who,at,score\nAda,2026-03-02,5\n", 1, "person", "missing from the header"),
        (b"person;at;score\nAda;2026-03-02;5\n", 1, "person", "found: 'person;at;score'"),
        (b"person,at,score,score\nAda,2026-03-02,5,6\n", 1, "score", "twice"),
        (b"person,at,score\nAda,2026-03-02,5\nZo\xeb,2026-03-02,5\n", 3, "(row)", "is not UTF-8"),
        ("person,at,score\nAda,2026-03-02,5\n".encode("utf-16"), 1, "(row)", "is not UTF-8"),
        (b"person,at,score\nAda,2026-03-02,6,5\n", 2, "(row)", "has 4 cells where the header has 3"),
        (b"person,at,score\nAda,2026-03-02\n", 2, "score", "is empty"),
    ],
)
def test_files_that_cannot_be_used_say_where_and_why(
    tmp_path: Path, content: bytes, line: int, column: str, reason: str
) -> None:
    found = problems(tmp_path, check_ins=content)
    assert (found[0].line, found[0].column) == (line, column)
    assert reason in found[0].reason


def test_a_null_byte_is_reported_and_no_error_escapes(tmp_path: Path) -> None:
    assert problems(tmp_path, check_ins=b"person,at,score\nAda,2026-03-02,5\x00\n")[0].line == 2


def test_an_answer_is_0_or_1(tmp_path: Path) -> None:
    found = problems(tmp_path, prompts="person,at,answered\nAda,2026-03-02,yes\nAda,2026-03-02,\n")
    assert [(row.line, row.column) for row in found] == [(2, "answered"), (3, "answered")]


def test_somebody_in_two_groups_at_once_is_reported_and_repeats_are_not(tmp_path: Path) -> None:
    people = "person,need\nAda,ASD\nAda,ASD\nAda,SEMH\n"
    found = problems(tmp_path, by=("need",), people=people)
    assert [(row.line, row.column) for row in found] == [(4, "need")]


def test_a_column_to_compare_by_must_be_there(tmp_path: Path) -> None:
    assert problems(tmp_path, by=("town",), people="person,need\nAda,ASD\n")[0].column == "town"


def test_a_session_given_twice_counts_once_and_is_mentioned(tmp_path: Path) -> None:
    twice = ATTENDANCE + "Ada,football,2026-03-09T10:00:00\n"
    read = read_panel(write(tmp_path, attendance=twice))
    assert read.panel.sessions.person.size == 1
    assert "1 rows of attendance.csv repeat a session" in read.notes[0]


def test_people_known_from_attendance_alone_are_mentioned(tmp_path: Path) -> None:
    read = read_panel(write(tmp_path, attendance=ATTENDANCE + "Cy,football,2026-03-09\n"))
    assert read.panel.people == 3
    assert any("no check-in at all" in note for note in read.notes)


def test_a_file_in_which_nobody_attends_anything_is_mentioned(tmp_path: Path) -> None:
    read = read_panel(write(tmp_path, attendance="person,intervention,at\n"))
    assert "Nobody attended anything: there is nothing to estimate." in read.notes
