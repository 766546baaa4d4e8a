"""One council's records as the engine's arrays, with who counts where and a fingerprint of what each brings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

import numpy as np

from app import clock
from app.breaks.queries import attendance_of_council
from app.breaks.values import CouncilAttendance, OfferFact, Referral
from app.impact.contributions import ENTRY, Contributions
from app.impact.council_records import CouncilRecords
from app.impact.disclosure import ENOUGH_WEEKS
from app.impact.fingerprints import ALL_OF_IT, Marks, marks_of
from app.impact.panel import DAYS, days_of
from app.impact.score_blocks import EMPTY, Block
from app.impact.tables import BY_AGE, COLUMNS, MORE_THAN_ONE, NOT_RECORDED, USUAL_OUTCOME
from app.impact.values import CheckIns, Integers, Outcome, Panel, Prompts, Referrals, Sessions, Truths
from app.prompts.queries import prompts_of_council
from app.prompts.values import CouncilPrompt

YOUNGEST = "Under 11"
AGE_BANDS = ((11, YOUNGEST), (14, "11 to 13"), (17, "14 to 16"), (20, "17 to 19"), (150, "20 and over"))
SEVERAL = ("by_presenting_need", "by_diagnosis")


@dataclass(frozen=True)
class Counted:
    """Who counts at one offer: their places (N,) among the council's people, ascending, and the `sessions` of each."""

    place: Integers
    sessions: Integers

    def part(self, chosen: Truths | Integers | slice) -> "Counted":
        return Counted(self.place[chosen], self.sessions[chosen])


@dataclass(frozen=True)
class CouncilPanel:
    """What one refresh reads.

    `counted` holds, by offer, who counts there; `marks` a fingerprint of what each person brings, (people,), by offer
    (under `ALL_OF_IT`: of everything they bring); `labels`, by table, each person's group in the order of `people`,
    empty where none is recorded. `outcome` says what the scores are of; `recorded` holds them as they came,
    where the panel's were put on one level, and `full_time` (N,) tells of each whether it was a week of full time.
    """

    people: tuple[UUID, ...]
    panel: Panel
    offers: tuple[OfferFact, ...]
    counted: dict[UUID, Counted]
    marks: dict[UUID, Marks]
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

    @cached_property
    def ids(self) -> Marks:
        """The people's ids, (people,), as contributions name them."""
        return np.array([person.hex.encode() for person in self.people], ENTRY["person"])

    def brought(self, offer_id: UUID, place: Integers) -> Contributions:
        """Return the fingerprints of what the people at these places (N,) bring to an offer."""
        entries = np.empty(place.size, ENTRY)
        entries["person"], entries["mark"] = self.ids[place], self.marks[offer_id][place]
        return Contributions(entries)

    @cached_property
    def brought_in_all(self) -> Contributions:
        """The fingerprints of everything that each person brings."""
        return self.brought(ALL_OF_IT, np.arange(len(self.people)))

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
    """Put a council's records together: who checked in and who came where."""
    people = tuple(sorted(records.blocks, key=str))
    place = {person: index for index, person in enumerate(people)}
    breaks = attendance_of_council(council_id)
    kinds = {offer.offer_id: index for index, offer in enumerate(breaks.offers)}
    referrals = [referral for referral in breaks.referrals if referral.young_person_id in place]
    panel = Panel(
        _check_ins([records.blocks[person] for person in people]),
        _sessions(breaks, place, kinds),
        tuple(offer.name for offer in breaks.offers),
        len(people),
        _referrals(referrals, place, kinds) if referrals else None,
    )
    labels = {table: _labels(table, [records.blocks[person].labels[table] for person in people]) for table in COLUMNS}
    return _counted_panel(CouncilPanel(people, panel, tuple(breaks.offers), {}, {}, labels))


def with_prompts(council_id: UUID, council: CouncilPanel) -> CouncilPanel:
    """Return the same with who was asked, which only figures need: it tells of nobody whether anything is new."""
    asked = [one for one in prompts_of_council(council_id) if one.young_person_id in council.place]
    return replace(council, panel=replace(council.panel, prompts=_prompts(asked, council.place))) if asked else council


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
    counted = _counted(council.panel, council.offers)
    offers = [offer.offer_id for offer in council.offers]
    marks = marks_of(council.panel, offers, council.as_recorded, council.full_time)
    return replace(council, counted=counted, marks=marks)


def _labels(table: str, kept: Sequence[str]) -> tuple[str, ...]:
    label = {one: _label(table, one) for one in set(kept)}
    return tuple(label[one] for one in kept)


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


def _sessions(read: CouncilAttendance, place: dict[UUID, int], kinds: dict[UUID, int]) -> Sessions:
    lines = np.array(read.attended, np.int64).reshape(-1, 2)
    person = np.array([place.get(someone, -1) for someone in read.people], np.int64)[lines[:, 0]]
    kind = np.array([kinds[session.offer_id] for session in read.sessions], np.int64)[lines[:, 1]]
    time = times_of(session.starts_at for session in read.sessions)[lines[:, 1]]
    return Sessions(person[person >= 0], kind[person >= 0], time[person >= 0])


def _referrals(referrals: Sequence[Referral], place: dict[UUID, int], kinds: dict[UUID, int]) -> Referrals:
    return Referrals(
        np.fromiter((place[referral.young_person_id] for referral in referrals), np.int64, len(referrals)),
        np.fromiter((kinds[referral.offer_id] for referral in referrals), np.int64, len(referrals)),
        np.array([referral.referred_on for referral in referrals], dtype="datetime64[s]"),
    )


def _counted(panel: Panel, offers: Sequence[OfferFact]) -> dict[UUID, Counted]:
    """Return who has at least 3 weeks of check-ins before the first session and 3 from it on, with their sessions."""
    nobody = Counted(np.zeros(0, np.int64), np.zeros(0, np.int64))
    found = {offer.offer_id: nobody for offer in offers}
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
    for kind, one in enumerate(offers):
        mine = enough & (offer == kind)
        found[one.offer_id] = Counted(person[mine], sessions[mine])
    return found
