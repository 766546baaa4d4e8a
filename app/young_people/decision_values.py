"""What may be decided about who sees what, and in what way a decision was come to."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.young_people.values import Audience

AS_PAGE = "as_page"
AS_PAGE_WORDS = "The same as the page"
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
YES_OR_NO = ((YES, "Yes"), (NO, "No"))
PARTS = {
    "admire": "What people like about me",
    "important": "What’s important to me",
    "support": "How best to support me",
    "spoken_to": "How I like to be spoken to",
    "when_hard": "What to do when things are hard",
    "picture": "My picture",
}
DECIDABLE = {
    one.what: one
    for one in (
        Decidable("default_audience", "Who sees what I share", AUDIENCES),
        Decidable("profile_audience", "Who sees my one page", AUDIENCES),
        *(
            Decidable(f"{PART}{key}", f"My one page, “{words}”", ((AS_PAGE, AS_PAGE_WORDS), *AUDIENCES))
            for key, words in PARTS.items()
        ),
        Decidable("shares_profile_with_providers", "People who run my sessions see my one page", YES_OR_NO),
        Decidable("in_group_figures", "My faces count in group figures", YES_OR_NO),
    )
}


@dataclass(frozen=True, slots=True)
class Decided:
    """How a decision was come to: who was asked, why it is in the young person's interest, when to look again."""

    way: Way = Way.THEMSELF
    asked: str = ""
    why: str = ""
    review_on: date | None = None
