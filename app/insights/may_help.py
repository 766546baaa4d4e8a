"""What may help next: offers that somebody has not begun, ordered only where published figures can bear an order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.breaks.queries import open_offers_for, places_of
from app.breaks.values import OpenOffer
from app.impact.council_panel import age_band, label_of
from app.impact.disclosure import Figures
from app.impact.evidence_words import BETTER, LOOK_CLOSER, evidence_of
from app.impact.like_them import Reach, can_be_ordered, like_them
from app.impact.person_queries import AfterOffer, published_for
from app.impact.tables import BY_AGE, EVERYONE, PAIRS, labels_of
from app.young_people.queries import record_of
from app.young_people.values import Access

BY_NEED = "by_need"
NEED_AND_AGE = next(table for table, columns in PAIRS.items() if set(columns) == {BY_NEED, BY_AGE})
ALIKE = {NEED_AND_AGE: "main need and age", BY_NEED: "main need", BY_AGE: "age"}
"""The tables in which somebody's own group is looked for, the closest first, and what its people have in common."""


Tables = dict[str, dict[str, Figures]]


@dataclass(frozen=True, slots=True)
class Option:
    """One offer with what is published of it; `reach` is for people like this one as far as they can be told."""

    offer: OpenOffer
    has_place: bool
    figures: Figures | None
    reach: Reach | None

    @property
    def is_better(self) -> bool:
        """Whether better wellbeing followed, surely enough to say so, and for people like them too."""
        return self._is_graded_as(*BETTER.values()) and self.reach is not None and self.reach.change > 0

    @property
    def is_worse(self) -> bool:
        return self._is_graded_as(LOOK_CLOSER)

    def _is_graded_as(self, *grades: object) -> bool:
        return self.figures is not None and evidence_of(self.figures) in grades


@dataclass(frozen=True, slots=True)
class MayHelp:
    """Offers by how much can be said: better wellbeing followed, we cannot tell, lower followed, too few so far.

    Each is in order of the alphabet, but the first where `is_ordered`: the figures are far enough apart.
    """

    better: tuple[Option, ...]
    unsure: tuple[Option, ...]
    worse: tuple[Option, ...]
    unknown: tuple[Option, ...]
    is_ordered: bool


def may_help(access: Access, begun: Iterable[AfterOffer]) -> MayHelp:
    """Return the open offers that a young person has not begun, from published figures alone."""
    published, own = published_for(access, (EVERYONE, *ALIKE)), own_labels(access)
    placed = {place.offer_id for place in places_of(access) if place.goes_on}
    known = {one.offer_id for one in begun}
    options = [
        _option(offer, published.get(offer.offer_id, {}), own, has_place=offer.offer_id in placed)
        for offer in open_offers_for(access)
        if offer.offer_id not in known
    ]
    return sorted_by_evidence(options)


def own_labels(access: Access) -> dict[str, str]:
    """Return what somebody is counted under in each of the two columns; empty where nothing is recorded."""
    record = record_of(access)
    return {BY_NEED: label_of(record.primary_need), BY_AGE: age_band(record.date_of_birth)}


def _option(offer: OpenOffer, tables: Tables, own: dict[str, str], *, has_place: bool) -> Option:
    everyone = tables.get(EVERYONE, {}).get("")
    alike = [(words, own_group(table, tables.get(table, {}), own)) for table, words in ALIKE.items()]
    shown = [(words, figures) for words, figures in alike if figures is not None]
    return Option(offer, has_place, everyone, like_them(everyone, shown) if everyone else None)


def own_group(table: str, groups: dict[str, Figures], own: dict[str, str]) -> Figures | None:
    """Return what a table says of somebody's own group; None where it has no figure, or they are in none."""
    labels = [own[column].casefold() for column in PAIRS.get(table, (table,))]
    if not all(labels):
        return None
    return next((figures for name, figures in groups.items() if _folded(name) == labels), None)


def _folded(group: str) -> list[str]:
    return [label.casefold() for label in labels_of(group)]


def sorted_by_evidence(options: Sequence[Option]) -> MayHelp:
    """Put options, given by name, where they belong; an order by figures only where these can bear it."""
    better = [one for one in options if one.is_better]
    is_ordered = can_be_ordered([one.reach for one in better if one.reach is not None])
    if is_ordered:
        better.sort(key=lambda one: one.reach.change if one.reach else 0.0, reverse=True)
    worse = [one for one in options if one.is_worse]
    unknown = [one for one in options if one.reach is None]
    told = {one.offer.offer_id for one in (*better, *worse, *unknown)}
    unsure = [one for one in options if one.offer.offer_id not in told]
    return MayHelp(tuple(better), tuple(unsure), tuple(worse), tuple(unknown), is_ordered)
