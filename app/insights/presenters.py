"""What the page about one young person may show: sentences, the three lines of each estimate, pictures, tables."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from app import clock
from app.clock import in_britain
from app.impact.evidence_words import evidence_of, in_list, in_speech
from app.impact.person_queries import AfterOffer, people_in_words
from app.impact.person_words import OnePerson, no_proof, person_basis, person_finding, signed, than_expected
from app.impact.scales import LEAST_SPAN, Mark, Scale
from app.insights.may_help import MayHelp, Option
from app.insights.values import WhatFollowed
from app.timeline.charts import Chart, chart_along
from app.timeline.reading import CLOSE_TOGETHER
from app.timeline.values import Axis, Event, Intervention, Story
from app.timeline.words import short_day
from app.web.dates import time_in_words, weekday_date, whole_date

BEFORE = timedelta(weeks=16)
AFTER = timedelta(weeks=12)


@dataclass(frozen=True, slots=True)
class Line:
    """One interval of the picture, and its figures as they are said."""

    what: str
    mark: Mark
    change: str
    reach: str


@dataclass(frozen=True, slots=True)
class GoalRow:
    """One goal rated since the first session: the last rating before it, and the latest."""

    title: str
    before: str
    since: str


@dataclass(frozen=True, slots=True)
class AfterView:
    """One offer that somebody began, and what followed."""

    number: int
    name: str
    sessions: str
    weeks: str
    finding: str
    basis: str
    no_proof: str
    entangled: str
    lines: tuple[Line, ...]
    scale: Scale | None
    chart: Chart | None
    goals: tuple[GoalRow, ...]


@dataclass(frozen=True, slots=True)
class OptionView:
    """One offer that may help, in words."""

    id: UUID
    name: str
    about: str
    grade: str
    grade_kind: str
    finding: str
    when: str


@dataclass(frozen=True, slots=True)
class Section:
    """Some offers of which about the same can be said."""

    heading: str
    words: str
    options: tuple[OptionView, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that the page shows."""

    id: UUID
    name: str
    is_mentored: bool
    model: str
    after: tuple[AfterView, ...]
    sections: tuple[Section, ...]


def after_views(found: WhatFollowed) -> tuple[AfterView, ...]:
    return tuple(_after(found, one, number) for number, one in enumerate(found.estimates.after, start=1))


def model_words(made_at: datetime | None) -> str:
    """Say from when everybody's part is, and that the young person's own part is from now."""
    if made_at is None:
        return "What followed for others has not been worked out yet, so there are no estimates."
    day = in_britain(made_at).date()
    return f"Check-ins count as soon as they are made. What followed for others is as of {whole_date(day)}."


def _after(found: WhatFollowed, after: AfterOffer, number: int) -> AfterView:
    one, name = after.one, found.name
    return AfterView(
        number=number,
        name=after.name,
        sessions=_sessions(after),
        weeks=_weeks(after, name),
        finding=person_finding(one) if one else _nothing_to_say(after, name),
        basis=person_basis(one) if one else "",
        no_proof=no_proof(one) if one else "",
        entangled=_entangled(found, after) if one else "",
        lines=(lines := _lines(one, after)),
        scale=None if one is None or not lines else _scale(one, after),
        chart=_chart(found, after),
        goals=tuple(_goals(found, in_britain(after.sessions[0]).date())),
    )


def _entangled(found: WhatFollowed, after: AfterOffer) -> str:
    """Say which others began at about the same time."""
    first = after.sessions[0]
    near = [
        other.name
        for other in found.estimates.after
        if other is not after and abs(other.sessions[0] - first) <= CLOSE_TOGETHER
    ]
    if not near:
        return ""
    return f"{in_list(near)} began within six weeks of it. For one young person they can hardly be told apart."


def _sessions(after: AfterOffer) -> str:
    first, last = (in_britain(after.sessions[at]).date() for at in (0, -1))
    if len(after.sessions) == 1:
        return f"One session, on {whole_date(first)}"
    return f"{len(after.sessions)} sessions, {whole_date(first)} to {whole_date(last)}"


def _weeks(after: AfterOffer, name: str) -> str:
    before, since = after.weeks
    return f"Weeks with a check-in from {name} that you can see: {before} before the first session, {since} since."


def _nothing_to_say(after: AfterOffer, name: str) -> str:
    if after.figures is None:
        return f"Too few young people have come to {after.name} for anything to be said of one of them."
    if after.weeks[1] == 0:
        return f"{name} has no check-in that you can see since {after.name} began, so there is nothing to go by."
    return f"There is too little to go by yet to say anything of {name} after {after.name}."


