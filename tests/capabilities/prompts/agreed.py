"""What the tests of prompts share: times without quiet hours, and somebody whose time has come."""

from datetime import time, timedelta
from uuid import UUID

from sqlalchemy import select

from app import clock
from app.accounts.values import Viewer
from app.database import db, transaction
from app.prompts.asking import ask
from app.prompts.models import Prompt, PromptPlan
from app.prompts.services import agree_times
from app.prompts.values import AgreedTimes
from app.young_people.queries import own_access

NEVER_QUIET = AgreedTimes((0, 1, 2, 3, 4, 5, 6), time(16), time(0), time(0))


def agree(viewer: Viewer, times: AgreedTimes = NEVER_QUIET) -> UUID:
    """Agree times as a young person; return the plan's id."""
    with transaction():
        return agree_times(viewer=viewer, access=own_access(viewer), times=times).id


def make_due(plan_id: UUID, ago: timedelta = timedelta(minutes=1)) -> None:
    """Let the agreed time have come some time ago."""
    db.session.get_one(PromptPlan, plan_id).next_at = clock.now() - ago
    db.session.info["audited"] = True
    db.session.commit()


def asked(viewer: Viewer) -> Prompt:
    """Agree times and ask at once; return the prompt that waits."""
    plan_id = agree(viewer)
    make_due(plan_id)
    with transaction():
        prompt = ask(plan_id, clock.now())
        assert prompt is not None
    return prompt


def all_prompts() -> list[Prompt]:
    return list(db.session.execute(select(Prompt).order_by(Prompt.asked_at)).scalars())
