"""Reading agreed times and what became of asking: for the young person and their mentors, and for group figures."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select

from app.database import db
from app.prompts.models import Prompt, PromptPlan, PromptPlanChange
from app.prompts.values import Closing, CouncilPrompt
from app.web.errors import NotFoundError
from app.young_people.models import YoungPerson
from app.young_people.values import Access, Tie

NEWEST = 5


def may_agree(access: Access) -> Access:
    """Return the access of a young person to themself, or of their mentor; raises NotFoundError for anybody else."""
    if not (access.is_self or Tie.MENTOR in access.ties):
        raise NotFoundError
    return access


def plan_of(access: Access) -> PromptPlan | None:
    """Return what is agreed with a young person, where anything ever was; raises NotFoundError as `may_agree` does."""
    query = select(PromptPlan).where(PromptPlan.young_person_id == may_agree(access).young_person_id)
    return db.session.execute(query).scalar_one_or_none()


def changes_of(access: Access, limit: int) -> list[PromptPlanChange]:
    """Return the changes of what is agreed, newest first."""
    query = select(PromptPlanChange).where(PromptPlanChange.young_person_id == may_agree(access).young_person_id)
    newest = query.order_by(PromptPlanChange.at.desc(), PromptPlanChange.id).limit(limit)
    return list(db.session.execute(newest).scalars())


def prompts_of(access: Access, limit: int) -> list[Prompt]:
    """Return the times that Tidemark asked, newest first."""
    newest = _about([may_agree(access).young_person_id]).order_by(Prompt.asked_at.desc(), Prompt.id).limit(limit)
    return list(db.session.execute(newest).scalars())


def open_prompt(access: Access, moment: datetime) -> Prompt | None:
    """Return the time that Tidemark asked and still waits for an answer, put off or not."""
    query = _about([access.young_person_id]).where(Prompt.closed_at.is_(None), Prompt.expires_at > moment)
    return db.session.execute(query).scalar_one_or_none()


def due_prompt(access: Access, moment: datetime) -> Prompt | None:
    """Return what the young person's first page shows: an open one that is not put off until later."""
    found = open_prompt(access, moment)
    return found if found is not None and found.due_at <= moment else None


def own_prompt(access: Access, prompt_id: UUID, moment: datetime) -> Prompt:
    """Return a young person's own open prompt; raises NotFoundError."""
    found = open_prompt(access, moment) if access.is_self else None
    if found is None or found.id != prompt_id:
        raise NotFoundError
    return found


def missed_in_a_row(young_person_ids: Sequence[UUID]) -> dict[UUID, list[datetime]]:
    """Return when the newest prompts were asked that went unanswered one after another, newest first, by person.

    For young people whose mentor the viewer was already found to be. A prompt that still waits is left out; one that
    was answered or set aside ends the row.
    """
    missed: dict[UUID, list[datetime]] = {}
    ended: set[UUID] = set()
    query = _about(young_person_ids).where(Prompt.closed_at.is_not(None)).order_by(Prompt.asked_at.desc())
    columns = query.with_only_columns(Prompt.young_person_id, Prompt.asked_at, Prompt.closed_as)
    for person, asked_at, closed_as in db.session.execute(columns):
        if closed_as is not Closing.EXPIRED:
            ended.add(person)
        elif person not in ended and len(missed.get(person, ())) < NEWEST:
            missed.setdefault(person, []).append(asked_at)
    return missed


def resting(young_person_ids: Sequence[UUID], moment: datetime) -> dict[UUID, datetime | None]:
    """Return until when those of these young people who are on an agreed break are not asked; None: without an end.

    For young people whose mentor the viewer was already found to be.
    """
    query = select(PromptPlan).where(PromptPlan.young_person_id.in_(list(young_person_ids)))
    plans = db.session.execute(query.where(PromptPlan.paused_at.is_not(None))).scalars()
    return {plan.young_person_id: plan.paused_until for plan in plans if plan.is_paused(moment)}


def _about(young_person_ids: Iterable[UUID]) -> Select[Prompt]:
    return select(Prompt).where(Prompt.young_person_id.in_(list(young_person_ids)))


def prompts_of_council(council_id: UUID) -> list[CouncilPrompt]:
    """Return every prompt that has come to its end, of those in the council's group figures, by person and moment."""
    query = (
        select(Prompt.young_person_id, Prompt.asked_at, Prompt.closed_as)
        .join(YoungPerson, YoungPerson.id == Prompt.young_person_id)
        .where(
            Prompt.council_id == council_id,
            Prompt.closed_at.is_not(None),
            YoungPerson.in_group_figures.is_(True),
        )
        .order_by(Prompt.young_person_id, Prompt.asked_at, Prompt.id)
    )
    return [CouncilPrompt(person, at, closed is Closing.ANSWERED) for person, at, closed in db.session.execute(query)]


def answers_of(access: Access) -> list[CouncilPrompt]:
    """Return every prompt that has come to its end, oldest first: for the young person and their mentors, else none."""
    if not (access.is_self or Tie.MENTOR in access.ties):
        return []
    query = _about([access.young_person_id]).where(Prompt.closed_at.is_not(None)).order_by(Prompt.asked_at, Prompt.id)
    columns = query.with_only_columns(Prompt.young_person_id, Prompt.asked_at, Prompt.closed_as)
    return [CouncilPrompt(person, at, closed is Closing.ANSWERED) for person, at, closed in db.session.execute(columns)]
