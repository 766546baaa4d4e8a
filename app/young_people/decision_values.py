"""What may be decided about who sees what, and in what way a decision was come to."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.web.languages import _l
from app.young_people.values import Audience

AS_PAGE = "as_page"
AS_PAGE_WORDS = _l("The same as the page")
YES, NO = "true", "false"
PART = "part_"
LONGEST_WHY = 1_000
LONGEST_ASKED = 200
FURTHEST_REVIEW = timedelta(days=366)


class Way(StrEnum):
    """Who decided: capacity is asked of each decision, not of an age."""

    THEMSELF = "themself"
    TOGETHER = "together"
    FOR_THEM = "for_them"


@dataclass(frozen=True, slots=True)
class Decidable:
    """One thing that is decided: its name, what it is called, and the answers that it may have, with words."""

    what: str
    words: str
    answers: tuple[tuple[str, str], ...]

    def words_for(self, choice: str) -> str:
        return dict(self.answers).get(choice, choice)


AUDIENCES = tuple((one.value, one.words) for one in Audience)
YES_OR_NO = ((YES, _l("Yes")), (NO, _l("No")))
PARTS = {
    "admire": _l("What people like about me"),
    "important": _l("What’s important to me"),
    "support": _l("How best to support me"),
    "spoken_to": _l("How I like to be spoken to"),
    "when_hard": _l("What to do when things are hard"),
    "picture": _l("My picture"),
}
DECIDABLE = {
    one.what: one
    for one in (
        Decidable("default_audience", _l("Who sees what I share"), AUDIENCES),
        Decidable("profile_audience", _l("Who sees my one page"), AUDIENCES),
        *(
            Decidable(f"{PART}{key}", _l("My one page, “%(part)s”", part=words), ((AS_PAGE, AS_PAGE_WORDS), *AUDIENCES))
            for key, words in PARTS.items()
        ),
        Decidable("shares_profile_with_providers", _l("People who run my sessions see my one page"), YES_OR_NO),
        Decidable("in_group_figures", _l("My faces count in group figures"), YES_OR_NO),
    )
}


@dataclass(frozen=True, slots=True)
class Decided:
    """How a decision was come to: who was asked, why it is in the young person's interest, when to look again."""

    way: Way = Way.THEMSELF
    asked: str = ""
    why: str = ""
    review_on: date | None = None
