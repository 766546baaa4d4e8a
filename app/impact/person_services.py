"""Keeping, from one refresh to the next, the model that single persons' estimates take from everybody."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.database import db
from app.impact.council_fit import CouncilFit
from app.impact.models import PersonModelRow
from app.impact.person import person_model_of
from app.impact.person_state import VERSION, PersonState


def learn_person_state(fit: CouncilFit) -> PersonState | None:
    """Return what a council's records say of single persons' estimates; None where there is nothing to fit."""
    if fit.fits is None:
        return None
    offers = tuple(offer.offer_id for offer in fit.council.offers)
    return PersonState(offers, person_model_of(fit.fits, fit.held.persons if fit.held else None))


def keep_person_state(
    *, council_id: UUID, fresh: PersonState | None, offers_anew: Collection[UUID], shared_anew: bool, at: datetime
) -> None:
    """Store a council's model by the rule of the published cells; part of a refresh, which is what is audited.

    `offers_anew` and `shared_anew` name what at least 10 young people have something new of.
    """
    if fresh is None:
        return
    row = db.session.execute(select(PersonModelRow).where(PersonModelRow.council_id == council_id)).scalar_one_or_none()
    if row is None:
        row = PersonModelRow(council_id=council_id, made_at=at)
        db.session.add(row)
    elif row.version == VERSION:
        if not offers_anew and not shared_anew:
            return
        fresh = PersonState.from_text(row.state).renewed(fresh, offers_anew=offers_anew, shared_anew=shared_anew)
    row.made_at, row.version, row.state = at, VERSION, fresh.as_text()
