"""Asking whoever's time has come: steps that two machines may take at once, each in a transaction of the caller's."""

from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.accounts.models import Account
from app.audit import services as audit
from app.database import db
from app.notifications.services import notify
from app.notifications.values import Kind
from app.prompts import times as clockwork
from app.prompts.models import Prompt, PromptPlan
from app.prompts.services import close
from app.prompts.values import Closing
from app.young_people.models import PersonRow, YoungPerson

IN_ONE_GO = 200


def expire(moment: datetime) -> int:
    """Close some of those that waited too long for an answer; return how many (0: none is left)."""
    query = select(Prompt).where(Prompt.closed_at.is_(None), Prompt.expires_at <= moment)
    query = query.order_by(Prompt.expires_at).limit(IN_ONE_GO).with_for_update(skip_locked=True)
    prompts = list(db.session.execute(query).scalars())
    for prompt in prompts:
        close(prompt, Closing.EXPIRED, moment)
        _record("prompt:expired", prompt)
    return len(prompts)


def plans_due(moment: datetime) -> list[UUID]:
    """Return the plans of everybody whose agreed time has come and who can sign in."""
    query = (
        select(PromptPlan.id)
        .join(YoungPerson, YoungPerson.id == PromptPlan.young_person_id)
        .join(Account, Account.id == YoungPerson.account_id)
        .where(PromptPlan.next_at <= moment, Account.is_active.is_(True))
        .order_by(PromptPlan.next_at)
    )
    return list(db.session.execute(query).scalars())


def ask(plan_id: UUID, moment: datetime) -> Prompt | None:
    """Ask somebody whose agreed time has come, once, whoever else tries; None where the time was let go or is taken.

    A time is let go in quiet hours, long after it, and while an earlier prompt waits. Where they have checked in
    shortly before, that is the answer and nobody is disturbed.
    """
    claimed = select(PromptPlan).where(PromptPlan.id == plan_id, PromptPlan.next_at <= moment)
    plan = db.session.execute(claimed.with_for_update(skip_locked=True)).scalar_one_or_none()
    if plan is None or plan.next_at is None:
        return None
    agreed, times = plan.next_at, clockwork.from_map(plan.times)
    plan.next_at = clockwork.next_after(times, moment)
    waits = select(Prompt.id).where(Prompt.young_person_id == plan.young_person_id, Prompt.closed_at.is_(None))
    if not times.days or clockwork.is_too_late(times, agreed, moment) or db.session.execute(waits).first():
        _record("prompt:let_go", plan)
        return None
    return _made(plan, agreed, moment)


def _made(plan: PromptPlan, agreed: datetime, moment: datetime) -> Prompt | None:
    prompt = Prompt(
        id=uuid5(plan.id, agreed.isoformat()),
        council_id=plan.council_id,
        young_person_id=plan.young_person_id,
        asked_at=moment,
        due_at=moment,
        nudged_at=moment,
        expires_at=moment + clockwork.LIVES,
        times_put_off=0,
    )
    answered = plan.checked_in_at is not None and plan.checked_in_at >= moment - clockwork.COUNTS_AS_ANSWER
    if answered:
        close(prompt, Closing.ANSWERED, moment, plan.checked_in_with)
    try:
        with db.session.begin_nested():
            db.session.add(prompt)
            _record("prompt:asked", prompt)
    except IntegrityError:
        return None
    if not answered:
        _tell(prompt)
    return prompt


def put_off_until(moment: datetime) -> list[UUID]:
    """Return the prompts that somebody wanted to be reminded of by now."""
    query = select(Prompt.id).where(
        Prompt.closed_at.is_(None),
        Prompt.due_at <= moment,
        Prompt.expires_at > moment,
        Prompt.nudged_at < Prompt.due_at,
    )
    return list(db.session.execute(query.order_by(Prompt.due_at)).scalars())


def remind(prompt_id: UUID, moment: datetime) -> bool:
    """Remind somebody of a prompt that they put off until now, once; say whether it was for us to do."""
    query = select(Prompt).where(
        Prompt.id == prompt_id, Prompt.closed_at.is_(None), Prompt.due_at <= moment, Prompt.nudged_at < Prompt.due_at
    )
    prompt = db.session.execute(query.with_for_update(skip_locked=True)).scalar_one_or_none()
    if prompt is None:
        return False
    prompt.nudged_at = moment
    _record("prompt:reminded", prompt)
    _tell(prompt)
    return True


def _tell(prompt: Prompt) -> None:
    person = db.session.get_one(YoungPerson, prompt.young_person_id)
    if person.account_id is not None:
        notify(account_id=person.account_id, kind=Kind.PROMPT, about_id=prompt.id, again=prompt.times_put_off)


def _record(action: str, about: PersonRow) -> None:
    db.session.flush()
    audit.record(
        council_id=about.council_id,
        actor_id=None,
        action=action,
        young_person_id=about.young_person_id,
        about=about,
    )
