"""The caseload: who comes first, and the words that say why."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, select

from app.accounts.models import Account
from app.accounts.values import Viewer
from app.audit.models import AuditEntry
from app.dashboards.caseload import Need, Reason, fall, on_a_break, reason_for, silence
from app.database import db, transaction
from app.prompts.services import pause
from app.safeguarding.services import acknowledge, raise_concern
from app.timeline.values import Score
from app.young_people.queries import own_access, young_person_for
from app.young_people.services import add_young_person, tie_adult
from app.young_people.values import Audience, Tie
from tests.capabilities.prompts.agreed import agree
from tests.capabilities.timeline.records import check_in
from tests.conftest import SignIn
from tests.people import Cast, details, young_viewer

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TODAY = NOW.date()


def every(days: int, start: int, end: int, *values: float) -> list[Score]:
    """Return scores from `start` to `end` days ago, oldest first, going round the values."""
    at = range(start, end - 1, -days)
    return [Score(NOW - timedelta(days=day), values[n % len(values)]) for n, day in enumerate(at)]


def test_a_clear_fall_below_ones_own_level_is_said_with_both_levels() -> None:
    found = fall([*every(3, 68, 15, 6, 7), *every(3, 13, 1, 3, 4)], NOW)
    assert found is not None
    assert found.words == "Mood lower for two weeks: about 3.4 out of 10, against 6.5 before."
    assert "A dip can pass by itself." in found.detail


@pytest.mark.parametrize(
    "scores",
    [
        every(3, 68, 1, 6, 7),
        [*every(3, 68, 15, 6, 7), *every(3, 13, 1, 8)],
        [*every(3, 68, 15, 0, 10), *every(5, 13, 1, 3.5)],
        [*every(3, 68, 15, 6), *every(10, 12, 1, 1)],
        [*every(30, 68, 15, 6), *every(3, 13, 1, 1)],
        [*every(3, 68, 15, 6), *every(3, 13, 1, 5.5)],
    ],
    ids=["level", "rise", "usual swings", "too few lately", "too few before", "too small"],
)
def test_nothing_is_called_a_fall_that_is_not_clear(scores: list[Score]) -> None:
    assert fall(scores, NOW) is None


def test_many_check_ins_on_one_bad_day_count_as_one_day() -> None:
    bad_day = [Score(NOW - timedelta(days=2, minutes=n), 0) for n in range(40)]
    assert fall([*every(3, 68, 15, 6), *reversed(bad_day)], NOW) is None


def days_ago(*days: int) -> list[date]:
    return sorted(TODAY - timedelta(days=day) for day in days)


def test_silence_is_measured_against_ones_own_habit() -> None:
    found = silence(days_ago(12, 14, 16, 18, 20), TODAY)
    assert found is not None
    assert found.words == "No check-in shared with you for 12 days; before that, about every 2 days."
    assert silence(days_ago(12, 24, 36, 48), TODAY) is None
    assert silence(days_ago(7, 8, 9, 10), TODAY) is None
    assert silence(days_ago(90, 91), TODAY) is None


def test_a_call_for_help_comes_before_a_fall_and_a_fall_before_silence() -> None:
    low = [*every(3, 68, 15, 6, 7), *every(3, 13, 1, 2)]
    quiet = days_ago(20, 21, 22, 23)
    asked = reason_for(asked_at=NOW - timedelta(hours=2), scores=low, days=quiet, moment=NOW)
    assert (asked.need, asked.words) == (Need.CONCERN, "Asked for help today at 10am. Nobody has answered yet.")
    assert reason_for(asked_at=None, scores=low, days=quiet, moment=NOW).need is Need.FALL
    assert reason_for(asked_at=None, scores=[], days=quiet, moment=NOW).need is Need.SILENCE
    calm = reason_for(asked_at=None, scores=[], days=days_ago(1, 2, 3, 4), moment=NOW)
    assert (calm.need, calm.words) == (Need.NOTHING, "Nothing new that needs you.")


@pytest.mark.parametrize(
    ("need", "until", "is_left"),
    [
        (Need.CONCERN, NOW, True),
        (Need.FALL, NOW, True),
        (Need.SILENCE, NOW, False),
        (Need.SILENCE, None, True),
        (Need.MISSED, None, False),
    ],
)
def test_no_answer_is_no_signal_on_an_agreed_break(need: Need, until: datetime | None, *, is_left: bool) -> None:
    found = on_a_break(Reason(need, "Why"), until)
    assert found.need is (need if is_left else Need.NOTHING)
    assert ("agreed break" in found.words + found.detail) is (need >= Need.SILENCE)


def add_to_caseload(cast: Cast, *names: str) -> dict[str, Viewer]:
    people = {}
    with transaction():
        mentor = db.session.get_one(Account, cast.mentor.account_id)
        for name in names:
            person = add_young_person(council_id=cast.council_id, details=details(f"YP-{name}", name), actor=None)
            tie_adult(person=person, account=mentor, tie=Tie.MENTOR, actor=None)
            people[name] = young_viewer(person)
    return people


def order_of(text: str, *names: str) -> list[str]:
    places = {name: text.find(f">{name}</a>") for name in names}
    assert min(places.values()) > 0
    return sorted(names, key=lambda name: places[name])


def test_the_page_puts_those_who_need_attention_first_and_writes_down_the_look(cast: Cast, sign_in: SignIn) -> None:
    viewers = add_to_caseload(cast, "Zed", "Quiet", "Calm")
    for day in (12, 14, 16, 18):
        check_in(viewers["Quiet"], days=day)
    for day in (1, 3, 5, 7):
        check_in(viewers["Calm"], days=day)
    with transaction():
        zed = viewers["Zed"]
        access = young_person_for(zed, zed.young_person_id or zed.account_id)
        concern_id = raise_concern(viewer=zed, access=access, words="Help").id
    client = sign_in(cast.mentor)
    text = client.get("/caseload").text
    assert order_of(text, "Zed", "Quiet", "Amina", "Calm") == ["Zed", "Quiet", "Amina", "Calm"]
    assert "1 with a call for help; 1 quiet for longer than usual; 4 in all." in text
    assert "Ben" not in text
    assert f'href="/young-people/{cast.amina}"' in text
    with transaction():
        mentors = young_person_for(cast.mentor, access.young_person_id)
        acknowledge(viewer=cast.mentor, access=mentors, concern_id=concern_id)
    assert order_of(client.get("/caseload").text, "Zed", "Quiet")[0] == "Quiet"
    query = select(AuditEntry).where(AuditEntry.action == "caseload:seen", AuditEntry.young_person_id == cast.amina)
    assert len(list(db.session.execute(query).scalars())) == 2


def test_the_page_does_not_call_somebody_on_a_break_quiet(cast: Cast, sign_in: SignIn) -> None:
    viewer = add_to_caseload(cast, "Resting")["Resting"]
    for day in (12, 14, 16, 18):
        check_in(viewer, days=day)
    client = sign_in(cast.mentor)
    assert "1 quiet for longer than usual" in client.get("/caseload").text
    agree(viewer)
    with transaction():
        pause(viewer=viewer, access=own_access(viewer), for_a_week=True)
    text = client.get("/caseload").text
    assert "quiet for longer than usual" not in text
    assert "On an agreed break from being asked, until " in text


def test_only_me_neither_orders_nor_shows(cast: Cast, sign_in: SignIn) -> None:
    for day in range(15, 60, 3):
        check_in(cast.young_person, days=day, answer=5, audience=Audience.MENTOR)
    for day in (1, 3, 5, 7):
        check_in(cast.young_person, days=day, answer=1, audience=Audience.ONLY_ME)
    text = sign_in(cast.mentor).get("/caseload").text
    assert "Mood lower" not in text
    assert "No check-in shared with you for 15 days; before that, about every 3 days." in text
    assert "Last check-in 15 days ago" in text


def test_a_parent_carer_sees_their_family_without_concerns(cast: Cast, sign_in: SignIn) -> None:
    with transaction():
        own = young_person_for(cast.young_person, cast.amina)
        raise_concern(viewer=cast.young_person, access=own, words="Help")
    text = sign_in(cast.parent_carer).get("/caseload").text
    assert "My family" in text
    assert "Amina" in text
    assert "sked for help" not in text


def test_the_number_of_queries_grows_by_two_for_each_young_person_read(cast: Cast, sign_in: SignIn) -> None:
    def statements() -> int:
        counted: list[str] = []

        def count(_c: object, _u: object, statement: str, *_rest: object) -> None:
            if statement.startswith("SELECT") and "audit" not in statement:
                counted.append(statement)

        client = sign_in(cast.mentor)
        event.listen(db.engine, "before_cursor_execute", count)
        assert client.get("/caseload").status_code == 200
        event.remove(db.engine, "before_cursor_execute", count)
        return len(counted)

    with_one = statements()
    add_to_caseload(cast, *(f"Person {n}" for n in range(10)))
    assert statements() - with_one <= 2 * 10
