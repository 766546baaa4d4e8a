from datetime import UTC, datetime, timedelta

from app import clock
from app.checkins.models import CheckIn
from app.checkins.queries import check_ins_visible_to, scores_of
from app.database import db
from app.young_people.queries import young_person_for
from tests.capabilities.imports.sheets import Folder, Run, counts
from tests.people import Cast

HEADER = "person,at,score\n"


def check_ins(cast: Cast) -> list[tuple[datetime, str, float | None, str]]:
    db.session.rollback()
    found = check_ins_visible_to(young_person_for(cast.young_person, cast.amina), before=None, limit=100)
    return [(c.at, c.measure, c.answer, c.words) for c in reversed(found)]


def test_the_public_format_comes_in_on_a_british_clock(cast: Cast, folder: Folder, run: Run) -> None:
    text = (
        HEADER
        + "YP-1,2026-06-01T09:00,7\nYP-1,2026-01-05 09:00,6\nyp-1,2026-06-02,5\nYP-1,2026-06-03T09:00:00+02:00,4.0\n"
    )
    result = run("check-ins", folder.csv(text))
    assert "Added 4 check-ins, changed 0; 0 were there already. They are of 1 young person." in result.stdout
    assert check_ins(cast) == [
        (datetime(2026, 1, 5, 9, tzinfo=UTC), "scale", 6, ""),
        (datetime(2026, 6, 1, 8, tzinfo=UTC), "scale", 7, ""),
        (datetime(2026, 6, 2, 11, tzinfo=UTC), "scale", 5, ""),
        (datetime(2026, 6, 3, 7, tzinfo=UTC), "scale", 4, ""),
    ]


def test_words_feelings_and_measures_come_in(cast: Cast, folder: Folder, run: Run) -> None:
    header = "person,at,score,measure,words,feelings\n"
    text = header + 'YP-1,2026-06-01T09:00,4,faces,"Fed the ducks,\nthen home",Calm; proud\n'
    assert run("check-ins", folder.csv(text)).exit_code == 0
    ((at, measure, answer, words),) = check_ins(cast)
    assert (at.hour, measure, answer, words) == (8, "faces", 4, "Fed the ducks,\nthen home")
    assert db.session.execute(db.select(CheckIn)).scalar_one().feelings == ["calm", "proud"]


def test_a_second_run_and_a_longer_file_add_only_what_is_new(cast: Cast, folder: Folder, run: Run) -> None:
    rows = "YP-1,2026-06-01T09:00,7\nYP-1,2026-06-01T09:00,3\nYP-2,2026-06-01T09:00,7\n"
    run("check-ins", folder.csv(HEADER + rows))
    before = counts()
    assert before["check_ins"] == 3
    result = run("check-ins", folder.csv(HEADER + rows))
    assert "Added 0 check-ins, changed 0; 3 were there already." in result.stdout
    assert counts() == before
    run("check-ins", folder.csv(HEADER + rows + "YP-1,2026-06-02T09:00,8\n"))
    assert [answer for _, _, answer, _ in check_ins(cast)][-1] == 8


def test_a_workbook_gives_the_same_check_ins(cast: Cast, folder: Folder, run: Run) -> None:
    text = HEADER + "YP-1,2026-06-01T09:10:20,7\nYP-1,2026-06-02,5\n"
    run("check-ins", folder.csv(text))
    from_csv = check_ins(cast)
    at = datetime(2026, 6, 1, 9, 10, 20)  # noqa: DTZ001 (as Excel keeps it)
    rows: list[list[object]] = [["person", "at", "score"], ["YP-1", at, 7], ["YP-1", "2026-06-02", 5.0]]
    result = run("check-ins", folder.xlsx(rows))
    assert "Added 0 check-ins, changed 0; 2 were there already." in result.stdout
    assert check_ins(cast) == from_csv


BAD_ROWS = (
    ("YP-1,0001-01-01T00:00:00Z,7", "at: “0001-01-01T00:00:00Z” is not a date"),
    ("YP-1,9999-12-31T23:59:59-14:00,7", "at: “9999-12-31T23:59:59-14:00” is not a date"),
    ("YP-1,2026-06-01T09:00,11", "score: “11” is no answer to “scale”, which takes whole numbers from 0 to 10"),
    ("YP-1,2026-06-01T09:00,6.5", "score: “6.5” is no answer"),
    ("YP-1,2026-06-01T09:00,nan", "score: “nan” is not a number"),
    ("YP-1,2026-06-01T09:00,", "score: is empty"),
    ("YP-1,,5", "at: is empty"),
    ("YP-1,yesterday,5", "at: “yesterday” is not a date"),
    ("YP-1,2026-03-29T01:30,5", "at: “2026-03-29T01:30” never was on a British clock"),
    ("YP-7,2026-06-01,5", "person: there is no young person with the reference “YP-7”"),
    (",2026-06-01,5", "person: is empty"),
)


def test_every_bad_check_in_is_named_and_nothing_is_written(folder: Folder, run: Run) -> None:
    before = counts()
    result = run("check-ins", folder.csv(f"{HEADER}YP-1,2026-06-01,5\n" + "".join(f"{row}\n" for row, _ in BAD_ROWS)))
    assert result.exit_code == 2
    for line, (_, problem) in enumerate(BAD_ROWS, 3):
        assert f"line {line}, column {problem}" in result.stderr
    assert counts() == before


def test_a_check_in_of_the_future_is_refused(folder: Folder, run: Run) -> None:
    soon = (clock.now() + timedelta(hours=2)).isoformat(timespec="seconds")
    result = run("check-ins", folder.csv(f"{HEADER}YP-1,{soon},5\n"))
    assert result.exit_code == 2
    assert "is in the future" in result.stderr


def test_unknown_words_to_choose_from_are_named(folder: Folder, run: Run) -> None:
    text = "person,at,score,feelings,measure,words\nYP-1,2026-06-01,5,Calm;Purple,mood," + "x" * 2_001 + "\n"
    result = run("check-ins", folder.csv(text))
    assert "column feelings: “Purple” is not one of: calm, happy" in result.stderr
    assert "column measure: “mood” is not one of: faces" in result.stderr
    assert "column words: is 2,001 letters long; there is room for 2,000" in result.stderr


def test_a_young_person_of_another_council_is_not_known(folder: Folder, run: Run) -> None:
    result = run("check-ins", folder.csv(f"{HEADER}YP-1,2026-06-01,5\n"), council="trent")
    assert result.exit_code == 2
    assert "there is no young person with the reference “YP-1”" in result.stderr


def test_skipping_bad_rows_writes_the_good_ones(cast: Cast, folder: Folder, run: Run) -> None:
    result = run("check-ins", folder.csv(f"{HEADER}YP-1,2026-06-01,5\nYP-1,2026-06-01,55\n"), "--skip-bad")
    assert result.exit_code == 0
    assert len(scores_of(young_person_for(cast.young_person, cast.amina))) == 1
    assert '3,score,"“55” is no answer' in (folder.path / "file-bad-rows.csv").read_text(encoding="utf-8-sig")


def test_a_measure_for_the_whole_file_is_chosen_with_an_option(cast: Cast, folder: Folder, run: Run) -> None:
    run("check-ins", folder.csv(f"{HEADER}YP-1,2026-06-01,7\n"), "--measure", "one_to_seven")
    (scored,) = scores_of(young_person_for(cast.young_person, cast.amina))
    assert (scored.measure, scored.score_0_10) == ("one_to_seven", 10)
    assert run("check-ins", folder.csv(HEADER), "--measure", "moods").exit_code == 2
