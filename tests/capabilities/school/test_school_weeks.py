from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.clock import today
from app.database import db, transaction
from app.timeline.queries import story_of
from app.web.errors import NotFoundError
from app.young_people.models import SchoolWeek
from app.young_people.queries import own_record, young_person_for
from app.young_people.school import Band, NotAWeekError, SchoolWeekSaid, band_of, monday_of
from app.young_people.school_queries import school_access_for, school_weeks_of, school_weeks_of_council
from app.young_people.school_services import record_school_week
from tests.conftest import SignIn
from tests.people import Cast

MONDAY = monday_of(today()) - timedelta(weeks=2)


def week(
    possible: int | None, attended: int | None, monday: date = MONDAY, *, full_time: bool = False
) -> SchoolWeekSaid:
    return SchoolWeekSaid(monday, possible, attended, full_time=full_time)


def record(cast: Cast, said: SchoolWeekSaid) -> None:
    with transaction():
        record_school_week(viewer=cast.mentor, access=school_access_for(cast.mentor, cast.amina), week=said)


@pytest.mark.parametrize(
    ("share", "full_time", "band"),
    [
        (0.0, False, Band.UNDER_10),
        (0.1, True, Band.BETWEEN),
        (0.8, True, Band.BETWEEN),
        (0.81, False, Band.OVER_80),
        (0.81, True, Band.FULL_TIME),
        (0.09, True, Band.UNDER_10),
    ],
)
def test_the_bands_are_under_10_over_80_and_full_time(share: float, band: Band, *, full_time: bool) -> None:
    assert band_of(share, full_time=full_time) is band


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (week(10, 11), "attended"),
        (week(10, None), "attended"),
        (week(0, 0), "possible"),
        (week(15, 3), "possible"),
        (week(None, None), "possible"),
        (week(10, 5, today() + timedelta(weeks=1)), "week"),
        (week(10, 5, MONDAY + timedelta(days=1)), "week"),
    ],
)
def test_a_week_that_cannot_be_is_refused(cast: Cast, said: SchoolWeekSaid, field: str) -> None:
    with pytest.raises(NotAWeekError) as refused:
        record(cast, said)
    assert refused.value.field == field


def test_the_same_week_again_corrects_it_and_both_are_written_down(cast: Cast) -> None:
    for said in (week(10, 3), week(10, 3), week(None, None, full_time=True)):
        record(cast, said)
    rows = school_weeks_of(school_access_for(cast.council_staff, cast.amina))
    assert [row.said for row in rows] == [{"possible": "", "attended": "", "full_time": "yes"}]
    actions = db.session.execute(select(AuditEntry.action).where(AuditEntry.action.startswith("school_week")))
    assert list(actions.scalars()) == ["school_week:recorded", "school_week:corrected"]


def test_the_mentor_and_the_parent_carer_see_it_on_the_timeline(cast: Cast) -> None:
    record(cast, week(10, 9))
    for viewer in (cast.mentor, cast.parent_carer):
        assert [one.band for one in story_of(young_person_for(viewer, cast.amina)).school] == [Band.OVER_80]
    with pytest.raises(NotFoundError):
        school_access_for(cast.parent_carer, cast.amina)
    with pytest.raises(NotFoundError):
        school_access_for(cast.unrelated_mentor, cast.amina)


def test_group_figures_read_only_those_who_are_in_them(cast: Cast) -> None:
    record(cast, week(10, 4))
    facts = school_weeks_of_council(cast.council_id)
    assert [(fact.young_person_id, fact.monday, fact.share, fact.full_time) for fact in facts] == [
        (cast.amina, MONDAY, 0.4, False)
    ]
    assert school_weeks_of_council(cast.other_council_id) == []
    with transaction():
        own_record(cast.young_person).in_group_figures = False
        record_school_week(
            viewer=cast.mentor, access=school_access_for(cast.mentor, cast.amina), week=week(10, 5, MONDAY)
        )
    assert school_weeks_of_council(cast.council_id) == []


def test_a_mentor_saves_corrects_and_removes_a_week_on_pages(cast: Cast, sign_in: SignIn) -> None:
    mentor, path = sign_in(cast.mentor), f"/young-people/{cast.amina}/school"
    day = (MONDAY + timedelta(days=2)).isoformat()
    assert mentor.post(path, data={"week": day, "possible": "10", "attended": "8"}).location == path
    text = mentor.get(path).text
    assert "8 of 10 sessions · 10% to 80%" in text
    assert 'value="8"' in mentor.get(f"{path}?week={MONDAY.isoformat()}").text
    mentor.post(path, data={"week": day, "possible": "", "attended": "", "full_time": "y"})
    assert "All sessions · Full time" in mentor.get(path).text
    timeline = mentor.get(f"/young-people/{cast.amina}").text
    assert "School, 1 week recorded: full time in 1; latest full time." in timeline
    assert 'class="school full_time"' in timeline
    week_id = db.session.execute(select(SchoolWeek.id)).scalar_one()
    assert mentor.post(f"{path}/{week_id}/remove").status_code == 303
    assert "No week yet" in mentor.get(path).text


def test_what_was_typed_stays_with_the_reason(cast: Cast, sign_in: SignIn) -> None:
    staff, path = sign_in(cast.council_staff), f"/young-people/{cast.amina}/school"
    response = staff.post(path, data={"week": MONDAY.isoformat(), "possible": "10", "attended": "12"})
    assert response.status_code == 422
    assert "no more than there were to go to" in response.text
    assert 'value="12"' in response.text
    response = staff.post(path, data={"week": "soon", "possible": "ten"})
    assert "Choose a day." in response.text
    assert "Type a whole number, such as 7." in response.text
