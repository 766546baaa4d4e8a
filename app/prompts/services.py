"""Agreeing when to ask, putting it off, and closing it when an answer comes."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import insert, or_, select

from app import clock
from app.accounts.values import Viewer
from app.audit import services as audit
from app.database import db
from app.notifications.services import withdraw
from app.prompts import times as clockwork
from app.prompts.models import Prompt, PromptPlan, PromptPlanChange
from app.prompts.queries import open_prompt, own_prompt, plan_of
from app.prompts.values import AgreedTimes, Change, Closing, Later, PastPrompt
from app.web.errors import NotFoundError
from app.web.languages import _
from app.young_people.queries import strangers_among
from app.young_people.services import record_written
from app.young_people.values import Access


class NothingSuggestedError(ValueError):
    """There is no suggestion to answer (any more)."""


def _plan(access: Access) -> PromptPlan:
    plan = plan_of(access)
    if plan is None:
        plan = PromptPlan(council_id=access.council_id, young_person_id=access.young_person_id)
        db.session.add(plan)
    return plan


def agree_times(*, viewer: Viewer, access: Access, times: AgreedTimes, at: datetime | None = None) -> PromptPlan:
    """Set when Tidemark asks, from now on: by the young person, or by their mentor together with them.

    `at` here and below: when it was done, if not now. Raises UnknownTimesError, and NotFoundError for anybody else.
    """
    times.check()
    plan = _plan(access)
    _begin(plan, times)
    _keep(plan, viewer, Change.CHOSEN if access.is_self else Change.AGREED, at=at)
    return plan


def suggest_times(*, viewer: Viewer, access: Access, times: AgreedTimes, at: datetime | None = None) -> PromptPlan:
    """Put times to a young person as their mentor; nothing changes until they say yes.

    Raises UnknownTimesError, and NotFoundError for anybody but a mentor.
    """
    if access.is_self:
        raise NotFoundError
    times.check()
    plan = _plan(access)
    plan.suggested, plan.suggested_by, plan.suggested_at = clockwork.to_map(times), viewer.account_id, at or clock.now()
    _keep(plan, viewer, Change.SUGGESTED, times, at=at)
    return plan


def answer_suggestion(*, viewer: Viewer, access: Access, accepted: bool, at: datetime | None = None) -> PromptPlan:
    """Say yes or no to a mentor's suggestion; raises NothingSuggestedError, and NotFoundError for anybody else."""
    if not access.is_self:
        raise NotFoundError
    plan = plan_of(access)
    if plan is None or plan.suggested_by is None:
        raise NothingSuggestedError(_("There is nothing to answer any more."))
    times = clockwork.from_map(plan.suggested)
    if accepted:
        _begin(plan, times)
    _forget_suggestion(plan)
    _keep(plan, viewer, Change.ACCEPTED if accepted else Change.DECLINED, times, at=at)
    return plan


def _begin(plan: PromptPlan, times: AgreedTimes) -> None:
    plan.times = clockwork.to_map(times)
    plan.paused_at = plan.paused_until = None
    plan.next_at = clockwork.next_after(times, clock.now())
    _forget_suggestion(plan)


def _forget_suggestion(plan: PromptPlan) -> None:
    plan.suggested, plan.suggested_by, plan.suggested_at = {}, None, None


def pause(*, viewer: Viewer, access: Access, for_a_week: bool, at: datetime | None = None) -> PromptPlan:
    """Ask nothing for a week, or until somebody says so; what waits for an answer is set aside."""
    plan, moment = _plan(access), at or clock.now()
    until = moment + clockwork.A_WEEK if for_a_week else None
    plan.paused_at, plan.paused_until = moment, until
    plan.next_at = clockwork.next_after(clockwork.from_map(plan.times), max(until, clock.now())) if until else None
    waiting = open_prompt(access, moment)
    if waiting is not None:
        close(waiting, Closing.SET_ASIDE, moment)
    _keep(plan, viewer, Change.PAUSED_A_WEEK if for_a_week else Change.PAUSED, at=at)
    return plan


def resume(*, viewer: Viewer, access: Access, at: datetime | None = None) -> PromptPlan:
    """Ask again at the agreed times."""
    plan = _plan(access)
    plan.paused_at = plan.paused_until = None
    plan.next_at = clockwork.next_after(clockwork.from_map(plan.times), clock.now())
    _keep(plan, viewer, Change.RESUMED, at=at)
    return plan


