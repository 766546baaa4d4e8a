"""The made-up records themselves: deterministic, true to their faces, and with the trap in them."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from app.breaks.values import CAME
from app.demo.commands import PEOPLE, SEED
from app.demo.courses import Calendar
from app.demo.generator import NEVER, WEEKS, score_of
from app.demo.lives import Lives, face_of, make_lives, make_moods
from app.demo.material import cast, council, material
from app.demo.population import make_people
from app.demo.sentences import TONE_BY_FACE, fill
from app.demo.terms import is_holiday, monday_of
from app.demo.values import Life, Moods
from app.impact.disclosure import FIGURES_FROM

NOW = datetime(2026, 11, 25, 18, 0, tzinfo=UTC)
DERWENT = council("derwent")


@pytest.fixture(scope="module")
def lives() -> Lives:
    return make_lives(DERWENT, people=PEOPLE, now=NOW, seed=1)


@pytest.fixture(scope="module")
def moods(lives: Lives) -> Moods:
    people = make_people(DERWENT, PEOPLE, lives.calendar.today, 1)
    return make_moods(DERWENT, people, lives.calendar, 1)


def lines_of(face: int) -> set[str]:
    bank = material("check_ins")
    after = [line for offer in bank["after"].values() for line in offer["low" if face <= 2 else "high"]]
    return {line for lines in bank[f"face_{face}"].values() for line in lines} | set(after if face != 3 else ())


def by_chance(lives: Lives) -> list[Life]:
    """Everybody but Amina, whose story is written by hand."""
    return list(lives.lives[1:])


def test_the_same_moment_gives_the_same_lives() -> None:
    first, second = (make_lives(DERWENT, people=6, now=NOW, seed=1) for _ in range(2))
    assert first.lives == second.lives


def test_there_are_as_many_people_offers_and_months_as_promised(lives: Lives) -> None:
    assert len(lives.lives) == PEOPLE
    assert len(DERWENT.offers) == 8
    first = min(check_in.at for life in lives.lives for check_in in life.check_ins)
    last = max(check_in.at for life in lives.lives for check_in in life.check_ins)
    assert NOW - last < timedelta(days=2)
    assert timedelta(weeks=WEEKS - 2) < NOW - first < timedelta(weeks=WEEKS)


def test_check_ins_come_about_twice_a_week_from_most_and_seldom_from_some(lives: Lives) -> None:
    weekly = np.array([len(life.check_ins) / WEEKS for life in lives.lives])
    assert 1.5 < weekly.mean() < 2.5
    assert (weekly < 0.7).sum() >= 5
    assert (weekly > 3).sum() >= 5


def test_words_fit_the_face_that_they_stand_under(lives: Lives) -> None:
    fitting = {face: lines_of(face) for face in range(1, 6)}
    seen = 0
    for life in by_chance(lives):
        for check_in in life.check_ins:
            if not check_in.words:
                continue
            face = face_of(check_in.answer, life.person.measure)
            assert check_in.words in {fill(line, life.person.filling) for line in fitting[face]}
            seen += 1
    assert seen > 800


def test_posts_fit_the_tone_of_the_check_in_that_they_follow(lives: Lives) -> None:
    tones = {post["words"]: post["tone"] for post in material("posts")["posts"]}
    for life in by_chance(lives):
        told = {fill(words, life.person.filling): tone for words, tone in tones.items()}
        for post in life.posts:
            near = min(life.check_ins, key=lambda one: abs(post.at - one.at))
            faces = {
                face_of(one.answer, life.person.measure)
                for one in life.check_ins
                if abs(one.at - near.at) < timedelta(hours=1)
            }
            assert told[post.words] in {TONE_BY_FACE[face] for face in faces}


def test_nobody_says_the_same_thing_twice_and_a_caseload_seldom_does(lives: Lives) -> None:
    for life in by_chance(lives):
        words = [check_in.words for check_in in life.check_ins if check_in.words]
        assert len(words) == len(set(words))
    in_caseload = Counter(
        (life.person.mentor, one.words) for life in by_chance(lives) for one in life.check_ins if one.words
    )
    repeated = sum(count - 1 for count in in_caseload.values())
    assert repeated < 0.2 * in_caseload.total()


def test_there_are_hundreds_of_different_sentences() -> None:
    bank = material("check_ins")
    notes = {line for face in range(1, 6) for line in lines_of(face)} | {
        line for lines in bank["face_3"].values() for line in lines
    }
    replies = {reply for post in material("posts")["posts"] for reply in post["replies"]}
    assert len(notes | replies) > 400


def test_school_is_not_spoken_of_in_the_holidays(lives: Lives) -> None:
    school = {line for face in range(1, 6) for line in material("check_ins")[f"face_{face}"]["school"]}
    for life in by_chance(lives):
        for check_in in life.check_ins:
            if check_in.words in school:
                assert not is_holiday(monday_of(check_in.at.date()))
                assert life.person.age < 17


def test_names_differ_within_a_caseload(lives: Lives) -> None:
    names = Counter((life.person.mentor, life.person.details.first_name) for life in lives.lives)
    assert max(names.values()) <= 2
    assert sum(count == 2 for count in names.values()) < 6
    assert len({life.person.details.last_name for life in lives.lives}) > 25


def test_contacts_and_addresses_reach_nobody(lives: Lives) -> None:
    assert all(life.person.details.contact.startswith("Text 07700 900") for life in lives.lives)


def test_places_follow_a_dip_and_the_first_session_follows_the_place(lives: Lives, moods: Moods) -> None:
    dips = []
    by_number = np.array([life.person.measure == "scale" for life in lives.lives])
    score = score_of(moods.answer, by_number[moods.person])
    for person, kind in np.argwhere(moods.referred < NEVER):
        referred = moods.referred[person, kind]
        assert moods.start[person, kind] > referred
        own = moods.person == person
        before = own & (moods.week < referred - 3)
        just_before = own & (moods.week >= referred - 3) & (moods.week < referred)
        if before.any() and just_before.any():
            dips.append(score[just_before].mean() - score[before].mean())
    assert np.mean(dips) < -0.3


def test_the_first_session_of_a_course_was_attended(lives: Lives) -> None:
    for life in lives.lives:
        for course in life.courses:
            assert course.sessions[0][1] in CAME
            assert len(course.sessions) <= 14


def test_the_realised_effects_are_the_stated_ones_nearly(moods: Moods) -> None:
    for kind, offer in enumerate(DERWENT.offers):
        assert moods.truth[kind] == pytest.approx(offer.effect, abs=0.3)


def test_the_realised_effects_on_other_outcomes_are_the_stated_ones_nearly(lives: Lives) -> None:
    within = {"goals": 0.25, "carers": 0.25, "school": 4.0, "treated": 9.0}
    for outcome, distance in within.items():
        times = 100 if outcome in {"school", "treated"} else 1
        for offer, found in zip(DERWENT.offers, lives.realised[outcome], strict=True):
            few = 3 if offer.people < FIGURES_FROM else 1
            assert found == pytest.approx(times * getattr(offer, outcome), abs=few * distance)


def test_goals_are_often_set_before_something_begins_and_start_low(lives: Lives) -> None:
    goals = [goal for life in by_chance(lives) for goal in life.goals]
    assert len(goals) > PEOPLE
    assert np.mean([goal.ratings[0][1] for goal in goals]) < 4
    assert all(at <= NOW for goal in goals for at, _ in goal.ratings)


def test_school_is_for_the_young_and_in_term(lives: Lives) -> None:
    for life in lives.lives:
        assert not life.school or life.person.age <= 18
        assert not any(is_holiday(week.monday) for week in life.school)


@pytest.mark.parametrize("month", range(1, 13, 2))
def test_at_any_time_of_year_the_sizes_of_the_offers_show_every_kind_of_evidence(month: int) -> None:
    calendar = Calendar(datetime(2027, month, 17, 12, 0, tzinfo=UTC))
    moods = make_moods(DERWENT, make_people(DERWENT, PEOPLE, calendar.today, SEED), calendar, SEED)
    counted = Counter(
        DERWENT.offers[kind].key for person, kind in np.argwhere(moods.start < NEVER) if _counts(moods, person, kind)
    )
    assert counted["overnight-stays"] < 10
    assert 10 <= counted["music-sessions"] < 20
    assert 20 <= counted["family-days-out"] < 30
    for key in ("climbing-club", "one-to-one-mentoring", "holiday-and-saturday-hub", "evening-gaming-group"):
        assert counted[key] >= 30
    assert counted["forest-school"] >= 30


def _counts(moods: Moods, person: int, kind: int) -> bool:
    """Say whether somebody has three weeks with a check-in before the week of the first session, and three from it."""
    weeks, first = np.unique(moods.week[moods.person == person]), moods.start[person, kind]
    return bool((weeks < first).sum() >= 3 and (weeks >= first).sum() >= 3)


def test_the_cast_list_is_the_one_that_is_promised() -> None:
    assert len({member.role for member in cast()}) == 10
    assert all(member.look_for.endswith(".") for member in cast())
