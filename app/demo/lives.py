"""Puts moods and sentences together: everything that will be written about each made-up young person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

import numpy as np

from app.breaks.values import CAME
from app.checkins.values import GOING_ON
from app.clock import in_britain
from app.demo import story
from app.demo.asked import agreed_times, aminas, with_asking
from app.demo.courses import Calendar, courses_of
from app.demo.generator import WEEKS, Setting, simulate
from app.demo.outcomes import OutcomeMaker
from app.demo.population import CAST_COUNCIL, make_people
from app.demo.sentences import Sentences
from app.demo.values import (
    Floats,
    Life,
    MadeUpCouncil,
    MadeUpPerson,
    Moods,
    PlannedCheckIn,
    PlannedCourse,
    PlannedGoal,
    PlannedPost,
    PlannedProfile,
    PlannedReply,
)
from app.prompts.values import AgreedTimes
from app.young_people.values import Audience

WORDS_SHARE, WORDS_AFTER_SESSION_SHARE, FEELINGS_SHARE, GOING_ON_SHARE = 0.13, 0.45, 0.35, 0.25
REPLY_SHARE, PROFILE_SHARE, SECOND_GOAL_SHARE, FIRST_GOAL_SHARE = 0.8, 0.75, 0.45, 0.97
POSTS, NOTES, EVENTS = 3.5, 3.0, 0.7
REACHED_FROM = 9
MOST_RATING = 10
WORK_BEGINS, WORK_ENDS = 9, 18
SATURDAY = 5
CONCERNS = {
    18: ("I don’t feel okay walking home past the underpass. Can somebody ring me?", timedelta(hours=3), None),
    27: ("Not an emergency. I just need a grown-up who isn’t at home.", timedelta(days=6), timedelta(minutes=25)),
    31: ("Can someone from here talk to my tutor? I can’t do it on my own.", timedelta(days=12), timedelta(hours=2)),
}


@dataclass(frozen=True, slots=True)
class Lives:
    """A council's young people with all that is written about them, over which nine months.

    `realised` holds, for goals, school, parent carers and how they were treated, what is true of each offer, (offers,).
    """

    lives: tuple[Life, ...]
    calendar: Calendar
    realised: Mapping[str, Floats]


def make_moods(council: MadeUpCouncil, made: Sequence[MadeUpPerson], calendar: Calendar, seed: int) -> Moods:
    """Simulate the moods and courses of a council's people."""
    scripts = {0: story.script(council.offers)} if council.slug == CAST_COUNCIL else {}
    by_number = [person.measure == "scale" for person in made]
    agreed = [AgreedTimes() if n in scripts else one for n, one in enumerate(agreed_times(len(made), seed))]
    return simulate(Setting(council.offers, calendar.monday, calendar.today, by_number, agreed, scripts), seed)