def _intervals(one: OnePerson, after: AfterOffer) -> list[tuple[str, float, tuple[float, float], str]]:
    """Return what each line is of, its change, its interval and whether it is clear."""
    figures, found = after.figures, []
    if figures is not None and figures.change is not None and figures.low is not None and figures.high is not None:
        everyone = f"The {people_in_words(figures)} young people who came"
        found.append((everyone, figures.change, (figures.low, figures.high), "unsure"))
    if one.says_something:
        found.append((f"{one.name}’s own check-ins alone", one.own_change, one.own_reach, "unsure"))
        clear = ("better" if one.change > 0 else "worse") if one.is_clear else "unsure"
        found.append((f"Both together: our best guess for {one.name}", one.change, one.reach, clear))
    return found


def _scale(one: OnePerson, after: AfterOffer) -> Scale:
    ends = [end for _, _, reach, _ in _intervals(one, after) for end in reach]
    low, high = min(-LEAST_SPAN, *ends), max(LEAST_SPAN, *ends)
    return Scale(math.floor(low * 2) / 2, math.ceil(high * 2) / 2)


def _lines(one: OnePerson | None, after: AfterOffer) -> tuple[Line, ...]:
    if one is None or not (intervals := _intervals(one, after)):
        return ()
    scale = _scale(one, after)
    return tuple(
        Line(what, _mark(what, change, reach, kind, scale), signed(change), f"{signed(reach[0])} to {signed(reach[1])}")
        for what, change, reach, kind in intervals
    )


def _mark(what: str, change: float, reach: tuple[float, float], kind: str, scale: Scale) -> Mark:
    low, high = reach
    words = f"{what}: {in_speech(change)}, between {in_speech(low)} and {in_speech(high)}"
    return Mark(scale.at(change), scale.at(low), scale.at(high), None, kind, words)


def _chart(found: WhatFollowed, after: AfterOffer) -> Chart | None:
    """Draw the young person's own weeks around the sessions, from sixteen weeks before to twelve after."""
    one = Intervention(after.name, after.sessions)
    if not found.scores:
        return None
    axis = Axis(one.first - BEFORE, min(one.last + AFTER, clock.today()))
    story = Story(scores=found.scores, interventions=(one,), events=(*found.events, Event(one.first, "First session")))
    return chart_along(story, found.name, axis)


def _goals(found: WhatFollowed, first: date) -> Iterable[GoalRow]:
    for goal in found.goals:
        told = [(in_britain(one.at).date(), one.value) for one in goal.ratings]
        before, since = [one for one in told if one[0] < first], [one for one in told if one[0] >= first]
        if since:
            yield GoalRow(goal.title, _rated(before), _rated(since))


def _rated(ratings: Sequence[tuple[date, float]]) -> str:
    if not ratings:
        return "Not rated"
    day, rating = ratings[-1]
    return f"{rating:g} out of 10, {short_day(day, clock.today())}"


def sections_of(found: MayHelp, name: str) -> tuple[Section, ...]:
    """Return the offers by what can be said of them, and why they stand in that order."""
    alphabet = "In order of the alphabet."
    order = (
        "The highest figure first: they are further apart than chance would put them."
        if found.is_ordered
        else f"{alphabet} Their figures are too close together for a better order."
        if len(found.better) > 1
        else ""
    )
    made = (
        ("Better wellbeing followed for others", order, found.better),
        ("We cannot tell yet", f"{alphabet} An order by figures would be an order by chance.", found.unsure),
        ("Lower wellbeing followed for others", f"{alphabet} Look closer before you suggest one.", found.worse),
        ("Too few young people so far", f"{alphabet} Nothing can be said of them, good or bad.", found.unknown),
    )
    return tuple(
        Section(heading, words, tuple(_option(one, name) for one in options))
        for heading, words, options in made
        if options
    )


def _option(one: Option, name: str) -> OptionView:
    evidence = evidence_of(one.figures) if one.figures else None
    return OptionView(
        id=one.offer.offer_id,
        name=one.offer.name,
        about=" · ".join(part for part in (one.offer.provider_name, one.offer.summary) if part),
        grade=evidence.words if evidence else "",
        grade_kind=evidence.kind if evidence else "",
        finding=_finding(one, name),
        when=_when(one),
    )


def _finding(one: Option, name: str) -> str:
    if one.reach is None or one.figures is None:
        return ""
    low, high = signed(one.reach.low), signed(one.reach.high)
    who = f"For young people with {name}’s {one.reach.like}" if one.reach.like else "For all who came"
    return (
        f"{who}, weekly wellbeing was {than_expected(one.reach.change)}, likely between {low} and {high}. "
        f"From {people_in_words(one.figures)} young people in all."
    )


def _when(one: Option) -> str:
    place = "Has a place already. " if one.has_place else "Takes new people. "
    if one.offer.next_at is None:
        return f"{place}No session is planned yet."
    day = in_britain(one.offer.next_at).date()
    return f"{place}Next session: {weekday_date(day)} at {time_in_words(one.offer.next_at)}."
