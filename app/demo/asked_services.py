"""Writes when the made-up people are asked, each change by whoever made it, and the log of the times that they were."""

from collections.abc import Sequence
from uuid import UUID

from app.demo.life_services import People
from app.demo.values import Life, PlannedChange
from app.prompts import services as prompts
from app.prompts.values import Change, PastPrompt
from app.young_people.queries import young_person_for


def write_changes(life: Life, people: People) -> None:
    """Write every change of when one young person is asked, in order."""
    for change in life.changes:
        _write(change, people)


def _write(change: PlannedChange, people: People) -> None:
    viewer = people.mentor if change.by_mentor else people.young_person
    access, at = young_person_for(viewer, people.young_person_id), change.at
    if change.what in (Change.CHOSEN, Change.AGREED):
        prompts.agree_times(viewer=viewer, access=access, times=change.times, at=at)
    elif change.what is Change.SUGGESTED:
        prompts.suggest_times(viewer=viewer, access=access, times=change.times, at=at)
    elif change.what is Change.ACCEPTED:
        prompts.answer_suggestion(viewer=viewer, access=access, accepted=True, at=at)
    elif change.what is Change.RESUMED:
        prompts.resume(viewer=viewer, access=access, at=at)
    else:
        prompts.pause(viewer=viewer, access=access, for_a_week=change.what is Change.PAUSED_A_WEEK, at=at)


def write_prompts(council_id: UUID, people: Sequence[UUID], lives: Sequence[Life]) -> int:
    """Write each time that a council's young people were asked, (people,) and their lives; return how many."""
    rows = [
        PastPrompt(young_person_id, one.asked_at, one.closed_at, one.closed_as, one.check_in_id)
        for young_person_id, life in zip(people, lives, strict=True)
        for one in life.prompts
    ]
    return prompts.record_prompts_in_bulk(council_id=council_id, actor=None, rows=rows)