def _keep(
    plan: PromptPlan, viewer: Viewer, what: Change, times: AgreedTimes | None = None, *, at: datetime | None
) -> None:
    change = PromptPlanChange(
        council_id=plan.council_id,
        young_person_id=plan.young_person_id,
        changed_by=viewer.account_id,
        at=at or clock.now(),
        what=what,
        times=plan.times if times is None else clockwork.to_map(times),
    )
    db.session.add(change)
    record_written(viewer=viewer, action=f"prompt_plan:{what}", about=change)


def put_off(*, viewer: Viewer, access: Access, prompt_id: UUID, later: Later) -> Prompt:
    """Remind a young person of an open prompt later, outside their quiet hours; raises NotFoundError."""
    moment = clock.now()
    prompt = own_prompt(access, prompt_id, moment)
    plan = plan_of(access)
    times = clockwork.from_map(plan.times if plan else {})
    prompt.due_at = clockwork.remind_at(times, later, moment)
    prompt.expires_at = max(prompt.expires_at, prompt.due_at + clockwork.LIVES_AFTER_LATER)
    prompt.times_put_off += 1
    withdraw(about_id=prompt.id)
    record_written(viewer=viewer, action="prompt:put_off", about=prompt)
    return prompt


def set_aside(*, viewer: Viewer, access: Access, prompt_id: UUID) -> Prompt:
    """Say "not this time" to an open prompt; raises NotFoundError."""
    moment = clock.now()
    prompt = own_prompt(access, prompt_id, moment)
    close(prompt, Closing.SET_ASIDE, moment)
    record_written(viewer=viewer, action="prompt:set_aside", about=prompt)
    return prompt


def note_check_in(*, access: Access, check_in_id: UUID, at: datetime) -> None:
    """Let a check-in answer the prompt that it falls to, though it may come from an offline phone days later.

    Call in the transaction that records and audits the check-in.
    """
    plan = plan_of(access)
    if plan is not None and (plan.checked_in_at is None or plan.checked_in_at < at):
        plan.checked_in_at, plan.checked_in_with = at, check_in_id
    query = select(Prompt).where(
        Prompt.young_person_id == access.young_person_id,
        or_(Prompt.closed_as.is_(None), Prompt.closed_as == Closing.EXPIRED),
        Prompt.asked_at <= at + clockwork.COUNTS_AS_ANSWER,
        Prompt.expires_at >= at,
    )
    prompt = db.session.execute(query.order_by(Prompt.asked_at.desc()).limit(1)).scalar_one_or_none()
    if prompt is not None:
        close(prompt, Closing.ANSWERED, clock.now(), check_in_id)


def note_undone(*, access: Access, check_in_id: UUID) -> None:
    """Let the prompt wait again that an undone check-in had answered, or expire. Call as `note_check_in`."""
    plan = plan_of(access)
    if plan is not None and plan.checked_in_with == check_in_id:
        plan.checked_in_at = plan.checked_in_with = None
    own = select(Prompt).where(Prompt.young_person_id == access.young_person_id)
    prompt = db.session.execute(own.where(Prompt.check_in_id == check_in_id)).scalar_one_or_none()
    if prompt is None:
        return
    another_waits = db.session.execute(own.where(Prompt.closed_at.is_(None))).first() is not None
    if another_waits or prompt.expires_at <= clock.now():
        prompt.closed_as, prompt.check_in_id = Closing.EXPIRED, None
    else:
        prompt.closed_at = prompt.closed_as = prompt.check_in_id = None


def record_prompts_in_bulk(*, council_id: UUID, actor: Viewer | None, rows: Sequence[PastPrompt]) -> int:
    """Record many times that young people were asked, with what became of each; return how many. Nobody is told.

    Raises NotFoundError for a young person of another council, before anything is written.
    """
    people = {row.young_person_id for row in rows}
    if strangers_among(council_id, people):
        raise NotFoundError
    if rows:
        db.session.execute(insert(Prompt), [_past(council_id, row) for row in rows])
    audit.record_for_each(
        council_id=council_id,
        actor_id=actor.account_id if actor else None,
        action="prompts:recorded_in_bulk",
        young_person_ids=sorted(people),
    )
    return len(rows)


def _past(council_id: UUID, row: PastPrompt) -> dict[str, object]:
    return row._asdict() | {
        "id": uuid4(),
        "council_id": council_id,
        "due_at": row.asked_at,
        "nudged_at": row.asked_at,
        "expires_at": row.asked_at + clockwork.LIVES,
        "times_put_off": 0,
    }


def close(prompt: Prompt, closing: Closing, moment: datetime, check_in_id: UUID | None = None) -> None:
    """End one prompt and what still waits to be sent about it; whoever calls it audits."""
    withdraw(about_id=prompt.id)
    prompt.closed_at, prompt.closed_as, prompt.check_in_id = moment, closing, check_in_id
