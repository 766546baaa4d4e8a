"""The published figures: a fixed set of tables, refreshed nightly."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto.fields import SealedBytes, SealedRow, SealedText
from app.crypto.keyring import Owner, OwnerKind
from app.impact.tables import USUAL_OUTCOME
from app.young_people.models import PersonRow


class PublishedCell(SealedRow):
    """One cell of a published table, and (sealed) the state of each person's data when it was published.

    A table of two columns has one row for each offer, with all of its cells by group.
    """

    __tablename__ = "published_cells"
    __table_args__ = (UniqueConstraint("council_id", "outcome", "table_name", "intervention_id", "group_key"),)

    council_id: Mapped[UUID] = mapped_column(ForeignKey("councils.id"), index=True)
    outcome: Mapped[str] = mapped_column(String(40), default=USUAL_OUTCOME, server_default=USUAL_OUTCOME)
    table_name: Mapped[str] = mapped_column(String(40))
    intervention_id: Mapped[UUID | None] = mapped_column(ForeignKey("offers.id"))
    """The offer; None for the council's totals."""
    group_key: Mapped[str] = mapped_column(String(32), default="")
    """Blind index of the group's name: which needs or localities a council has is not written in clear."""
    published_at: Mapped[datetime]
    group = SealedText()
    figures = SealedText()
    """What the pages may show of the cell, as JSON; already suppressed and rounded."""
    contributions = SealedText()
    """Young person id to fingerprint of their data, as JSON: says how many people have something new."""
    told = SealedText()
    """Of everyone at an offer: its columns as they were published before, as JSON."""

    @property
    def key_owner(self) -> Owner:
        return OwnerKind.COUNCIL, self.council_id


class ScoreBlock(PersonRow):
    """What group figures need of one young person, opened once: sealed again, under their own key."""

    __tablename__ = "score_blocks"
    __table_args__ = (UniqueConstraint("young_person_id"),)

    version: Mapped[int]
    """The form of `contents`; one of another version is not opened, but made anew."""
    contents = SealedBytes()
    """When they checked in and with what score, and the labels to compare by; no word of any check-in."""


class Refresh(SealedRow):
    """One run of the refresh: when, and how many cells it published anew."""

    __tablename__ = "refreshes"

    council_id: Mapped[UUID] = mapped_column(ForeignKey("councils.id"), index=True)
    at: Mapped[datetime]
    read_to: Mapped[int] = mapped_column(default=0, server_default="0")
    """The entry of the audit trail up to which everything that was changed had been read."""
    summary = SealedText()
    """How much was read, and how many cells of each table were published anew, kept and withheld, as JSON."""

    @property
    def key_owner(self) -> Owner:
        return OwnerKind.COUNCIL, self.council_id


class PersonModelRow(SealedRow):
    """What single persons' estimates take from everybody: one row a council, made by the refresh."""

    __tablename__ = "person_models"

    council_id: Mapped[UUID] = mapped_column(ForeignKey("councils.id"), unique=True)
    made_at: Mapped[datetime]
    version: Mapped[int]
    """The format of `state`; one of another version is not read, but made anew."""
    state = SealedText()
    """Shared weeks, shapes, variances, means and spreads, as JSON; no young person's own figure."""

    @property
    def key_owner(self) -> Owner:
        return OwnerKind.COUNCIL, self.council_id
