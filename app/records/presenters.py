"""What pages show of requests, of what forgetting would do, and of who was forgotten."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from app import clock
from app.records.kinds import counted
from app.records.models import DataRequest, Erasure, ForgettingProposal, KeptConcern
from app.records.values import ANSWER_WITHIN, BASIS_WORDS, Answer, WhatGoes
from app.web.dates import moment_in_words, on_day, on_moment, whole_date
from app.web.languages import _, _l, ngettext
from app.young_people.models import YoungPerson

IN_A_RECEIPT = 4


@dataclass(frozen=True, slots=True)
class ForgetPage:
    """What would go, and what would stay, if somebody were forgotten now."""

    id: UUID
    name: str
    reference: str
    goes: list[tuple[str, int]]
    sessions_counted: int
    concerns_kept: int
    keep_until: str
    asked: str
    said: str


def forget_page(person: YoungPerson, what: WhatGoes, request: DataRequest | None) -> ForgetPage:
    return ForgetPage(
        id=person.id,
        name=f"{person.first_name} {person.last_name}".strip(),
        reference=person.reference,
        goes=counted(what.rows),
        sessions_counted=what.sessions_counted,
        concerns_kept=what.concerns_kept,
        keep_until=whole_date(what.keep_until),
        asked=on_moment(request.asked_at) if request else "",
        said=request.words if request else "",
    )


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One request that waits for the council's answer."""

    id: UUID
    young_person_id: UUID
    name: str
    asked: str
    answer_by: str
    is_late: bool


def request_lines(found: Iterable[tuple[DataRequest, YoungPerson]]) -> list[RequestLine]:
    return [_line(request, person) for request, person in found]


def _line(request: DataRequest, person: YoungPerson) -> RequestLine:
    due = request.asked_at + ANSWER_WITHIN
    return RequestLine(
        id=request.id,
        young_person_id=person.id,
        name=f"{person.first_name} {person.last_name}".strip(),
        asked=on_day(clock.in_britain(request.asked_at).date()),
        answer_by=whole_date(clock.in_britain(due).date()),
        is_late=due - timedelta(days=7) < clock.now(),
    )


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """One proposal to forget somebody, which waits for another member of staff."""

    young_person_id: UUID
    name: str
    by: str
    when: str
    why: str
    reason: str
    is_mine: bool


def proposal_line(
    proposal: ForgettingProposal, person: YoungPerson, names: Mapping[UUID, str], viewer_id: UUID
) -> ProposalLine:
    is_mine = proposal.proposed_by == viewer_id
    return ProposalLine(
        young_person_id=person.id,
        name=f"{person.first_name} {person.last_name}".strip(),
        by="you" if is_mine else names.get(proposal.proposed_by, "somebody who has left"),
        when=on_moment(proposal.proposed_at),
        why=BASIS_WORDS[proposal.basis],
        reason=proposal.reason,
        is_mine=is_mine,
    )


@dataclass(frozen=True, slots=True)
class ErasureLine:
    """That somebody was forgotten: no name, since nobody knows it any more."""

    id: UUID
    when: str
    why: str
    by: str
    rows: int
    concerns: int
    keep_until: str


def erasure_lines(erasures: Iterable[Erasure], names: Mapping[UUID, str]) -> list[ErasureLine]:
    return [
        ErasureLine(
            id=one.id,
            when=whole_date(clock.in_britain(one.at).date()),
            why=BASIS_WORDS[one.basis],
            by=_deciders(one, names),
            rows=one.rows,
            concerns=one.concerns,
            keep_until=whole_date(one.keep_until),
        )
        for one in erasures
    ]


def _deciders(one: Erasure, names: Mapping[UUID, str]) -> str:
    """Return who proposed it and who confirmed it."""
    found = [names.get(who, "somebody who has left") for who in (one.proposed_by, one.decided_by) if who is not None]
    words = " and ".join(found) or "the command line"
    return f"{words[0].upper()}{words[1:]}"


@dataclass(frozen=True, slots=True)
class KeptLine:
    """One kept call for help."""

    raised: str
    raised_by: str
    taken_on: str
    about: list[tuple[str, str]]
    words: str
    decisions: str
    keep_until: str


def kept_lines(concerns: Iterable[KeptConcern]) -> list[KeptLine]:
    return [_kept(one) for one in concerns]


def _kept(one: KeptConcern) -> KeptLine:
    about = one.about
    labels = (("name", "Name"), ("reference", "Reference"), ("date_of_birth", "Born"))
    taken = on_moment(one.acknowledged_at) if one.acknowledged_at else ""
    return KeptLine(
        raised=moment_in_words(one.raised_at),
        raised_by=about.get("raised_by", ""),
        taken_on=f"{about.get('taken_on_by', '')} {taken}".strip(),
        about=[(label, about[name]) for name, label in labels if about.get(name)],
        words=one.words,
        decisions=about.get("decisions", ""),
        keep_until=whole_date(one.keep_until),
    )


@dataclass(frozen=True, slots=True)
class OwnRequest:
    """What a young person asked, in their words and ours."""

    asked: str
    said: str
    answer: str
    reply: str
    receipt: str
    answer_by: str
    is_open: bool


ANSWERS = {Answer.SAID_NO: _l("We said no %(when)s."), Answer.TAKEN_BACK: _l("You took it back %(when)s.")}


def own_request_lines(requests: Iterable[DataRequest]) -> list[OwnRequest]:
    return [
        OwnRequest(
            asked=on_moment(one.asked_at),
            said=one.words,
            answer=str(ANSWERS[one.answer]) % {"when": on_moment(one.answered_at)}
            if one.answer and one.answered_at
            else "",
            reply=one.reply,
            receipt=in_groups(one.receipt) if one.answered_at is None else "",
            answer_by=whole_date(clock.in_britain(one.asked_at + ANSWER_WITHIN).date()),
            is_open=one.answered_at is None,
        )
        for one in requests
    ]


def in_groups(receipt: str) -> str:
    """Return a receipt as people copy it: in groups of four."""
    return "-".join(receipt[start : start + IN_A_RECEIPT] for start in range(0, len(receipt), IN_A_RECEIPT))


@dataclass(frozen=True, slots=True)
class Became:
    """What became of a request, for whoever holds its receipt: nothing of whose it was."""

    title: str
    words: str
    kept: str = ""


def became(found: DataRequest | Erasure) -> Became:
    if isinstance(found, Erasure):
        when = on_day(clock.in_britain(found.at).date())
        kept = ""
        if found.concerns:
            kept = ngettext(
                "One call for help is locked away until %(when)s. The law says so. Then that goes too.",
                "%(num)s calls for help are locked away until %(when)s. The law says so. Then that goes too.",
                found.concerns,
                when=whole_date(found.keep_until),
            )
        return Became(
            _("It is done"), _("We forgot you %(when)s. Your words are gone, from our copies too.", when=when), kept
        )
    asked = on_day(clock.in_britain(found.asked_at).date())
    if found.answer is Answer.TAKEN_BACK:
        return Became(
            _("You took it back"),
            _("You asked us %(asked)s, and then you took it back. All is as it was.", asked=asked),
        )
    if found.answer is Answer.SAID_NO:
        return Became(
            _("We said no"), _("You asked us %(asked)s. Open Tidemark and look at My data to see why.", asked=asked)
        )
    by = whole_date(clock.in_britain(found.asked_at + ANSWER_WITHIN).date())
    return Became(_("We have it"), _("You asked us %(asked)s. We will tell you by %(by)s.", asked=asked, by=by))
