"""What a young person reads of what was decided after they asked for help, where an adult said that they may."""

from collections.abc import Iterable
from datetime import date

from app.safeguarding.decision_values import Done
from app.safeguarding.models import ConcernDecision
from app.web.dates import weekday_date


def done_in(one: ConcernDecision) -> tuple[Done, ...]:
    return tuple(each for each in Done if each in one.done)


def told_sentences(done: Iterable[Done], who: str, look_again_on: date | None) -> list[str]:
    """Return what was done, and what happens next."""
    said = {
        Done.TALKED: f"{who} talked with you.",
        Done.TALKED_PARENT_CARER: f"{who} talked with your parent or carer.",
        Done.TALKED_OTHERS: f"{who} talked with other adults who help you, like your school.",
        Done.SOCIAL_CARE: f"{who} asked social workers to help. It is their job to help keep children safe.",
        Done.EMERGENCY: f"{who} called 999, so that people could come and help.",
        Done.NOTHING_MORE: f"{who} thinks that you do not need more help with this now.",
    }
    if look_again_on is None:
        last = "That is all for now. You can ask again at any time."
    else:
        last = f"Next: {who} looks at this again on {weekday_date(look_again_on)}. You can ask again before then."
    return [*(said[one] for one in done), last]
