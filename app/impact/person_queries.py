"""One young person's estimates, from check-ins that the viewer sees and the model that the last refresh kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import numpy as np
from sqlalchemy import select

from app.breaks.values import PlaceFact, SessionAttended
from app.checkins.values import ScoredCheckIn
from app.database import db
from app.impact.council_panel import times_of
from app.impact.disclosure import Figures, State
from app.impact.evidence_words import AS_RANGE
from app.impact.models import PersonModelRow, PublishedCell
from app.impact.panel import DAYS, days_of
from app.impact.person import own_effects
from app.impact.person_state import VERSION, PersonState
from app.impact.person_words import OnePerson, one_person
from app.impact.published_rows import figures_by_group
from app.impact.tables import EVERYONE, PAIRS, USUAL_OUTCOME
from app.impact.values import CheckIns, Panel, Prompts, Referrals, Sessions
from app.prompts.values import CouncilPrompt
from app.young_people.values import Access


@dataclass(frozen=True, slots=True)
class OwnRecords:
    """What of one young person's the viewer sees: mood scores and sessions oldest first, places, prompts."""

    scores: Sequence[ScoredCheckIn]
    sessions: Sequence[SessionAttended]
    places: Sequence[PlaceFact]
    prompts: Sequence[CouncilPrompt]


@dataclass(frozen=True, slots=True)
class AfterOffer:
    """What is known of one young person after they began one offer.

    `figures` are those published of everybody, None where there are none to show; `one` is None without them, or where
    there is no check-in from the week of the first session on. `weeks` are those with a check-in before and from then.
    """

    offer_id: UUID
    name: str
    sessions: tuple[datetime, ...]
    figures: Figures | None
    one: OnePerson | None
    weeks: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Estimates:
    """Estimates after every offer that somebody began, newest first, and when the model was made (None: not yet)."""

    after: tuple[AfterOffer, ...]
    made_at: datetime | None


def estimates_for(access: Access, own: OwnRecords) -> Estimates:
    """Return one young person's estimates; the records are those that the viewer was found to see.

    A figure of a person leans on that of everybody, so there is one only where everybody's is published.
    """
    by_offer: dict[UUID, list[SessionAttended]] = {}
    for session in own.sessions:
        by_offer.setdefault(session.offer_id, []).append(session)
    published = published_for(access, (EVERYONE,))
    state, made_at = _state(access)
    found = _estimated(state, own, list(by_offer)) if state is not None and own.scores else {}
    week = days_of(times_of(one.at for one in own.scores)) // DAYS
    after = []
    for offer_id, rows in by_offer.items():
        first = int(days_of(times_of([rows[0].at]))[0]) // DAYS
        figures = published.get(offer_id, {}).get(EVERYONE, {}).get("")
        one = found.get(offer_id) if figures is not None else None
        after.append(
            AfterOffer(
                offer_id=offer_id,
                name=rows[0].offer_name,
                sessions=tuple(row.at for row in rows),
                figures=figures,
                one=None if one is None or figures is None else _told(one, access.name, rows[0].offer_name, figures),
                weeks=(np.unique(week[week < first]).size, np.unique(week[week >= first]).size),
            )
        )
    return Estimates(tuple(sorted(after, key=lambda one: one.sessions[0], reverse=True)), made_at)


Published = dict[UUID, dict[str, dict[str, Figures]]]
"""By offer and table: the groups (one of no name: everybody) whose change is shown."""


def published_for(access: Access, tables: Sequence[str]) -> Published:
    """Return what is published in the person's council of every offer; only figures with a change, and no others."""
    query = select(PublishedCell).where(
        PublishedCell.council_id == access.council_id,
        PublishedCell.outcome == USUAL_OUTCOME,
        PublishedCell.intervention_id.is_not(None),
        PublishedCell.table_name.in_(tables),
    )
    found: Published = {}
    for row in db.session.execute(query).scalars():
        paired = row.table_name in PAIRS
        cells = figures_by_group(row.figures) if paired else {row.group: Figures.from_text(row.figures)}
        shown = {group: figures for group, figures in cells.items() if figures.has_figure}
        if row.intervention_id is not None and shown:
            found.setdefault(row.intervention_id, {}).setdefault(row.table_name, {}).update(shown)
    return found


def people_in_words(figures: Figures) -> str:
    """Return how many young people carry a published figure, as it may be said."""
    if figures.people is None:
        return AS_RANGE.get(figures.state, AS_RANGE[State.EARLY])
    return f"{figures.people:,} or more"


def _state(access: Access) -> tuple[PersonState | None, datetime | None]:
    query = select(PersonModelRow).where(PersonModelRow.council_id == access.council_id)
    row = db.session.execute(query).scalar_one_or_none()
    if row is None or row.version != VERSION:
        return None, None
    return PersonState.from_text(row.state), row.made_at


def _estimated(state: PersonState, own: OwnRecords, offers: list[UUID]) -> dict[UUID, OnePerson]:
    """Return estimates by offer; an offer that the model has not heard of has none."""
    more = [offer for offer in offers if offer not in state.offers]
    place = {offer: index for index, offer in enumerate((*state.offers, *more))}
    found = own_effects(state.model.with_more(len(more)), _panel(own, place))
    names = {index: offer for offer, index in place.items()}
    return {
        names[int(found.intervention[at])]: one_person(found, at, name="", intervention="")
        for at in range(found.person.size)
        if not found.withheld[at]
    }


def _panel(own: OwnRecords, place: dict[UUID, int]) -> Panel:
    """Return one person's records as the engine's arrays."""
    dated = [(place[one.offer_id], one.referred_on) for one in own.places if one.referred_on and one.offer_id in place]
    return Panel(
        check_ins=CheckIns(
            np.zeros(len(own.scores), np.int64),
            times_of(one.at for one in own.scores),
            np.array([one.score_0_10 for one in own.scores], np.float64),
        ),
        sessions=Sessions(
            np.zeros(len(own.sessions), np.int64),
            np.array([place[one.offer_id] for one in own.sessions], np.int64),
            times_of(one.at for one in own.sessions),
        ),
        interventions=tuple(str(offer) for offer in place),
        people=1,
        referrals=Referrals(
            np.zeros(len(dated), np.int64),
            np.array([kind for kind, _ in dated], np.int64),
            np.array([day for _, day in dated], dtype="datetime64[s]"),
        ),
        prompts=Prompts(
            np.zeros(len(own.prompts), np.int64),
            times_of(one.at for one in own.prompts),
            np.array([one.answered for one in own.prompts], np.bool_),
        ),
    )


def _told(one: OnePerson, name: str, offer: str, figures: Figures) -> OnePerson:
    """Name people and offer, and let the published figures alone speak for everybody."""
    whole = figures.change if figures.change is not None else one.whole
    return replace(one, name=name, intervention=offer, people=people_in_words(figures), whole=whole)
