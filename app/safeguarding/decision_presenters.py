"""One call for help as an adult reads it: what was said, and its course step by step; and lines about what waits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app import clock
from app.safeguarding.concern_words import due_words, found_words, source_of
from app.safeguarding.decision_queries import Course, Unfinished
from app.safeguarding.decision_values import Done
from app.safeguarding.models import Concern, ConcernDecision
from app.safeguarding.told import done_in, told_sentences
from app.safeguarding.values import Source
from app.web.dates import on_moment, whole_date
from app.young_people.sharing import first_names

SOMEBODY = "Somebody who has left"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened: `code` and `at` for a program, the rest for people."""

    code: str
    at: datetime
    when: str
    what: str
    done: tuple[Done, ...] = ()
    why: str = ""
    look_again_on: date | None = None
    next: str = ""
    told: str = ""


@dataclass(frozen=True, slots=True)
class CoursePage:
    """One call for help and its course, oldest first."""

    id: UUID
    young_person_id: UUID
    name: str
    full_name: str
    reference: str
    born: date | None
    raised: str
    source: Source
    words: str
    found: str
    due: str
    steps: tuple[Step, ...]
    is_taken: bool
    is_around: bool
    may_decide: bool


def course_page(course: Course, names: Mapping[UUID, str]) -> CoursePage:
    """Return the page of one call for help; `names`: of everybody who had a part in it, by account."""
    concern, person = course.concern, course.person
    is_taken = concern.acknowledged_at is not None
    return CoursePage(
        id=concern.id,
        young_person_id=person.id,
        name=person.known_as,
        full_name=f"{person.first_name} {person.last_name}".strip(),
        reference=person.reference,
        born=person.date_of_birth,
        raised=on_moment(concern.raised_at),
        source=source_of(concern),
        words=concern.words,
        found=found_words(concern),
        due="" if is_taken else due_words(concern),
        steps=tuple(sorted(_steps(course, names), key=lambda one: one.at)),
        is_taken=is_taken,
        is_around=course.is_around,
        may_decide=course.may_decide,
    )


def _steps(course: Course, names: Mapping[UUID, str]) -> Iterable[Step]:
    concern, name = course.concern, course.person.known_as
    yield _step("raised", concern.raised_at, f"{name} {source_of(concern).did}")
    for look in course.looks:
        yield _step("seen", look.at, f"{_name(look.actor_id, names)} read it for the first time")
    if concern.passed_on_at is not None:
        yield _step("passed_on", concern.passed_on_at, "It was passed on to those who cover")
    if concern.acknowledged_at is not None:
        yield _step("taken", concern.acknowledged_at, f"{_name(concern.acknowledged_by, names)} took it on")
    called = first_names(names.values())
    for one in course.decisions:
        yield _decision_step(one, _name(one.decided_by, names), called.get(names.get(one.decided_by, ""), SOMEBODY))


def _step(code: str, at: datetime, what: str) -> Step:
    return Step(code, at, whole_moment(at), f"{what}.")


def whole_moment(at: datetime) -> str:
    """Return a moment with its whole date: it is read in a meeting some day."""
    local = clock.in_britain(at)
    return f"{whole_date(local.date())}, {local:%H:%M}"


def _decision_step(one: ConcernDecision, who: str, called: str) -> Step:
    done = done_in(one)
    return Step(
        code="decided",
        at=one.at,
        when=whole_moment(one.at),
        what=f"{who} decided: {'; '.join(each.words for each in done)}.",
        done=done,
        why=one.why,
        look_again_on=one.look_again_on,
        next=f"To be looked at again on {whole_date(one.look_again_on)}." if one.look_again_on else "Closed.",
        told=" ".join(told_sentences(done, called, one.look_again_on)) if one.is_told else "",
    )


def _name(account_id: UUID | None, names: Mapping[UUID, str]) -> str:
    return names.get(account_id, SOMEBODY) if account_id is not None else SOMEBODY


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """One call for help that somebody has to decide on, or look at again."""

    id: UUID
    words: str
    is_due: bool


def waiting_lines(found: Iterable[Unfinished], called: Mapping[UUID, str]) -> list[WaitingLine]:
    """Return a line for each, with what the young people are called."""
    return [_waiting(concern, newest, called[concern.young_person_id]) for concern, newest in found]


def _waiting(concern: Concern, newest: ConcernDecision | None, name: str) -> WaitingLine:
    asked = f"{name}, call for help {on_moment(concern.raised_at)}"
    again = newest.look_again_on if newest is not None else None
    if again is None:
        return WaitingLine(concern.id, f"{asked}: write down what was decided", is_due=True)
    if again <= clock.today():
        return WaitingLine(concern.id, f"{asked}: look at it again, due {whole_date(again)}", is_due=True)
    return WaitingLine(concern.id, f"{asked}: open, to be looked at again on {whole_date(again)}", is_due=False)
