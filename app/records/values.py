"""Why somebody is forgotten, what they may ask for, and what becomes of it; no I/O."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

LONGEST_REASON = 2_000
RECEIPT_LENGTH = 12
ANSWER_WITHIN = timedelta(days=28)
"""How long the council takes at most: a month (UK GDPR, article 12(3)), counted as its shortest."""


class Basis(StrEnum):
    """Why somebody is forgotten."""

    ASKED = "asked"
    PARENT = "parent"
    MISTAKE = "mistake"
    LAW = "law"
    KEPT_LONG_ENOUGH = "kept_long_enough"


BASIS_WORDS = {
    Basis.ASKED: "They asked for it themself",
    Basis.PARENT: "A parent carer asked for it, for them",
    Basis.MISTAKE: "The record was made by mistake, or twice",
    Basis.LAW: "A court or the Information Commissioner says so",
    Basis.KEPT_LONG_ENOUGH: "It was kept for as long as the council’s rules say",
}
TO_CHOOSE = (Basis.ASKED, Basis.PARENT, Basis.MISTAKE, Basis.LAW)


class Asked(StrEnum):
    """What a young person can ask of the council about their records."""

    FORGET = "forget"


class Answer(StrEnum):
    """What became of a request."""

    SAID_NO = "said_no"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, slots=True)
class Order:
    """A decision that somebody is to be forgotten: why, and the request (if any) that it answers."""

    basis: Basis
    reason: str
    asked_at: datetime | None = None
    receipt_hash: bytes | None = None
    proposed_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class WhatGoes:
    """What forgetting a young person would do: rows that go, by table, and what must be kept."""

    young_person_id: UUID
    council_id: UUID
    rows: dict[str, int]
    sessions_counted: int
    concerns_kept: int
    keep_until: date


SIX_YEARS = timedelta(days=6 * 365 + 2)
ADULT_FOR_CONCERNS = 25


def concern_kept_until(raised_on: date, born: date | None) -> date:
    """Return until when a safeguarding concern is kept: the 25th birthday, and never less than six years.

    Sources: IRMS Information Management Toolkit for Schools (child protection records: date of birth + 25 years);
    Limitation Act 1980, sections 2 and 5 (six years to bring a claim).
    """
    enough = raised_on + SIX_YEARS
    return enough if born is None else max(enough, birthday(born, ADULT_FOR_CONCERNS))


def erasure_kept_until(erased_on: date) -> date:
    """Return until when it is kept that somebody was forgotten: six years (Limitation Act 1980)."""
    return erased_on + SIX_YEARS


def birthday(born: date, age: int) -> date:
    """Return the day on which somebody is so many years old; the first of March where there is no such day."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)
