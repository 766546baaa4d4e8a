"""What a young person sees of what they said after sessions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app import clock
from app.breaks.feedback import HOW_WAS_IT, Treated, treated_of
from app.breaks.models import SessionFeedback
from app.breaks.values import SessionAttended
from app.web.dates import on_day, short_month, short_weekday
from app.young_people.sharing import TeamMember, readers

FACES = tuple(HOW_WAS_IT.items())
TREATED = tuple((one.value, one.words) for one in reversed(Treated))


@dataclass(frozen=True, slots=True)
class AfterCard:
    """One session that is over, with what was said of it; `face` and `treated` are None until they are."""

    session_id: UUID
    name: str
    when: str
    weekday: str
    day: int
    month: str
    face: int | None
    face_words: str
    treated: str
    for_whom: str
    is_asked: bool

    @property
    def faces(self) -> tuple[tuple[int, str], ...]:
        return FACES

    @property
    def ways_treated(self) -> tuple[tuple[str, str], ...]:
        return TREATED


def after_card(session: SessionAttended, said: SessionFeedback | None, team: Sequence[TeamMember]) -> AfterCard:
    starts = clock.in_britain(session.at)
    face = None if said is None or said.how_was_it is None else int(said.how_was_it)
    treated = treated_of(said.treated) if said is not None else None
    return AfterCard(
        session_id=session.session_id,
        name=session.offer_name,
        when=on_day(starts.date()),
        weekday=short_weekday(starts.date()),
        day=starts.day,
        month=short_month(starts.date()),
        face=face,
        face_words=HOW_WAS_IT.get(face or 0, ""),
        treated=treated.words if treated else "",
        for_whom=readers(said.audience, team) if said is not None else "",
        is_asked=said is not None,
    )


def after_cards(
    sessions: Iterable[SessionAttended], said: Mapping[UUID, SessionFeedback], team: Sequence[TeamMember]
) -> list[AfterCard]:
    return [after_card(session, said.get(session.session_id), team) for session in sessions]


def feedback_words(said: SessionFeedback | None) -> list[str]:
    """Return what was said of a session as an adult reads it, whom it is shared with; empty where nothing was."""
    if said is None:
        return []
    found = []
    if said.how_was_it is not None:
        found.append(f"How was it: {HOW_WAS_IT[int(said.how_was_it)].lower()}")
    treated = treated_of(said.treated)
    if treated is not None:
        found.append(f"Treated as they asked: {treated.words.lower()}")
    return found
