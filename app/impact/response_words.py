"""What came of what was asked, and what it would take to overturn a figure, in plain words."""

from dataclasses import dataclass

from app.impact.disclosure import Figures
from app.impact.figure_words import amount
from app.impact.findings import LARGEST_FALL, LEAST_SHIFT
from app.impact.published_values import Response
from app.impact.values import Outcome

TOO_FEW = "What came before and after the first session is given from 20 young people on."
UNKNOWN = "How many check-ins were answered before and after the first session is not known."
ALL_CAME = "No fewer came after the start than before, so nothing is missing that could overturn the figure."
ALREADY = "The interval includes zero as it is, whatever the missing check-ins were like."
TOO_LITTLE = "Too little is missing after the start to bring zero into the interval, wherever on the scale it lay."
FELL = "Many fewer came after the start than before: read the figure with care."
SMALL_SHIFT = "That is a small shift, so the figure is not firm."
A_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class ResponseWords:
    """What came before and after, in a sentence and in a few words; and how wrong the missing would have to be."""

    came: str
    short: str = ""
    would: str = ""
    published: Response | None = None

    @property
    def is_known(self) -> bool:
        return bool(self.short)


def response_words(response: Response | None, figures: Figures, outcome: Outcome) -> ResponseWords:
    """Say what is published of an offer's response beside its own figure."""
    if not figures.has_figure:
        return ResponseWords(TOO_FEW)
    if response is None or response.after is None:
        return ResponseWords(UNKNOWN)
    came = _answered if response.by_log else _of_usual
    return ResponseWords(came(response, response.after), in_short(response), _would(response, outcome), response)


def in_short(response: Response | None) -> str:
    """Return what came before and after in a few words, to stand beside a finding; empty where nothing is known."""
    if response is None or response.after is None:
        return ""
    if not response.by_log:
        return f"Check-ins after the first session: {response.after:.0f}% of the usual number"
    before = "" if response.before is None else f"{response.before:.0f}% before, "
    return f"Prompts answered: {before}{response.after:.0f}% after the first session"


def _of_usual(response: Response, after: float) -> str:
    came = f"After the first session check-ins came {after:.0f}% as often as these young people usually made them"
    fall = _fall(response.before or A_HUNDRED, after)
    return f"{came}. There is no log of prompts to count unanswered ones by.{fall}"


def _answered(response: Response, after: float) -> str:
    if response.before is None:
        return f"Of 100 prompts after the first session {after:.0f} were answered; before it nobody was asked."
    said = f"Of 100 prompts {response.before:.0f} were answered before the first session, and {after:.0f} after it."
    return f"{said}{_fall(response.before, after)}"


def _fall(before: float, after: float) -> str:
    return f" {FELL}" if before - after > LARGEST_FALL * A_HUNDRED else ""


def _would(response: Response, outcome: Outcome) -> str:
    shift, turn = response.tipping_point, response.tipping_point_of_sign
    if shift is None:
        return ALL_CAME
    if shift == 0:
        return ALREADY if turn is None or abs(turn) > outcome.scale else f"{ALREADY} {_turn(turn, outcome)}"
    if abs(shift) > outcome.scale:
        return TOO_LITTLE
    said = (
        f"The missing check-ins after the start would have to be {_way(shift, outcome)} than all the others lead us to "
        "expect for the interval to include zero"
    )
    small = f" {SMALL_SHIFT}" if abs(shift) < LEAST_SHIFT * outcome.scale else ""
    if turn is None or abs(turn) > outcome.scale:
        return f"{said}.{small}"
    return f"{said}, and {amount(turn, outcome)} for the direction to turn.{small}"


def _turn(turn: float, outcome: Outcome) -> str:
    return f"The estimate itself would be zero if they were {_way(turn, outcome)} than expected."


def _way(shift: float, outcome: Outcome) -> str:
    return f"{amount(shift, outcome)} {'lower' if shift > 0 else 'higher'}"
