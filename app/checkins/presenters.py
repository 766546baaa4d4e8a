"""What the pages about check-ins may show."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from app import clock
from app.checkins.measures import Measure, choosable_measures, measure
from app.checkins.models import CheckIn, CheckInRevision
from app.checkins.values import ALL_FEELINGS, FEELINGS, FINER_FEELINGS, GOING_ON, WHO_WITH
from app.crypto.fields import UNREADABLE
from app.media.models import Media
from app.media.presenters import MediaView, media_views
from app.prompts.presenters import DueCard
from app.web.dates import day_in_words, moment_in_words, time_in_words
from app.web.languages import _, _l
from app.young_people.models import YoungPerson
from app.young_people.sharing import TeamMember, first_names, readers
from app.young_people.values import Audience

POINTS_BETWEEN_FACES = 2.5
LEVEL_WORDS = {1: _l("really hard"), 2: _l("not great"), 3: _l("okay"), 4: _l("good"), 5: _l("really good")}


@dataclass(frozen=True, slots=True)
class AnswerChoice:
    """One answer to tap, with the id that its check-in will have."""

    id: UUID
    answer: int
    words: str
    face: int | None


@dataclass(frozen=True, slots=True)
class Question:
    """The question on the first page, in the way that the young person likes to answer."""

    words: str
    measure: str
    choices: list[AnswerChoice]
    has_faces: bool
    lowest_means: str
    highest_means: str
    goes_to: str
    is_first: bool
    problem: str | None = None
    notice: str | None = None
    due: DueCard | None = None


@dataclass(frozen=True, slots=True)
class CheckInCard:
    """One check-in as its young person reads it."""

    id: UUID
    when: str
    time: str
    machine_time: str
    answer: str
    level: int
    has_face: bool
    number: str
    feelings: list[str]
    going_on: list[str]
    who_with: list[str]
    words: str
    typed_by: str
    """Whoever typed it, where the young person did it together with a worker; else empty."""
    audience: Audience
    for_whom: str
    is_changed: bool
    media: list[MediaView]


@dataclass(frozen=True, slots=True)
class CheckInDay:
    """The check-ins of one day."""

    day: str
    cards: list[CheckInCard]


@dataclass(frozen=True, slots=True)
class EarlierWords:
    """What a check-in said before one change."""

    changed: str
    answer: str
    more: str
    words: str


@dataclass(frozen=True, slots=True)
class WayToAnswer:
    """One of the ways of answering that a young person may choose."""

    code: str
    name: str
    is_chosen: bool


def level_of(score: float) -> int:
    """Return which of five steps a score from 0 to 10 is nearest to, 1 to 5."""
    return round(score / POINTS_BETWEEN_FACES) + 1


def question_for(
    person: YoungPerson,
    team: Sequence[TeamMember],
    *,
    due: DueCard | None = None,
    problem: str | None = None,
    notice: str | None = None,
) -> Question:
    asked = measure(person.measure)
    return Question(
        words=asked.question,
        measure=asked.code,
        choices=[
            AnswerChoice(uuid4(), answer, asked.words_for(answer), answer if asked.words else None)
            for answer in asked.answers
        ],
        has_faces=bool(asked.words),
        lowest_means=asked.lowest_means,
        highest_means=asked.highest_means,
        goes_to=readers(person.default_audience, team),
        is_first=person.told_who_sees_at is None,
        problem=problem,
        notice=notice,
        due=due,
    )


def check_in_card(check_in: CheckIn, team: Sequence[TeamMember], media: Sequence[Media] = ()) -> CheckInCard:
    asked, answer = measure(check_in.measure), check_in.answer
    return CheckInCard(
        id=check_in.id,
        when=moment_in_words(check_in.at),
        time=time_in_words(check_in.at),
        machine_time=clock.in_britain(check_in.at).isoformat(timespec="minutes"),
        answer=UNREADABLE if answer is None else asked.words_for(answer),
        level=3 if answer is None else level_of(asked.to_0_10(answer)),
        has_face=bool(asked.words) and answer is not None,
        number="?" if answer is None else f"{answer:g}",
        feelings=[ALL_FEELINGS.get(code, code) for code in check_in.feelings],
        going_on=[GOING_ON.get(code, code) for code in check_in.going_on],
        who_with=with_words(check_in.who_with),
        words=check_in.words,
        typed_by=_typist(check_in, team),
        audience=check_in.audience,
        for_whom=readers(check_in.audience, team),
        is_changed=check_in.edited_at is not None,
        media=media_views(media),
    )


def with_words(codes: Iterable[str]) -> list[str]:
    """Return who somebody was with as it stands beside their feelings: `With: my friends`."""
    return [
        _("With: %(whom)s", whom=f"{words[0].lower()}{words[1:]}")
        for words in (WHO_WITH.get(code, code) for code in codes)
    ]


def _typist(check_in: CheckIn, team: Sequence[TeamMember]) -> str:
    if check_in.typed_by is None:
        return ""
    called = first_names(name for _, name, _ in team)
    return next((called[name] for account, name, _ in team if account == check_in.typed_by), _("Somebody"))


@dataclass(frozen=True, slots=True)
class Family:
    """One of the twelve words and the finer ones that it may be, each with whether it is chosen."""

    code: str
    words: str
    is_chosen: bool
    finer: list[tuple[str, str, bool]]


def wheel(chosen: Iterable[str]) -> list[Family]:
    """Return the words to choose from: twelve, and more under each."""
    held = set(chosen)
    return [
        Family(code, words, code in held, [(one, said, one in held) for one, said in FINER_FEELINGS[code].items()])
        for code, words in FEELINGS.items()
    ]


def by_day(
    check_ins: Iterable[CheckIn], team: Sequence[TeamMember], media: Mapping[UUID, Sequence[Media]]
) -> list[CheckInDay]:
    """Return check-ins in the order given, under the day on a British calendar, with what hangs on them."""
    days: list[CheckInDay] = []
    for check_in in check_ins:
        day = day_in_words(clock.in_britain(check_in.at).date())
        if not days or days[-1].day != day:
            days.append(CheckInDay(day, []))
        days[-1].cards.append(check_in_card(check_in, team, media[check_in.id]))
    return days


def earlier_words(check_in: CheckIn, revisions: Iterable[CheckInRevision]) -> list[EarlierWords]:
    """Return what a check-in said before each change, newest change first."""
    asked = measure(check_in.measure)
    return [_earlier(revision.at, revision.before, asked) for revision in revisions][::-1]


def _earlier(at: datetime, before: dict[str, str], asked: Measure) -> EarlierWords:
    answer = before.get("answer")
    chosen = [
        names.get(code, code)
        for key, names in (("feelings", ALL_FEELINGS), ("going_on", GOING_ON), ("who_with", WHO_WITH))
        for code in json.loads(before.get(key) or "[]")
    ]
    return EarlierWords(
        changed=moment_in_words(at),
        answer=asked.words_for(float(answer)) if answer else UNREADABLE,
        more=", ".join(map(str, chosen)),
        words=before.get("words", ""),
    )


def ways_to_answer(person: YoungPerson) -> list[WayToAnswer]:
    return [WayToAnswer(one.code, one.name, one.code == person.measure) for one in choosable_measures()]
