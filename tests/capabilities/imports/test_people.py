from dataclasses import replace
from datetime import date, datetime

from flask import Flask

from app.accounts.models import Account
from app.audit.models import AuditEntry
from app.database import db
from app.imports.people import details_of
from app.young_people.models import Relationship, YoungPerson
from app.young_people.queries import by_reference
from tests.capabilities.imports.sheets import Folder, Run, counts
from tests.people import Cast

HEADER = "reference,first_name,last_name,date_of_birth,presenting_needs,diagnoses,mentor_email,parent_email\n"
TWO = (
    HEADER
    + "A-1,Zoë,Ng,2012-03-27,anxiety; sleep,ADHD,jo@derwent.example,sana@derwent.example\n"
    + 'A-2,"Sam, called Sammy",O’Neil,2010-11-02,,,,\n'
)


def person(cast: Cast, reference: str) -> YoungPerson:
    db.session.rollback()
    found = by_reference(cast.council_id, reference)
    assert found is not None
    return found


def test_people_come_in_with_their_details_and_ties(cast: Cast, folder: Folder, run: Run) -> None:
    result = run("people", folder.csv(TWO))
    assert result.exit_code == 0, result.output
    assert "Read 2 rows. Added 2 young people, changed 0; 0 were there already." in result.stdout
    zoe = person(cast, "a-1")
    assert (zoe.first_name, zoe.date_of_birth) == ("Zoë", date(2012, 3, 27))
    assert (zoe.presenting_needs, zoe.diagnoses) == (["anxiety", "sleep"], ["ADHD"])
    assert person(cast, "A-2").first_name == "Sam, called Sammy"
    query = db.select(Relationship.account_id).where(Relationship.young_person_id == zoe.id)
    assert set(db.session.execute(query).scalars()) == {cast.mentor.account_id, cast.parent_carer.account_id}
    assert db.session.get_one(Account, zoe.account_id).name == "Zoë"


def test_a_second_run_adds_nothing(cast: Cast, folder: Folder, run: Run) -> None:
    assert cast
    run("people", folder.csv(TWO))
    before, trail = counts(), db.session.execute(db.select(db.func.count()).select_from(AuditEntry)).scalar_one()
    result = run("people", folder.csv(TWO))
    assert "Added 0 young people, changed 0; 2 were there already." in result.stdout
    assert counts() == before
    assert db.session.execute(db.select(db.func.count()).select_from(AuditEntry)).scalar_one() == trail


def test_a_later_file_changes_what_it_says_and_leaves_other_columns(cast: Cast, folder: Folder, run: Run) -> None:
    run("people", folder.csv(TWO))
    before = counts()
    result = run("people", folder.csv("Reference,First name,Last-Name,Diagnoses\nA-1,Zoë,Nguyen,\n"))
    assert "Added 0 young people, changed 1; 0 were there already." in result.stdout
    zoe = person(cast, "A-1")
    assert (zoe.last_name, zoe.diagnoses, zoe.presenting_needs) == ("Nguyen", [], ["anxiety", "sleep"])
    assert counts() == before


def test_a_workbook_gives_the_same_people_as_a_csv_file(cast: Cast, folder: Folder, run: Run) -> None:
    rows: list[list[object]] = [
        ["reference", "first_name", "last_name", "date_of_birth", "presenting_needs", "contact"],
        [1207, "Zoë", "Ng", datetime(2012, 3, 27), "anxiety; sleep", None],  # noqa: DTZ001 (as Excel keeps a date)
        ["A-2", "Sam", "O’Neil", date(2010, 11, 2), None, "Ring\nafter 4"],
        [None, None, None, None, None, None],
    ]
    assert run("people", folder.xlsx(rows)).exit_code == 0
    from_workbook = [details_of(person(cast, reference)) for reference in ("1207", "A-2")]
    text = (
        "reference,first_name,last_name,date_of_birth,presenting_needs,contact\r\n"
        "1207,Zoë,Ng,2012-03-27,anxiety; sleep,\r\n"
        'A-2,Sam,O’Neil,2010-11-02,,"Ring\nafter 4"\r\n'
    )
    result = run("people", folder.csv(text))
    assert "Added 0 young people, changed 0; 2 were there already." in result.stdout
    assert [details_of(person(cast, reference)) for reference in ("1207", "A-2")] == from_workbook
    assert from_workbook[1].contact == "Ring\nafter 4"


