"""The merged list: nothing lost, nothing doubled, whatever moments entries share."""

from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from flask import Flask

from app.checkins.services import record_check_ins_in_bulk
from app.checkins.values import NewCheckIn
from app.database import db, transaction
from app.feed.models import Post
from app.goals.services import rate_goal, set_goal
from app.timeline.cursors import cursor_from_url, cursor_in_url
from app.timeline.queries import Entry, entries_visible_to
from app.timeline.values import Kind
from app.web.errors import NotFoundError
from app.web.paging import Cursor
from app.young_people.queries import young_person_for
from app.young_people.services import add_life_event, write_note
from app.young_people.values import Audience
from tests.capabilities.timeline.records import NOW, ago, came_to
from tests.people import Cast


def fill(cast: Cast) -> None:
    """Put 60 check-ins, 20 posts, notes, goals and sessions on four moments only."""
    moments = [ago(1), ago(2), ago(3), ago(4)]
    rows = [(cast.amina, NewCheckIn(uuid4(), "faces", 3, moments[n % 4], Audience.MENTOR)) for n in range(60)]
    with transaction():
        record_check_ins_in_bulk(council_id=cast.council_id, actor=None, rows=rows)
        for n in range(20):
            db.session.add(
                Post(
                    council_id=cast.council_id,
                    young_person_id=cast.amina,
                    author_id=cast.young_person.account_id,
                    audience=Audience.TEAM,
                    at=moments[n % 4],
                    words=f"Post {n}",
                )
            )
        access = young_person_for(cast.mentor, cast.amina)
        for n in range(8):
            write_note(viewer=cast.mentor, access=access, words=f"Note {n}", at=moments[n % 4])
            add_life_event(viewer=cast.mentor, access=access, on=moments[n % 4].date(), title=f"Event {n}")
        own = young_person_for(cast.young_person, cast.amina)
        goal = set_goal(viewer=cast.young_person, access=own, title="Shop", audience=Audience.TEAM, at=moments[3])
        for n in range(8):
            rate_goal(viewer=cast.young_person, access=own, goal_id=goal.id, rating=n, at=moments[n % 4])
    came_to(cast, "Climbing", 1, 2, 3)


def all_pages(cast: Cast, limit: int, kinds: tuple[Kind, ...] = tuple(Kind)) -> list[list[Entry]]:
    access = young_person_for(cast.mentor, cast.amina)
    pages, cursor = [], None
    while True:
        found = entries_visible_to(access, kinds=kinds, before=cursor, limit=limit)
        pages.append(list(found.entries))
        if found.older is None:
            return pages
        cursor = found.older


@pytest.mark.parametrize("limit", [1, 7, 30, 500])
def test_paging_loses_and_doubles_nothing_where_moments_are_shared(cast: Cast, limit: int) -> None:
    fill(cast)
    pages = all_pages(cast, limit)
    entries = [entry for page in pages for entry in page]
    assert len(entries) == 60 + 20 + 8 + 8 + 1 + 8 + 3
    assert len({(entry.kind, entry.id) for entry in entries}) == len(entries)
    assert all(earlier.key >= later.key for earlier, later in pairwise(entries))
    assert all(len(page) == limit for page in pages[:-1])


def test_one_kind_pages_alone(cast: Cast) -> None:
    fill(cast)
    pages = all_pages(cast, 6, (Kind.POSTS,))
    assert [len(page) for page in pages] == [6, 6, 6, 2]
    assert {entry.kind for page in pages for entry in page} == {Kind.POSTS}


def test_a_page_that_ends_exactly_has_no_next_one(cast: Cast) -> None:
    fill(cast)
    assert len(all_pages(cast, 10, (Kind.POSTS,))) == 2


def test_what_arrives_while_somebody_pages_moves_nothing(cast: Cast) -> None:
    fill(cast)
    access = young_person_for(cast.mentor, cast.amina)
    first = entries_visible_to(access, limit=30)
    expected = entries_visible_to(access, before=first.older, limit=30)
    with transaction():
        new = NewCheckIn(uuid4(), "faces", 5, NOW, Audience.MENTOR)
        record_check_ins_in_bulk(council_id=cast.council_id, actor=None, rows=[(cast.amina, new)])
    again = entries_visible_to(young_person_for(cast.mentor, cast.amina), before=first.older, limit=30)
    assert [entry.id for entry in again.entries] == [entry.id for entry in expected.entries]


def test_a_cursor_comes_back_as_it_went_and_only_for_its_own_person(app: Flask, cast: Cast) -> None:
    cursor = Cursor(NOW, UUID(int=5))
    access = young_person_for(cast.mentor, cast.amina)
    other = young_person_for(cast.unrelated_mentor, cast.other_young_person.young_person_id or UUID(int=0))
    with app.test_request_context():
        text = cursor_in_url(access, cursor)
        assert cursor_from_url(access, text) == cursor
        assert cursor_from_url(access, None) is None
        with pytest.raises(NotFoundError):
            cursor_from_url(other, text)
        with pytest.raises(NotFoundError):
            cursor_from_url(access, text[:-2] + "xx")
