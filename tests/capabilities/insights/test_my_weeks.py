"""A young person's own weeks, year and better days, and that nobody else reads them."""

import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import numpy as np
import pytest
from flask.testing import FlaskClient

from app import clock
from app.checkins.services import record_check_in, undo_check_in
from app.checkins.values import NewCheckIn
from app.database import transaction
from app.insights.own_weeks import first_moment
from app.insights.queries import own_check_ins
from app.web.errors import NotFoundError
from app.young_people.queries import own_access, young_person_for
from app.young_people.values import Audience
from tests.conftest import SignIn
from tests.people import Cast

PATH = "/me/my-weeks"


def check_in(cast: Cast, days_ago: int, face: int, *going_on: str, who_with: tuple[str, ...] = ()) -> None:
    new = NewCheckIn(
        uuid4(),
        "faces",
        face,
        at=clock.now() - timedelta(days=days_ago),
        audience=Audience.ONLY_ME,
        going_on=going_on,
        who_with=who_with,
    )
    record_check_in(viewer=cast.young_person, access=own_access(cast.young_person), new=new)


def read(client: FlaskClient) -> str:
    response = client.get(PATH)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", unescape(response.text))


def test_somebody_new_is_told_that_there_is_nothing_yet(cast: Cast, sign_in: SignIn) -> None:
    text = read(sign_in(cast.young_person))
    assert "Nothing yet" in text
    assert "<table" not in text


def test_weeks_and_days_are_told_in_words_and_by_shape(cast: Cast, sign_in: SignIn) -> None:
    with transaction():
        check_in(cast, 0, 5)
        check_in(cast, 1, 1)
        check_in(cast, 200, 4)
    text = read(sign_in(cast.young_person))
    table = text[text.index("<table") : text.index("</table>")]
    assert [table.count(f'class="day-{level}"') for level in (1, 4, 5)] == [1, 1, 1]
    today = clock.today()
    row = re.search(rf'<th scope="row">{today.day}</th>(.*?)</tr>', table)
    assert row is not None
    cells = re.findall(r"<td>(.*?)</td>", row[1])
    assert len(cells) == 12
    assert "really good" in cells[-1]
    assert table.count("no face") == _days_of_the_year() - 3
    assert "week of" in text
    assert "streak" not in text


def _days_of_the_year() -> int:
    return (clock.today() - first_moment().date()).days + 1


def test_a_day_taken_back_is_gone(cast: Cast, sign_in: SignIn) -> None:
    with transaction():
        check_in(cast, 0, 5)
        check_in(cast, 3, 2)
        newest = own_check_ins(own_access(cast.young_person), since=first_moment())[1][0]
        undo_check_in(viewer=cast.young_person, access=own_access(cast.young_person), check_in_id=newest.id)
    table = read(sign_in(cast.young_person))
    assert table.count('class="day-5"></i><span') == 0
    assert table.count('class="day-2"></i><span') == 1


def test_better_days_are_told_carefully_where_there_is_enough(cast: Cast, sign_in: SignIn) -> None:
    with transaction():
        for n, draw in enumerate(np.random.default_rng(3).permutation(60)):
            if draw < 20:
                check_in(cast, 2 * n, 5, "friends", who_with=("pet",))
            else:
                check_in(cast, 2 * n, 2 + n % 2, "school", who_with=("alone",))
    text = read(sign_in(cast.young_person))
    assert "Going on: Friends. It was so on 20 days, and not on 40." in text
    assert "With: a pet. It was so on 20 days, and not on 40." in text
    assert "It may be chance." in text
    assert "School." not in text


def test_too_few_days_say_so_and_ask_for_nothing(cast: Cast, sign_in: SignIn) -> None:
    with transaction():
        for n in range(12):
            check_in(cast, 2 * n, 1 + n % 5, "friends")
    text = read(sign_in(cast.young_person))
    assert "There is not enough here yet to tell." in text
    assert "It may be chance." not in text


def test_nothing_that_stands_out_is_said_as_such(cast: Cast, sign_in: SignIn) -> None:
    with transaction():
        for n in range(60):
            check_in(cast, 2 * n, 3, "friends" if n % 2 else "school")
    assert "We looked, and nothing stands out." in read(sign_in(cast.young_person))


def test_it_is_for_nobody_else(cast: Cast, sign_in: SignIn) -> None:
    with pytest.raises(NotFoundError):
        own_check_ins(young_person_for(cast.mentor, cast.amina), since=first_moment())
    for viewer in (cast.mentor, cast.parent_carer, cast.council_staff):
        assert sign_in(viewer).get(PATH).status_code == 404
