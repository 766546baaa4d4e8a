"""One council's records as the engine's arrays, with who counts where and a fingerprint of what each brings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from hashlib import blake2b
from itertools import pairwise
from uuid import UUID

import numpy as np

from app import clock
from app.breaks.queries import attendance_of_council
from app.breaks.values import AttendanceFact, OfferFact, Referral
from app.impact.council_records import CouncilRecords
from app.impact.disclosure import ENOUGH_WEEKS
from app.impact.panel import DAYS, days_of
from app.impact.score_blocks import EMPTY, Block
from app.impact.tables import BY_AGE, COLUMNS, MORE_THAN_ONE, NOT_RECORDED, USUAL_OUTCOME
from app.impact.values import CheckIns, Integers, Outcome, Panel, Prompts, Referrals, Sessions, Truths
from app.prompts.queries import prompts_of_council
from app.prompts.values import CouncilPrompt

YOUNGEST = "Under 11"
AGE_BANDS = ((11, YOUNGEST), (14, "11 to 13"), (17, "14 to 16"), (20, "17 to 19"), (150, "20 and over"))
SEVERAL = ("by_presenting_need", "by_diagnosis")
FINGERPRINT_BYTES = 8
ALL_OF_IT = UUID(int=0)


@dataclass(frozen=True)
class CouncilPanel:
    """What one refresh reads.

    `counted` holds, by offer, who counts there and how many sessions each attended; `fingerprints` what each person
    brings, by offer (under `ALL_OF_IT`: everything they bring); `labels`, by table, each person's group in the order of
    `people`, empty where none is recorded. `outcome` says what the scores are of; `recorded` holds them as they came,
    where the panel's were put on one level, and `full_time` (N,) tells of each whether it was a week of full time.
    """

    people: tuple[UUID, ...]
    panel: Panel
    offers: tuple[OfferFact, ...]
    counted: dict[UUID, dict[UUID, int]]
    fingerprints: dict[tuple[UUID, UUID], str]
    labels: dict[str, tuple[str, ...]]
    outcome: str = USUAL_OUTCOME
    recorded: CheckIns | None = None
    full_time: Truths | None = None

    @cached_property
    def place(self) -> dict[UUID, int]:
        """Where each person stands in `people`."""
        return {person: index for index, person in enumerate(self.people)}

    @cached_property
    def names(self) -> dict[UUID | None, str]:
        """The offers' names."""
        return {offer.offer_id: offer.name for offer in self.offers}

    def brought(self, offer_id: UUID, people: Iterable[UUID]) -> dict[str, str]:
        """Return the fingerprint of what each of `people` brings to an offer, by their id."""
        return {person.hex: self.fingerprints[offer_id, person] for person in people}

    @property
    def as_recorded(self) -> CheckIns:
        """The scores as they came, before anything was put on one level."""
        return self.panel.check_ins if self.recorded is None else self.recorded

    @property
    def check_ins(self) -> int:
        return self.as_recorded.person.size

    @property
    def sessions(self) -> int:
        return self.panel.sessions.person.size


def read_council(council_id: UUID, records: CouncilRecords) -> CouncilPanel:
    """Put a council's records together: who checked in, who came where, and who was asked."""
    people = tuple(sorted(records.blocks, key=str))
    place = {person: index for index, person in enumerate(people)}
    breaks = attendance_of_council(council_id)
    kinds = {offer.offer_id: index for index, offer in enumerate(breaks.offers)}
    asked = [one for one in prompts_of_council(council_id) if one.young_person_id in place]
    attended = [fact for fact in breaks.attended if fact.young_person_id in place]
    referrals = [referral for referral in breaks.referrals if referral.young_person_id in place]
    panel = Panel(
        _check_ins([records.blocks[person] for person in people]),
        _sessions(attended, place, kinds),
        tuple(offer.name for offer in breaks.offers),
        len(people),
        _referrals(referrals, place, kinds) if referrals else None,
        _prompts(asked, place) if asked else None,
    )
    labels = {
        table: tuple(_label(table, records.blocks[person].labels[table]) for person in people) for table in COLUMNS
    }
    return _counted_panel(CouncilPanel(people, panel, tuple(breaks.offers), {}, {}, labels))


