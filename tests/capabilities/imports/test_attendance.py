from datetime import UTC, date, datetime

from app.breaks.models import Attendance, Offer, Placement, Provider, Session
from app.breaks.values import AttendanceStatus
from app.database import db
from tests.capabilities.imports.sheets import Folder, Run, counts
from tests.people import Cast

HEADER = "person,intervention,at,provider,cost_per_place,status,referred_on\n"
THREE = (
    HEADER
    + "YP-1,Climbing,2026-06-02T16:00,Peak Wall,£38,came,2026-05-01\n"
    + "YP-2,Climbing,2026-06-02T16:00,Peak Wall,38.00,did not come,\n"
    + "YP-1,Canoeing,2026-06-03,,,,\n"
)


def test_offers_sessions_places_and_registers_are_made(cast: Cast, folder: Folder, run: Run) -> None:
    result = run("attendance", folder.csv(THREE))
    assert "Read 3 rows. Added 3 attendances, changed 0; 0 were there already." in result.stdout, result.output
    query = db.select(Offer.name, Offer.cost_per_place, Provider.name).join(Provider, Provider.id == Offer.provider_id)
    offers = {row[0]: (row[1], row[2]) for row in db.session.execute(query)}
    assert offers == {"Climbing": (3800, "Peak Wall"), "Canoeing": (None, "Provider not known")}
    starts = db.session.execute(db.select(Session.starts_at).order_by(Session.starts_at)).scalars()
    assert list(starts) == [datetime(2026, 6, 2, 15, tzinfo=UTC), datetime(2026, 6, 3, 11, tzinfo=UTC)]
    statuses = db.session.execute(db.select(Attendance.status).order_by(Attendance.status)).scalars()
    assert list(statuses) == [AttendanceStatus.CAME, AttendanceStatus.CAME, AttendanceStatus.DID_NOT_COME]
    placement = db.session.execute(db.select(Placement)).scalar_one()
    assert (placement.young_person_id, placement.referred_on) == (cast.amina, date(2026, 5, 1))


def test_a_second_run_adds_nothing_and_a_correction_changes_one(cast: Cast, folder: Folder, run: Run) -> None:
    assert cast
    run("attendance", folder.csv(THREE))
    before = counts()
    result = run("attendance", folder.csv(THREE))
    assert "Added 0 attendances, changed 0; 3 were there already." in result.stdout
    assert counts() == before
    result = run("attendance", folder.csv(THREE.replace("did not come", "part")))
    assert "Added 0 attendances, changed 1; 2 were there already." in result.stdout
    assert counts() == before


def test_a_workbook_gives_the_same_attendance(cast: Cast, folder: Folder, run: Run) -> None:
    assert cast
    run("attendance", folder.csv(THREE))
    rows: list[list[object]] = [
        [*HEADER.strip().split(",")],
        ["YP-1", "climbing", datetime(2026, 6, 2, 16), "Peak Wall", 38, "Came", date(2026, 5, 1)],  # noqa: DTZ001 (Excel)
        ["YP-2", "Climbing", "2026-06-02T16:00", None, 38.0, "no", None],
    ]
    before = counts()
    result = run("attendance", folder.xlsx(rows))
    assert "Added 0 attendances, changed 0; 2 were there already." in result.stdout, result.output
    assert counts() == before


def test_the_public_format_with_three_columns_is_enough(folder: Folder, run: Run) -> None:
    result = run(
        "attendance", folder.csv("person,intervention,at\nYP-1,Climbing,2026-06-02\nYP-1,Climbing,2026-06-02\n")
    )
    assert "Added 1 attendance, changed 0; 1 were there already." in result.stdout


BAD_ROWS = (
    ("YP-1,,2026-06-02,,,,", "intervention: is empty"),
    ("YP-1,Climbing,2126-06-02,,,,", "at: “2126-06-02” is in the future"),
    ("YP-1,Climbing,2026-06-02,,lots,,", "cost_per_place: “lots” is not a sum in pounds"),
    ("YP-1,Climbing,2026-06-02,,-5,,", "cost_per_place: “-5” is not a sum in pounds"),
    ("YP-1,Climbing,2026-06-02,,,perhaps,", "status: “perhaps” is not one of: came, yes, part"),
    ("YP-1,Climbing,2026-06-02,,,,2126-01-01", "referred_on: “2126-01-01” is in the future"),
    ("YP-2,Climbing,2026-06-01T16:00,,40,,", "cost_per_place: “40” does not agree with line 2"),
    ("YP-1,Climbing,2026-06-01T16:00,,,no,", "status: “no” does not agree with line 2"),
    ("YP-2,climbing,2026-06-01T16:00,River Trust,,,", "provider: “River Trust” does not agree with line 2"),
    ("YP-9,Climbing,2026-06-02,,,,", "person: there is no young person"),
)


def test_every_bad_row_is_named_and_nothing_is_written(folder: Folder, run: Run) -> None:
    before = counts()
    good = f"{HEADER}YP-1,Climbing,2026-06-01T16:00,Peak Wall,38,came,2026-05-01\n"
    result = run("attendance", folder.csv(good + "".join(f"{row}\n" for row, _ in BAD_ROWS)))
    assert result.exit_code == 2
    for line, (_, problem) in enumerate(BAD_ROWS, 3):
        assert f"line {line}, column {problem}" in result.stderr
    assert counts() == before


def test_an_offer_stays_with_who_runs_it_and_takes_a_new_cost(cast: Cast, folder: Folder, run: Run) -> None:
    assert cast
    run("attendance", folder.csv(THREE))
    other = f"{HEADER}YP-1,Climbing,2026-06-09T16:00,River Trust,,,\n"
    assert "“Climbing” is run by “Peak Wall” already" in run("attendance", folder.csv(other)).stderr
    assert run("attendance", folder.csv(f"{HEADER}YP-1,Climbing,2026-06-09T16:00,,41.50,,\n")).exit_code == 0
    db.session.rollback()
    query = db.select(Offer.cost_per_place).where(Offer.name == "Climbing")
    assert db.session.execute(query).scalar_one() == 4150
