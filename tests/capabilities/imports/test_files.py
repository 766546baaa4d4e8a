import zipfile

from tests.capabilities.imports.sheets import Folder, Run, counts

PEOPLE = "reference,first_name,last_name\nA-1,Zoë,Ng\n"


UNREADABLE: tuple[tuple[bytes, str, str], ...] = (
    (b"", "file.csv", "The file is empty."),
    (b"\xef\xbb\xbf\r\n\r\n", "file.csv", "The file is empty."),
    (b"reference,first_name,last_name\n", "file.csv", "There is no row below the header."),
    (b"reference,last_name\nA-1,Ng\n", "file.csv", "There is no column “first_name”. The file has: “reference”"),
    (b"reference,first_name,First Name,last_name\n1,2,3,4\n", "file.csv", "“first_name” stands there twice"),
    (PEOPLE.encode("cp1252"), "file.csv", "Line 2 is not UTF-8: the file was probably saved by Excel"),
    (PEOPLE.encode("utf-16"), "file.csv", "The file is UTF-16."),
    (b'reference,first_name,last_name\nA-1,"Zo,Ng\nA-2,Sam,Hill\n', "file.csv", "From line 2 on"),
    (b"reference,first_name,last_name\nA-1," + b"x" * 200_000 + b",Ng\n", "file.csv", "longer than 100,000"),
    (b"PK\x03\x04 and so on", "file.csv", "named .csv: give its name the ending .xlsx"),
    (PEOPLE.encode(), "file.xlsx", "This is no .xlsx workbook, or it is damaged"),
    (b"\xd0\xcf\x11\xe0 and so on", "file.xlsx", "of an old kind or has a password"),
    (PEOPLE.encode(), "file.ods", "Only .csv and .xlsx files can be read"),
)


def test_a_file_that_cannot_be_read_gets_a_sentence_and_writes_nothing(folder: Folder, run: Run) -> None:
    before = counts()
    for content, name, sentence in UNREADABLE:
        result = run("people", folder.csv(content, name), "--skip-bad")
        assert result.exit_code == 2, sentence
        assert sentence in result.stderr
        assert "Traceback" not in result.output
    assert counts() == before


def test_a_folder_and_a_missing_file_are_refused(folder: Folder, run: Run) -> None:
    assert "is a directory" in run("people", folder.path).stderr
    result = run("people", folder.path / "nothing.csv")
    assert (result.exit_code, "does not exist" in result.stderr) == (2, True)


WAYS = (
    "\ufeff" + PEOPLE,
    PEOPLE.replace("\n", "\r\n"),
    PEOPLE.replace("\n", "\r"),
    "reference,first_name,last_name\r\n\n  , ,\nA-1,Zoë,Ng",
    PEOPLE.replace(",", ";"),
    PEOPLE.replace(",", "\t"),
    ' Reference , "First name", LAST_NAME,,\n A-1 , "Zoë",Ng,,\n',
)


def test_the_ways_that_spreadsheets_write_a_table_are_all_read(folder: Folder, run: Run) -> None:
    for number, text in enumerate(WAYS):
        result = run("people", folder.csv(text.replace("A-1", f"A-{number}")))
        assert result.exit_code == 0, result.output
        assert "Added 1 young person, changed 0; 0 were there already." in result.stdout, text


def test_lines_are_counted_over_cells_of_several_lines(folder: Folder, run: Run) -> None:
    text = 'reference,first_name,last_name,contact\nA-1,Zoë,Ng,"one\ntwo\nthree"\nA-2,,Hill,\n'
    assert "line 5, column first_name: is empty" in run("people", folder.csv(text)).stderr


def test_a_column_that_nothing_uses_is_named(folder: Folder, run: Run) -> None:
    result = run("people", folder.csv("reference,first_name,last_name,Shoe size\nA-1,Zoë,Ng,38\n"))
    assert result.exit_code == 0
    assert "Not read, because nothing here uses them: Shoe size." in result.stderr


def test_a_damaged_workbook_is_refused(folder: Folder, run: Run) -> None:
    path = folder.xlsx([["reference", "first_name", "last_name"], ["A-1", "Zoë", "Ng"]])
    with zipfile.ZipFile(path) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    no_such_text = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    no_such_text += b'<row r="1"><c r="A1" t="s"><v>99999</v></c></row></sheetData></worksheet>'
    for number, (spoiled, content) in enumerate(
        (
            ("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row>"),
            ("xl/worksheets/sheet1.xml", no_such_text),
            ("xl/workbook.xml", b"<no"),
        )
    ):
        broken = folder.path / f"broken-{number}.xlsx"
        with zipfile.ZipFile(broken, "w") as archive:
            for name, data in (parts | {spoiled: content}).items():
                archive.writestr(name, data)
        result = run("people", broken)
        assert (result.exit_code, "damaged" in result.stderr) == (2, True), result.output


def test_a_workbook_that_unpacks_to_far_more_is_refused_before_it_is_unpacked(folder: Folder, run: Run) -> None:
    path = folder.xlsx([["reference", "first_name", "last_name"], ["A-1", "Zoë", "Ng"]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/bomb.xml", "w") as bomb:
        for _ in range(60):
            bomb.write(b" " * 1_000_000)
    result = run("people", path)
    assert result.exit_code == 2
    assert "too big once unpacked" in result.stderr


def test_what_is_printed_holds_no_control_characters_of_a_cell(folder: Folder, run: Run) -> None:
    result = run("people", folder.csv("reference,first_name,last_name,date_of_birth\nA-1,Zoë,Ng,\x1b[31mred\n"))
    assert "\x1b" not in result.stderr