def with_outcome(
    council: CouncilPanel,
    code: str,
    outcome: Outcome,
    scores: CheckIns,
    *,
    recorded: CheckIns | None = None,
    full_time: Truths | None = None,
) -> CouncilPanel:
    """Return the same young people and offers with another outcome's scores, in the unit in which it is shown.

    `code` stands in the database. Who counts follows from the scores: 3 weeks with one before the start, 3 from it on.
    What is new is told by `recorded`, the scores as they came: what is taken off them is learnt from everybody.
    """
    shown = outcome.as_shown
    panel = replace(council.panel, check_ins=_times(scores, outcome), prompts=None, outcome=shown)
    as_came = None if recorded is None else _times(recorded, outcome)
    return _counted_panel(replace(council, panel=panel, outcome=code, recorded=as_came, full_time=full_time))


def _times(scores: CheckIns, outcome: Outcome) -> CheckIns:
    return replace(scores, score=scores.score * outcome.times)


def _counted_panel(council: CouncilPanel) -> CouncilPanel:
    counted = _counted(council.panel, council.people, council.offers)
    return replace(council, counted=counted, fingerprints=_fingerprints(council))


def _label(table: str, kept: str) -> str:
    if table == BY_AGE:
        return age_band(date.fromisoformat(kept) if kept else None)
    return label_of(kept.split("\n") if table in SEVERAL else kept)


def label_of(value: str | list[str]) -> str:
    """Return what somebody is counted under: of several diagnoses or needs none is the main one, so they are one group.

    Every person is in one group of each column, so that groups add up.
    """
    if isinstance(value, str):
        return " ".join(value.split())
    named = {label.casefold(): label for text in value if (label := " ".join(text.split()))}
    return MORE_THAN_ONE if len(named) > 1 else next(iter(named.values()), NOT_RECORDED)


def age_band(born: date | None) -> str:
    if born is None:
        return NOT_RECORDED
    today = clock.today()
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return next((band for below, band in AGE_BANDS if age < below), NOT_RECORDED)


def times_of(moments: Iterable[datetime]) -> np.ndarray[tuple[int], np.dtype[np.datetime64]]:
    """Return moments as a British clock and calendar show them, (N,)."""
    return np.array([clock.in_britain(at).replace(tzinfo=None) for at in moments], dtype="datetime64[s]")


def _check_ins(blocks: Sequence[Block]) -> CheckIns:
    codes = sorted({code for block in blocks for code in block.measures})
    number = {code: place for place, code in enumerate(codes)}
    entries = np.concatenate([EMPTY.entries, *(block.entries for block in blocks)])
    return CheckIns(
        np.repeat(np.arange(len(blocks)), [block.entries.size for block in blocks]).astype(np.int64),
        entries["at"].astype(np.int64).view("datetime64[s]"),
        entries["score"].astype(np.float64),
        np.concatenate([np.zeros(0, np.int64), *(_numbered(block, number) for block in blocks)]),
    )


def _numbered(block: Block, number: Mapping[str, int]) -> Integers:
    own = np.array([number[code] for code in block.measures], np.int64)
    found: Integers = own[block.entries["measure"]]
    return found


def _prompts(asked: Sequence[CouncilPrompt], place: dict[UUID, int]) -> Prompts:
    return Prompts(
        np.fromiter((place[one.young_person_id] for one in asked), np.int64, len(asked)),
        times_of(one.at for one in asked),
        np.fromiter((one.answered for one in asked), np.bool_, len(asked)),
    )


def _sessions(attended: Sequence[AttendanceFact], place: dict[UUID, int], kinds: dict[UUID, int]) -> Sessions:
    return Sessions(
        np.fromiter((place[fact.young_person_id] for fact in attended), np.int64, len(attended)),
        np.fromiter((kinds[fact.offer_id] for fact in attended), np.int64, len(attended)),
        times_of(fact.starts_at for fact in attended),
    )


