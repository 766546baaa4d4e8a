from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import clock
from app.accounts.values import Viewer
from app.audit.models import AuditEntry
from app.checkins import services
from app.checkins.models import CheckIn
from app.checkins.queries import check_ins_visible_to, count_since, revisions_of, scores_of, scores_of_council
from app.checkins.values import CheckInDetails, NewCheckIn
from app.database import db, transaction
from app.web.errors import NotFoundError
from app.web.paging import Cursor
from app.web.typed import TooLongError
from app.young_people.queries import own_access, young_person_for
from app.young_people.services import choose_sharing
from app.young_people.values import Audience
from tests.people import Cast


def record(viewer: Viewer, answer: float = 4, **more: object) -> CheckIn:
    new = NewCheckIn(**{"id": uuid4(), "measure": "faces", "answer": answer, **more})  # type: ignore[arg-type]
    return services.record_check_in(viewer=viewer, access=own_access(viewer), new=new)


def test_the_same_id_twice_is_one_check_in_with_the_first_answer(cast: Cast) -> None:
    same = uuid4()
    with transaction():
        first = record(cast.young_person, 4, id=same)
        again = record(cast.young_person, 1, id=same)
        assert first is again
    assert db.session.execute(select(func.count()).select_from(CheckIn)).scalar_one() == 1
    assert db.session.get_one(CheckIn, same).answer == 4
    recorded = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "check_in:recorded")
    assert db.session.execute(recorded).scalar_one() == 1


def test_somebody_elses_id_is_not_theirs_to_see(cast: Cast) -> None:
    same = uuid4()
    with transaction():
        record(cast.young_person, id=same)
    with transaction(), pytest.raises(NotFoundError):
        record(cast.other_young_person, id=same)


def test_only_the_young_person_records(cast: Cast) -> None:
    access = young_person_for(cast.mentor, cast.amina)
    with transaction(), pytest.raises(NotFoundError):
        services.record_check_in(viewer=cast.mentor, access=access, new=NewCheckIn(uuid4(), "faces", 3))


@pytest.mark.parametrize(("measure", "answer"), [("faces", 0), ("faces", 6), ("faces", 2.5), ("scale", 11), ("x", 1)])
def test_an_unknown_answer_is_refused(cast: Cast, measure: str, answer: float) -> None:
    with transaction(), pytest.raises(services.UnknownAnswerError):
        record(cast.young_person, answer, measure=measure)


def test_a_moment_to_come_is_refused(cast: Cast) -> None:
    with transaction(), pytest.raises(services.FutureDateError, match="not come yet"):
        record(cast.young_person, at=clock.now() + timedelta(days=1))


def test_too_many_words_are_refused_with_the_room_there_is(cast: Cast) -> None:
    with transaction(), pytest.raises(TooLongError, match="2,001 letters"):
        record(cast.young_person, words="a" * 2001)


def test_the_question_about_anxiety_is_not_put_to_somebody_who_may_be_a_child(cast: Cast) -> None:
    with transaction(), pytest.raises(services.UnknownAnswerError, match="under 16"):
        record(cast.young_person, 3, measure="ons4_anxious")


def test_what_a_check_in_said_is_kept_through_edit_and_undo(cast: Cast) -> None:
    with transaction():
        made = record(cast.young_person, 2, words="loud")
        access, own = own_access(cast.young_person), {"viewer": cast.young_person}
        details = CheckInDetails(answer=4, words="better", feelings=("calm",))
        services.add_details(**own, access=access, check_in_id=made.id, details=details)
        services.undo_check_in(**own, access=access, check_in_id=made.id)
        check_in_id = made.id
    kept = revisions_of(db.session.get_one(CheckIn, check_in_id))
    assert [(r.before["answer"], r.before["words"]) for r in kept] == [("2", "loud"), ("4", "better")]
    assert check_ins_visible_to(access, before=None, limit=9) == []
    assert scores_of(access) == []
    with transaction(), pytest.raises(NotFoundError):
        services.undo_check_in(**own, access=access, check_in_id=check_in_id)


def test_a_change_that_changes_nothing_keeps_no_history(cast: Cast) -> None:
    with transaction():
        made = record(cast.young_person, 2, words="loud")
        access = own_access(cast.young_person)
        details = CheckInDetails(words=" loud ", feelings=())
        services.add_details(viewer=cast.young_person, access=access, check_in_id=made.id, details=details)
        assert made.edited_at is None
        assert revisions_of(made) == []


