from datetime import UTC, date, datetime, time, timedelta

import pytest

from app.audit.models import AuditEntry
from app.breaks import queries, services
from app.breaks.models import Placement, Session
from app.breaks.values import AttendanceRow, AttendanceStatus, OfferDetails, SessionTimes
from app.clock import NoSuchTimeError, from_britain
from app.database import db, transaction
from app.young_people.models import YoungPerson
from app.young_people.queries import young_person_for
from app.young_people.services import add_young_person
from tests.capabilities.breaks.places import LAST_TUESDAY, REFERRED, attendances, make_break
from tests.people import Cast, details

CAME, PART, DID_NOT_COME = AttendanceStatus


def actions(prefix: str) -> list[str]:
    query = db.select(AuditEntry.action).where(AuditEntry.action.startswith(prefix)).order_by(AuditEntry.sequence)
    return list(db.session.execute(query).scalars())


def stranger(cast: Cast) -> YoungPerson:
    with transaction():
        return add_young_person(council_id=cast.other_council_id, details=details("YP-9", "Zed"), actor=None)


def test_recording_the_same_twice_keeps_one_line_and_one_audit_entry(cast: Cast) -> None:
    made = make_break(cast)
    for _ in range(2):
        with transaction():
            services.record_attendance(
                session=made.session, young_person_id=cast.amina, status=CAME, actor=cast.provider
            )
    assert [a.status for a in attendances()] == [CAME]
    assert actions("attendance:") == ["attendance:recorded_came"]


def test_a_correction_replaces_the_line_and_the_trail_keeps_both(cast: Cast) -> None:
    made = make_break(cast)
    for status in (CAME, DID_NOT_COME):
        with transaction():
            services.record_attendance(
                session=made.session, young_person_id=cast.amina, status=status, actor=cast.council_staff
            )
    assert [(a.status, a.recorded_by) for a in attendances()] == [(DID_NOT_COME, cast.council_staff.account_id)]
    assert actions("attendance:") == ["attendance:recorded_came", "attendance:recorded_did_not_come"]


def test_another_councils_young_person_cannot_be_placed_or_recorded(cast: Cast) -> None:
    made, zed = make_break(cast), stranger(cast).id
    with pytest.raises(services.AnotherCouncilError), transaction():
        services.place_young_person(offer=made.offer, young_person_id=zed, referred_on=None, actor=None)
    with pytest.raises(services.AnotherCouncilError), transaction():
        services.record_attendance(session=made.session, young_person_id=zed, status=CAME, actor=None)
    for council_id in (cast.council_id, cast.other_council_id):
        with pytest.raises(services.AnotherCouncilError), transaction():
            services.record_attendance_in_bulk(
                council_id=council_id, actor=None, rows=[AttendanceRow(made.session_id, zed)]
            )
    assert attendances() == []


def test_a_provider_of_another_council_cannot_be_given_an_offer(cast: Cast) -> None:
    with pytest.raises(services.AnotherCouncilError), transaction():
        services.create_offer(
            council_id=cast.other_council_id,
            provider_id=cast.provider_id,
            details=OfferDetails("Climbing"),
            actor=None,
        )


def test_bulk_records_new_lines_and_corrections_and_counts_them_once(cast: Cast) -> None:
    made = make_break(cast)
    ben = cast.other_young_person.young_person_id
    assert ben is not None
    rows = [AttendanceRow(made.session_id, cast.amina, PART), AttendanceRow(made.session_id, ben)]
    with transaction():
        assert services.record_attendance_in_bulk(council_id=cast.council_id, actor=None, rows=rows) == 2
    with transaction():
        assert services.record_attendance_in_bulk(council_id=cast.council_id, actor=None, rows=rows) == 0
    rows[0] = AttendanceRow(made.session_id, cast.amina, DID_NOT_COME)
    with transaction():
        assert services.record_attendance_in_bulk(council_id=cast.council_id, actor=None, rows=rows) == 1
    assert {a.young_person_id: a.status for a in attendances()} == {cast.amina: DID_NOT_COME, ben: CAME}
    assert actions("attendance:") == ["attendance:recorded_in_bulk"] * 3


def test_placing_again_corrects_the_referral_date_and_reopens(cast: Cast) -> None:
    made = make_break(cast)
    placement = db.session.execute(db.select(Placement)).scalar_one()
    with transaction():
        services.end_placement(placement=placement, ended_on=date(2026, 10, 1), actor=cast.council_staff)
    with transaction():
        services.place_young_person(
            offer=made.offer, young_person_id=cast.amina, referred_on=None, actor=cast.council_staff
        )
    placement = db.session.execute(db.select(Placement)).scalar_one()
    assert (placement.referred_on, placement.ended_on) == (REFERRED, None)


