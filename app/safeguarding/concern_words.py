"""What an adult reads of a concern: where the words came from, and by when somebody has to have it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from app import clock
from app.safeguarding.models import Concern
from app.safeguarding.values import Source
from app.web.dates import on_moment


def source_of(concern: Concern) -> Source:
    return Source(concern.about.get("source", Source.ASKED))


def found_words(concern: Concern) -> str:
    """Say what they tapped, or which phrases were found, where, and what that may be; empty where they just asked."""
    source = source_of(concern)
    if source is Source.ASKED:
        return ""
    if source is Source.NOT_SAFE:
        return "They tapped “I don’t feel safe”."
    return (
        f"In {source.words}, a program found: {concern.about.get('phrases', '')}. It may mean something else, and it "
        "may have been for nobody’s eyes: ask how they are first. They know that this was found, and that they are not "
        "in trouble."
    )


def due_words(concern: Concern) -> str:
    """Say by when it is to be taken on, or that this is past and where it went; empty where there are no rules."""
    if concern.due_at is None:
        return ""
    by = on_moment(concern.due_at)
    past = clock.now() >= concern.due_at
    words = f"Somebody was to have it by this time: {by}." if past else f"Somebody has to have it by this time: {by}."
    if concern.passed_on_at is not None:
        words += f" Those who cover were asked too, {on_moment(concern.passed_on_at)}."
    return words


@dataclass(frozen=True, slots=True)
class PassedOn:
    """One concern as those who cover read it."""

    id: UUID
    name: str
    when: str
    words: str
    found: str
    due: str


def passed_on(concerns: Iterable[Concern], names: Mapping[UUID, str]) -> list[PassedOn]:
    return [
        PassedOn(
            one.id,
            names[one.young_person_id],
            on_moment(one.raised_at),
            one.words,
            found_words(one),
            due_words(one),
        )
        for one in concerns
    ]