def test_each_adult_sees_what_the_audience_says(cast: Cast) -> None:
    with transaction():
        ids = {audience: record(cast.young_person, audience=audience).id for audience in Audience}

    def seen_by(viewer: Viewer) -> set[UUID]:
        access = young_person_for(viewer, cast.amina)
        return {one.id for one in check_ins_visible_to(access, before=None, limit=9)}

    assert seen_by(cast.young_person) == set(ids.values())
    assert seen_by(cast.mentor) == set(ids.values()) - {ids[Audience.ONLY_ME]}
    assert seen_by(cast.parent_carer) == {ids[Audience.PARENT_CARER], ids[Audience.TEAM]}
    for stranger in (cast.unrelated_mentor, cast.other_council_staff, cast.council_staff, cast.other_young_person):
        with pytest.raises(NotFoundError):
            young_person_for(stranger, cast.amina)


def test_pages_go_on_from_the_last_one_even_within_one_moment(cast: Cast) -> None:
    moment = clock.now() - timedelta(days=1)
    with transaction():
        wanted = {record(cast.young_person, at=moment).id for _ in range(5)}
    access, seen, before = own_access(cast.young_person), list[UUID](), None
    while page := check_ins_visible_to(access, before=before, limit=2):
        seen += [one.id for one in page]
        before = Cursor(page[-1].at, page[-1].id)
    assert len(seen) == 5
    assert set(seen) == wanted
    assert count_since(access, moment) == 5
    assert count_since(access, moment + timedelta(seconds=1)) == 0


def test_scores_stand_on_one_scale_and_leave_other_questions_out(cast: Cast) -> None:
    with transaction():
        record(cast.young_person, 1, at=clock.now() - timedelta(minutes=3))
        record(cast.young_person, 4, at=clock.now() - timedelta(minutes=2), measure="one_to_seven")
        record(cast.young_person, 9, at=clock.now() - timedelta(minutes=1), measure="scale")
        record(cast.young_person, 9, measure="ons4_happy")
    assert [one.score_0_10 for one in scores_of(own_access(cast.young_person))] == [0, 5, 9]


def test_many_at_once_are_written_once_and_audited_for_each_person(cast: Cast) -> None:
    ben = cast.other_young_person.young_person_id
    assert ben is not None
    rows = [(cast.amina, NewCheckIn(uuid4(), "one_to_seven", 1 + n % 7)) for n in range(30)]
    rows += [(ben, NewCheckIn(uuid4(), "one_to_seven", 7, words="walked"))]
    with transaction():
        assert services.record_check_ins_in_bulk(council_id=cast.council_id, actor=None, rows=rows) == 31
    with transaction():
        assert services.record_check_ins_in_bulk(council_id=cast.council_id, actor=None, rows=rows) == 0
    scores = scores_of_council(cast.council_id)
    assert len(scores) == 31
    assert {s.score_0_10 for s in scores if s.young_person_id == ben} == {10}
    imported = select(AuditEntry.young_person_id).where(AuditEntry.action == "check_ins:imported")
    assert set(db.session.execute(imported).scalars()) == {cast.amina, ben}
    assert check_ins_visible_to(own_access(cast.other_young_person), before=None, limit=1)[0].words == "walked"


def test_one_bad_row_among_many_writes_nothing(cast: Cast) -> None:
    rows = [(cast.amina, NewCheckIn(uuid4(), "faces", answer)) for answer in (1, 9)]
    with transaction(), pytest.raises(services.UnknownAnswerError):
        services.record_check_ins_in_bulk(council_id=cast.council_id, actor=None, rows=rows)
    assert scores_of_council(cast.council_id) == []


def test_rows_for_another_councils_young_person_are_refused(cast: Cast) -> None:
    rows = [(cast.amina, NewCheckIn(uuid4(), "faces", 3))]
    with transaction(), pytest.raises(NotFoundError):
        services.record_check_ins_in_bulk(council_id=cast.other_council_id, actor=None, rows=rows)


def test_somebody_who_opts_out_is_in_no_group_figure(app: Flask, cast: Cast) -> None:
    assert app
    with transaction():
        record(cast.young_person, audience=Audience.ONLY_ME)
        record(cast.other_young_person)
    assert {s.young_person_id for s in scores_of_council(cast.council_id)} >= {cast.amina}
    with transaction():
        choose_sharing(
            viewer=cast.young_person,
            default_audience=Audience.MENTOR,
            profile_audience=Audience.TEAM,
            shares_profile_with_providers=False,
            in_group_figures=False,
        )
    assert cast.amina not in {s.young_person_id for s in scores_of_council(cast.council_id)}