BAD_ROWS = (
    (",Zoë,Ng,,,,,", "line {}, column reference: is empty"),
    ("B-1,,Ng,,,,,", "line {}, column first_name: is empty"),
    ("B-2,Zoë,Ng,27/03/2012,,,,", "line {}, column date_of_birth: “27/03/2012” is not a date such as 2026-10-06"),
    ("B-3,Zoë,Ng,2126-01-01,,,,", "line {}, column date_of_birth: “2126-01-01” is in the future"),
    ("B-4,Zoë,Ng,1066-10-14,,,,", "line {}, column date_of_birth: “1066-10-14” is too long ago"),
    (f"B-5,Zoë,{'x' * 121},,,,,", "line {}, column last_name: is 121 letters long; there is room for 120"),
    ("B-6,Zoë,Ng,,,,ada@derwent.example,", "line {}, column mentor_email: “ada@derwent.example” is not the e-mail"),
    ("B-7,Zoë,Ng,,,,,olive@trent.example", "line {}, column parent_email: “olive@trent.example” is not the e-mail"),
    ("B-8,Zoë,Ng,,,,,,,,extra", "line {}: has 11 cells; the header has 8"),
    ("B-9,Z\x07,Ng,,,,,", "line {}, column first_name: has a character in it that is no letter"),
    ("a-2,C,D,,,,,", "line {}, column reference: “a-2” stands on line 2 too"),
)


def test_every_bad_row_is_named_by_line_column_and_reason_and_nothing_is_written(folder: Folder, run: Run) -> None:
    before = counts()
    result = run("people", folder.csv(HEADER + "A-2,Sam,Hill,,,,,\n" + "".join(f"{row}\n" for row, _ in BAD_ROWS)))
    assert result.exit_code == 2
    for line, (_, problem) in enumerate(BAD_ROWS, 3):
        assert problem.format(line) in result.stderr
    assert "Nothing was written: 11 of 12 rows cannot be used." in result.stderr
    assert counts() == before


def test_bad_rows_are_saved_harmless_and_private_and_the_rest_is_written(cast: Cast, folder: Folder, run: Run) -> None:
    text = f'{HEADER}A-1,Zoë,Ng,,,,,\nA-2,=HYPERLINK(1),-Hill,soon,,"a\nb",,\nA-3,Li,Wu,,,,,\n'
    result = run("people", folder.csv(text), "--skip-bad")
    assert result.exit_code == 0, result.output
    assert "Added 2 young people" in result.stdout
    saved = folder.path / "file-bad-rows.csv"
    assert saved.stat().st_mode & 0o777 == 0o600
    words = saved.read_bytes().decode("utf-8-sig")
    assert words.startswith("line,column,reason,reference,first_name")
    assert "3,date_of_birth,“soon” is not a date" in words
    assert "'=HYPERLINK(1),'-Hill,soon" in words
    assert person(cast, "A-3").last_name == "Wu"


def test_the_saved_rows_import_once_they_are_corrected(cast: Cast, folder: Folder, run: Run) -> None:
    run("people", folder.csv(f"{HEADER}A-2,-Sam,Hill,soon,,,,\n"), "--skip-bad")
    saved = folder.path / "file-bad-rows.csv"
    saved.write_text(saved.read_text(encoding="utf-8-sig").replace("soon", "2011-01-05"), encoding="utf-8")
    result = run("people", saved)
    assert result.exit_code == 0, result.output
    assert "Not read" not in result.stderr
    assert person(cast, "A-2").first_name == "-Sam"


def test_a_file_of_nothing_but_bad_rows_adds_nobody(folder: Folder, run: Run) -> None:
    before = counts()
    result = run("people", folder.csv(f"{HEADER},,,,,,,x\n"), "--skip-bad")
    assert result.exit_code == 0
    assert "Added 0 young people" in result.stdout
    assert counts() == before


def test_many_problems_are_capped_on_screen_and_counted(folder: Folder, run: Run) -> None:
    result = run("people", folder.csv(HEADER + "A-1,,,,,,,\n" * 100))
    assert result.stderr.count("column last_name") <= 50
    assert "more problems." in result.stderr
    assert "100 of 100 rows cannot be used" in result.stderr


def test_a_council_is_named_only_where_there_is_more_than_one(folder: Folder, run: Run) -> None:
    path = folder.csv(TWO)
    result = run("people", path, council=None)
    assert result.exit_code == 2
    assert "--council (derwent, trent)" in result.stderr
    assert "There is no council at nowhere" in run("people", path, council="nowhere").stderr


def test_the_settings_may_name_the_council_once_for_all(app: Flask, cast: Cast, folder: Folder, run: Run) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], council="trent")
    path = folder.csv("reference,first_name,last_name\nA-1,Zoë,Ng\n")
    assert run("people", path, council=None).exit_code == 0
    assert by_reference(cast.other_council_id, "A-1") is not None
    assert by_reference(cast.council_id, "A-1") is None


def test_a_mentor_of_another_council_is_not_known_here(folder: Folder, run: Run) -> None:
    result = run("people", folder.csv(TWO), council="trent")
    assert result.exit_code == 2
    assert "line 2, column mentor_email" in result.stderr