def make_lives(council: MadeUpCouncil, *, people: int, now: datetime, seed: int) -> Lives:
    """Make everything about a council's young people; the same arguments give the same lives."""
    calendar = Calendar(now)
    made = make_people(council, people, calendar.today, seed)
    moods = make_moods(council, made, calendar, seed)
    rng = np.random.default_rng(seed + 1)
    outcomes = OutcomeMaker(council, calendar, moods, seed)
    writer = _Writer(council, calendar, moods, Sentences(rng), rng, outcomes)
    lives = [writer.life(number, person) for number, person in enumerate(made)]
    lives = with_asking(lives, agreed_times(len(made), seed), moods, calendar, seed)
    if council.slug == CAST_COUNCIL:
        lives[0] = aminas(story.amina(lives[0], calendar, council.offers), calendar, rng)
    return Lives(tuple(lives), calendar, outcomes.realised())


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the life of one person after another."""

    council: MadeUpCouncil
    calendar: Calendar
    moods: Moods
    sentences: Sentences
    rng: np.random.Generator
    outcomes: OutcomeMaker

    def life(self, number: int, person: MadeUpPerson) -> Life:
        courses = courses_of(number, self.moods, self.council.offers, self.calendar, self.rng)
        check_ins = self.check_ins(number, person, courses)
        offers = [self.council.offers[course.offer].key for course in courses]
        bare = Life(person, check_ins, courses)
        if not check_ins:
            return bare
        return replace(
            bare,
            posts=self.posts(bare),
            goals=self.goals(number, person, offers),
            profiles=self.profiles(person),
            notes=self.notes(bare),
            events=self.events(person),
            concern=self.concern(number),
            school=self.outcomes.school(number, person),
            carer=self.outcomes.carer(number) if person.parent else (),
            feedback=self.outcomes.feedback(number, courses),
        )

    def check_ins(
        self, number: int, person: MadeUpPerson, courses: Sequence[PlannedCourse]
    ) -> tuple[PlannedCheckIn, ...]:
        moods, made = self.moods, []
        for place in np.flatnonzero(moods.person == number):
            week = int(moods.week[place])
            at = self.calendar.moment(week, int(moods.day[place]), int(moods.minute[place]))
            if at > self.calendar.now:
                continue
            answer = int(moods.answer[place])
            face = face_of(answer, person.measure)
            attended = self.attended(courses, at)
            has_words = self.rng.random() < (WORDS_AFTER_SESSION_SHARE if attended else WORDS_SHARE)
            when = self.time_of_year(at, week)
            made.append(
                PlannedCheckIn(
                    id=UUID(bytes=self.rng.bytes(16), version=4),
                    at=at,
                    answer=answer,
                    feelings=self.sentences.feelings(face) if self.rng.random() < FEELINGS_SHARE else (),
                    going_on=self.going_on(person, when),
                    words=self.sentences.check_in_note(person, face, when=when, attended=attended) if has_words else "",
                )
            )
        return tuple(sorted(made, key=lambda one: one.at))

    def attended(self, courses: Sequence[PlannedCourse], at: datetime) -> list[str]:
        """Return the offers of which a session ended earlier on the same day, and the person came."""
        found, day = [], in_britain(at).date()
        this_week = self.calendar.week_of(day)
        for course in courses:
            offer = self.council.offers[course.offer]
            for week, status in course.sessions:
                if week != this_week or status not in CAME:
                    continue
                ends = self.calendar.session(offer, week)[1]
                if ends <= at and in_britain(ends).date() == day:
                    found.append(offer.key)
        return found

    def time_of_year(self, at: datetime, week: int) -> str:
        """Return `holiday`, `school` (a weekday in term), or nothing for a weekend in term."""
        if self.calendar.is_holiday(week):
            return "holiday"
        return "" if in_britain(at).weekday() >= SATURDAY else "school"

    def going_on(self, person: MadeUpPerson, when: str) -> tuple[str, ...]:
        if self.rng.random() > GOING_ON_SHARE:
            return ()
        choices = [key for key in GOING_ON if key != "school" or (when == "school" and person.stage != "adult")]
        return (choices[int(self.rng.integers(len(choices)))],)

    def posts(self, life: Life) -> tuple[PlannedPost, ...]:
        count = min(int(self.rng.poisson(POSTS)), len(life.check_ins))
        chosen = sorted(self.rng.choice(len(life.check_ins), count, replace=False))
        made = []
        for place in chosen:
            check_in = life.check_ins[place]
            at = check_in.at + timedelta(minutes=int(self.rng.integers(4, 40)))
            face = face_of(check_in.answer, life.person.measure)
            words, replies = self.sentences.post(life.person, face, self.attended(life.courses, at))
            if words and at <= self.calendar.now:
                made.append(PlannedPost(at, words, self.replies(life.person, at, replies)))
        return tuple(made)

    def replies(self, person: MadeUpPerson, at: datetime, choices: Sequence[str]) -> tuple[PlannedReply, ...]:
        if person.audience is Audience.ONLY_ME or not choices or self.rng.random() > REPLY_SHARE:
            return ()
        answered = self.at_work(at + timedelta(hours=float(self.rng.uniform(0.5, 20))))
        words = choices[int(self.rng.integers(len(choices)))]
        return (PlannedReply("mentor", answered, words),) if answered <= self.calendar.now else ()

    def at_work(self, at: datetime) -> datetime:
        """Return the moment, or the next one at which a mentor is at work."""
        local = in_britain(at)
        if local.hour >= WORK_ENDS:
            local = (local + timedelta(days=1)).replace(hour=WORK_BEGINS + int(self.rng.integers(3)))
        while local.weekday() >= SATURDAY:
            local += timedelta(days=1)
        return local.replace(hour=max(local.hour, WORK_BEGINS))

    def goals(self, number: int, person: MadeUpPerson, offers: Sequence[str]) -> tuple[PlannedGoal, ...]:
        chance = self.rng.random()
        count = 2 if chance < SECOND_GOAL_SHARE else 1 if chance < FIRST_GOAL_SHARE else 0
        chosen = enumerate(self.sentences.goals(person, offers, count))
        return tuple(self.goal(title, steps, self.outcomes.ratings(number, which)) for which, (title, steps) in chosen)

    def goal(self, title: str, steps: Sequence[str], ratings: Sequence[tuple[datetime, int]]) -> PlannedGoal:
        """Return a goal that moves on by fits and starts, its steps done along the way."""
        at = ratings[0][0]
        reached = ratings[-1][0] if ratings[-1][1] >= REACHED_FROM else None
        share = ratings[-1][1] / MOST_RATING
        done = len(steps) if reached else int(share * len(steps))
        marked = [
            (words, at + (ratings[-1][0] - at) * ((place + 1) / max(done, 1)) if place < done else None)
            for place, words in enumerate(steps)
        ]
        return PlannedGoal(title, at, tuple(ratings), tuple(marked), reached)

    def profiles(self, person: MadeUpPerson) -> tuple[PlannedProfile, ...]:
        if self.rng.random() > PROFILE_SHARE:
            return ()
        week = int(self.rng.integers(2, WEEKS - 2))
        at = self.calendar.moment(week, int(self.rng.integers(0, 5)), int(self.rng.integers(600, 1140)))
        mentor = self.council.mentors[person.mentor].split()[0]
        name = person.details.first_name
        said_by = [name, f"{name}, with {mentor}", f"{name}, with Mum"][int(self.rng.integers(3))]
        return (PlannedProfile(at, said_by, self.sentences.profile(person)),)

    def notes(self, life: Life) -> tuple[tuple[datetime, str], ...]:
        count = min(int(self.rng.poisson(NOTES)), len(life.check_ins))
        made = []
        for place in sorted(self.rng.choice(len(life.check_ins), count, replace=False)):
            check_in = life.check_ins[place]
            at = self.at_work(check_in.at + timedelta(hours=float(self.rng.uniform(1, 10))))
            words = self.sentences.note(life.person, face_of(check_in.answer, life.person.measure))
            if words and at <= self.calendar.now:
                made.append((at, words))
        return tuple(made)

    def events(self, person: MadeUpPerson) -> tuple[tuple[date, str], ...]:
        weeks = sorted(self.rng.integers(1, WEEKS - 1, int(self.rng.poisson(EVENTS))))
        found = [(self.calendar.monday_of_week(int(week)), self.sentences.event(person)) for week in weeks]
        return tuple((day + timedelta(days=int(self.rng.integers(0, 5))), title) for day, title in found if title)

    def concern(self, number: int) -> tuple[datetime, str, datetime | None] | None:
        if self.council.slug != CAST_COUNCIL or number not in CONCERNS:
            return None
        words, ago, answered_after = CONCERNS[number]
        at = self.calendar.now - ago
        return at, words, at + answered_after if answered_after else None


def face_of(answer: int, measure: str) -> int:
    """Return the face (1 to 5) that an answer comes nearest to."""
    return answer if measure == "faces" else int(np.clip(round(answer / 2.5), 0, 4)) + 1
