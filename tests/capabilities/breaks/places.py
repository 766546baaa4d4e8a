"""Offers, sessions and places for the tests of short breaks."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from app.breaks.models import Attendance, Offer, Provider, Session
from app.breaks.services import create_offer, create_provider, create_session, place_young_person
from app.breaks.values import OfferDetails
from app.database import db, transaction
from tests.people import Cast

LAST_TUESDAY = datetime(2026, 10, 6, 16, 0, tzinfo=UTC)
REFERRED = date(2026, 9, 1)


@dataclass(frozen=True)
class Break:
    """One offer of Peak Wall with one past session, on which Amina has a place; and another organisation's."""

    offer_id: UUID
    session_id: UUID
    other_offer_id: UUID
    other_session_id: UUID

    @property
    def offer(self) -> Offer:
        return db.session.get_one(Offer, self.offer_id)

    @property
    def session(self) -> Session:
        return db.session.get_one(Session, self.session_id)


def make_break(cast: Cast) -> Break:
    """Make both organisations' offers in the cast's council; commits."""
    with transaction():
        offer = create_offer(
            council_id=cast.council_id,
            provider_id=cast.provider_id,
            details=OfferDetails("Climbing club", place="Peak Wall", cost_per_place=3800),
            actor=None,
        )
        other = create_provider(council_id=cast.council_id, name="River Trust", actor=None)
        other_offer = create_offer(
            council_id=cast.council_id, provider_id=other.id, details=OfferDetails("Canoeing"), actor=None
        )
        sessions = [
            create_session(offer=each, starts_at=LAST_TUESDAY, ends_at=LAST_TUESDAY + timedelta(hours=2), actor=None)
            for each in (offer, other_offer)
        ]
        place_young_person(offer=offer, young_person_id=cast.amina, referred_on=REFERRED, actor=None)
        return Break(offer.id, sessions[0].id, other_offer.id, sessions[1].id)


def attendances() -> list[Attendance]:
    return list(db.session.execute(db.select(Attendance)).scalars())


def provider_id_of(offer: Offer) -> UUID:
    return db.session.get_one(Provider, offer.provider_id).id
