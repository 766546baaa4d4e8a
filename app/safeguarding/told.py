"""What a young person reads of what was decided after they asked for help, where an adult said that they may."""

from collections.abc import Iterable
from datetime import date

from app.safeguarding.decision_values import Done
from app.safeguarding.models import ConcernDecision
from app.web.dates import on_date
from app.web.languages import _


def done_in(one: ConcernDecision) -> tuple[Done, ...]:
    return tuple(each for each in Done if each in one.done)


def told_sentences(done: Iterable[Done], who: str, look_again_on: date | None) -> list[str]:
    """Return what was done, and what happens next."""
    said = {
        Done.TALKED: _("%(who)s talked with you.", who=who),
        Done.TALKED_PARENT_CARER: _("%(who)s talked with your parent or carer.", who=who),
        Done.TALKED_OTHERS: _("%(who)s talked with other adults who help you, like at school.", who=who),
        Done.SOCIAL_CARE: _(
            "%(who)s asked social workers to help. It is their job to help keep children safe.", who=who
        ),
        Done.EMERGENCY: _("%(who)s called 999, so that people could come and help.", who=who),
        Done.NOTHING_MORE: _("%(who)s thinks that you do not need more help with this now.", who=who),
    }
    if look_again_on is None:
        last = _("That is all for now. You can ask again at any time.")
    else:
        last = _(
            "Next: %(who)s looks at this again %(when)s. You can ask again before then.",
            who=who,
            when=on_date(look_again_on),
        )
    return [*(said[one] for one in done), last]
