from datetime import date, datetime, timedelta
from uuid import uuid4

from app import clock
from app.breaks.services import create_offer, create_session, place_young_person
from app.breaks.values import OfferDetails
from app.checkins.values import ScoredCheckIn
from app.dashboards.home import first_monday, term_start, weeks_chart
from app.database import transaction
from tests.conftest import SignIn
from tests.people import Cast

A_THURSDAY = date(2026, 11, 26)


def scored(day: date, score: float) -> ScoredCheckIn:
    return ScoredCheckIn(datetime(day.year, day.month, day.day, 12, tzinfo=clock.BRITAIN), score, "scale", uuid4())


def test_ten_weeks_begin_on_a_monday_and_end_with_this_week() -> None:
    assert first_monday(A_THURSDAY) == date(2026, 9, 21)
    assert first_monday(date(2026, 11, 29)) == date(2026, 9, 21)
    assert first_monday(date(2026, 11, 30)) == date(2026, 9, 28)


def test_a_term_is_the_one_that_the_day_is_in() -> None:
    days = (date(2026, 1, 1), date(2026, 4, 20), date(2026, 8, 31), A_THURSDAY)
    assert [term_start(day) for day in days] == [
        date(2026, 1, 1),
        date(2026, 4, 20),
        date(2026, 4, 20),
        date(2026, 9, 1),
    ]


def test_a_week_is_drawn_as_its_mean_and_a_week_without_a_check_in_as_no_score() -> None:
    scores = [scored(date(2026, 9, 21), 0), scored(date(2026, 11, 24), 5), scored(A_THURSDAY, 10)]
    chart = weeks_chart([*scores, scored(date(2026, 9, 20), 10)], A_THURSDAY)
    assert [bar.level for bar in chart.bars] == [1, *[None] * 8, 4]
    assert all(bar.y + bar.height == chart.height for bar in chart.bars)
    assert chart.bars[-1].height > chart.bars[0].height
    assert chart.in_words.endswith("week of 21 Sep: really hard; week of 23 Nov: good.")


def test_nothing_is_drawn_where_there_is_nothing() -> None:
    assert weeks_chart([], A_THURSDAY).is_empty


def test_the_next_break_is_on_home_and_all_of_them_on_a_page(cast: Cast, sign_in: SignIn) -> None:
    starts, staff = clock.now() + timedelta(days=2), cast.council_staff
    with transaction():
        details = OfferDetails(name="Climbing club", place="Mill Lane", what_it_is_like="Quiet room all session")
        offer = create_offer(council_id=cast.council_id, provider_id=cast.provider_id, details=details, actor=staff)
        for week in range(2):
            begins = starts + timedelta(weeks=week)
            create_session(
                offer=offer,
                starts_at=begins,
                ends_at=begins + timedelta(hours=1),
                who_will_be_there="Dan",
                actor=staff,
            )
        place_young_person(offer=offer, young_person_id=cast.amina, referred_on=None, actor=staff)
    phone = sign_in(cast.young_person)
    assert phone.get("/home").text.count("Climbing club") == 1
    text = phone.get("/my-breaks").text
    assert text.count("Climbing club") == 2
    for words in ("Mill Lane", "Dan", "Quiet room all session", "Peak Wall"):
        assert words in text
    assert "Climbing club" not in sign_in(cast.other_young_person).get("/my-breaks").text