def test_weekly_sessions_keep_their_british_time_over_the_change_of_clocks(cast: Cast) -> None:
    made = make_break(cast)
    times = SessionTimes(date(2026, 10, 20), time(17), time(19), weeks=2)
    with transaction():
        services.create_weekly_sessions(
            offer=made.offer, times=times, place="", who_will_be_there="", actor=cast.provider
        )
    query = db.select(Session.starts_at).where(Session.starts_at > LAST_TUESDAY + timedelta(days=1))
    assert list(db.session.execute(query.order_by(Session.starts_at)).scalars()) == [
        datetime(2026, 10, 20, 16, tzinfo=UTC),
        datetime(2026, 10, 27, 17, tzinfo=UTC),
    ]


def test_a_time_that_the_clocks_skip_is_refused_and_a_repeated_one_is_the_first() -> None:
    with pytest.raises(NoSuchTimeError):
        from_britain(datetime(2026, 3, 29, 1, 30))  # noqa: DTZ001 (a British clock's time)
    first = from_britain(datetime(2026, 10, 25, 1, 30))  # noqa: DTZ001 (a British clock's time)
    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_two_sessions_at_one_time_and_one_that_ends_first_are_refused(cast: Cast) -> None:
    made = make_break(cast)
    with pytest.raises(services.SessionExistsError), transaction():
        services.create_session(
            offer=made.offer, starts_at=LAST_TUESDAY, ends_at=LAST_TUESDAY + timedelta(hours=1), actor=None
        )
    with pytest.raises(services.BackToFrontError), transaction():
        services.create_session(
            offer=made.offer, starts_at=LAST_TUESDAY, ends_at=LAST_TUESDAY - timedelta(hours=1), actor=None
        )


def test_sessions_attended_page_by_key_newest_first_and_make_a_band(cast: Cast) -> None:
    made = make_break(cast)
    with transaction():
        for week in range(5):
            starts_at = LAST_TUESDAY - timedelta(weeks=week + 1)
            session = services.create_session(
                offer=made.offer, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2), actor=None
            )
            status = DID_NOT_COME if week == 4 else CAME
            services.record_attendance(session=session, young_person_id=cast.amina, status=status, actor=None)
    access = young_person_for(cast.mentor, cast.amina)
    first = queries.sessions_attended(access, limit=3)
    rest = queries.sessions_attended(access, before=first[-1].cursor, limit=3)
    assert [s.at for s in [*first, *rest]] == [LAST_TUESDAY - timedelta(weeks=week + 1) for week in range(4)]


def test_coming_sessions_are_those_of_offers_with_a_place(cast: Cast) -> None:
    made = make_break(cast)
    soon = datetime.now(UTC).replace(microsecond=0) + timedelta(days=3)
    with transaction():
        session = services.create_session(
            offer=made.offer, starts_at=soon, ends_at=soon + timedelta(hours=1), who_will_be_there="Sam", actor=None
        )
    (coming,) = queries.coming_sessions(young_person_for(cast.young_person, cast.amina))
    assert (coming.session_id, coming.place, coming.who_will_be_there) == (session.id, "Peak Wall", "Sam")
    assert coming.starts_at == soon
    ben = cast.other_young_person.young_person_id
    assert ben is not None
    assert queries.coming_sessions(young_person_for(cast.other_young_person, ben)) == []


def test_group_figures_hear_of_attendance_and_referrals_except_of_those_who_opted_out(cast: Cast) -> None:
    made = make_break(cast)
    ben = cast.other_young_person.young_person_id
    assert ben is not None
    with transaction():
        rows = [AttendanceRow(made.session_id, cast.amina), AttendanceRow(made.session_id, ben)]
        services.record_attendance_in_bulk(council_id=cast.council_id, actor=None, rows=rows)
        db.session.get_one(YoungPerson, ben).in_group_figures = False
    facts = queries.attendance_of_council(cast.council_id)
    assert [(facts.people[who], facts.sessions[what]) for who, what in facts.attended] == [
        (cast.amina, (made.offer_id, LAST_TUESDAY))
    ]
    assert ben not in facts.people
    assert [(r.young_person_id, r.referred_on) for r in facts.referrals] == [(cast.amina, REFERRED)]
    assert [(o.name, o.cost_per_place) for o in facts.offers] == [("Canoeing", None), ("Climbing club", 3800)]
    assert queries.attendance_of_council(cast.other_council_id).attended == []