def _referrals(referrals: Sequence[Referral], place: dict[UUID, int], kinds: dict[UUID, int]) -> Referrals:
    return Referrals(
        np.fromiter((place[referral.young_person_id] for referral in referrals), np.int64, len(referrals)),
        np.fromiter((kinds[referral.offer_id] for referral in referrals), np.int64, len(referrals)),
        np.array([referral.referred_on for referral in referrals], dtype="datetime64[s]"),
    )


def _counted(panel: Panel, people: Sequence[UUID], offers: Sequence[OfferFact]) -> dict[UUID, dict[UUID, int]]:
    """Return who has at least 3 weeks of check-ins before the first session and 3 from it on, with their sessions."""
    found: dict[UUID, dict[UUID, int]] = {offer.offer_id: {} for offer in offers}
    entries, visits = panel.check_ins, panel.sessions
    if entries.person.size == 0 or visits.person.size == 0:
        return found
    week, visited = days_of(entries.time) // DAYS, days_of(visits.time) // DAYS
    start = min(int(week.min()), int(visited.min()))
    span = max(int(week.max()), int(visited.max())) - start + 1
    cells = np.unique(entries.person * span + week - start)
    pairs, place, sessions = np.unique(
        visits.person * len(offers) + visits.intervention, return_inverse=True, return_counts=True
    )
    first = np.full(pairs.size, span)
    np.minimum.at(first, place, visited - start)
    person, offer = np.divmod(pairs, len(offers))
    begin, onset, end = (np.searchsorted(cells, person * span + at) for at in (0, first, span))
    enough = (onset - begin >= ENOUGH_WEEKS) & (end - onset >= ENOUGH_WEEKS)
    for at in np.flatnonzero(enough):
        found[offers[offer[at]].offer_id][people[person[at]]] = int(sessions[at])
    return found


def _fingerprints(council: CouncilPanel) -> dict[tuple[UUID, UUID], str]:
    """Return a digest of each person's check-ins with their sessions at, and referral to, each offer they came to."""
    panel, people, offers, entries = council.panel, council.people, council.offers, council.as_recorded
    columns = [entries.time.astype(np.int64), entries.score.view(np.int64)]
    if council.full_time is not None:
        columns.append(council.full_time.astype(np.int64))
    order = np.lexsort((*columns[::-1], entries.person))
    moods = _slices(entries.person[order], len(people), *(column[order] for column in columns))
    wide = max(len(offers), 1)
    visits, size = _by_pair(panel.sessions, wide), len(people) * wide
    asked = _by_pair(panel.referrals, wide) if panel.referrals is not None else (visits[0][:0], visits[1][:0])
    at_offers = _slices(visits[0], size, visits[1])
    referred = _slices(asked[0], size, asked[1])
    found = {(ALL_OF_IT, person): _digest(moods[at]) for at, person in enumerate(people)}
    for key in np.unique(visits[0]):
        person, offer = divmod(int(key), wide)
        found[offers[offer].offer_id, people[person]] = _digest(moods[person], at_offers[key], referred[key])
    for person in range(len(people)):
        own = slice(person * wide, (person + 1) * wide)
        found[ALL_OF_IT, people[person]] = _digest(moods[person], *at_offers[own])
    return found


def _by_pair(events: Sessions | Referrals, wide: int) -> tuple[Integers, Integers]:
    key = events.person * wide + events.intervention
    times = np.asarray(events.time).astype(np.int64)
    order = np.lexsort((times, key))
    return key[order], times[order]


def _slices(key: Integers, size: int, *columns: Integers) -> list[bytes]:
    """Return, for every key from 0 to size - 1, the bytes of its rows; `key` is in order."""
    rows = np.column_stack(columns)
    ends = np.searchsorted(key, np.arange(size + 1))
    return [rows[start:end].tobytes() for start, end in pairwise(ends)]


def _digest(*parts: bytes) -> str:
    found = blake2b(digest_size=FINGERPRINT_BYTES)
    for part in parts:
        found.update(len(part).to_bytes(8, "big") + part)
    return found.hexdigest()
