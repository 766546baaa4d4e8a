"""How a young person likes Tidemark to look and to be read: choices that follow them from phone to phone."""

from dataclasses import dataclass, fields, replace
from enum import StrEnum

from app.web.languages import known

YES = "yes"
FEELINGS = "calm happy proud hopeful safe excited worried sad angry lonely tired muddled"
GOING_ON = "school sleep family friends health online home going_out food body something_else"
PLACES = "goals say breaks me help leave read"
SYMBOLS = frozenset(f"{FEELINGS} {GOING_ON} {PLACES}".split())
"""The words that have a picture beside them where somebody asks for pictures."""


class TextSize(StrEnum):
    """How large the words are."""

    USUAL = "usual"
    LARGE = "large"
    LARGEST = "largest"


class Letters(StrEnum):
    """Which letters the words are set in."""

    USUAL = "usual"
    ATKINSON = "atkinson"
    LEXEND = "lexend"
    DYSLEXIC = "dyslexic"


class Colours(StrEnum):
    """Light or dark."""

    PHONE = "phone"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Looks:
    """What one young person chose; the usual where they chose nothing."""

    size: TextSize = TextSize.USUAL
    letters: Letters = Letters.USUAL
    colours: Colours = Colours.PHONE
    calm: bool = False
    still: bool = False
    big: bool = False
    symbols: bool = False
    aloud: bool = False
    language: str = ""
    """The code of a language that there is; empty: as the phone says."""

    def shows(self, word: str) -> bool:
        """Say whether a picture stands beside a word."""
        return self.symbols and word in SYMBOLS

    @property
    def is_usual(self) -> bool:
        """Say whether nothing but the language differs from the usual: that needs no style sheet."""
        return replace(self, language="") == USUAL

    @property
    def classes(self) -> str:
        """The classes that the page's root carries."""
        named = (f"{name}-{value}" for name in ("size", "letters", "colours") if (value := str(getattr(self, name))))
        return " ".join([*named, *(name for name in SWITCHES if getattr(self, name))])


USUAL = Looks()
SWITCHES = ("calm", "still", "big", "symbols", "aloud")
CHOSEN_FROM = {"size": TextSize, "letters": Letters, "colours": Colours}


def to_map(looks: Looks) -> dict[str, str]:
    """Return the choices that differ from the usual, as the texts that are sealed."""
    found = {}
    for field in fields(Looks):
        value = getattr(looks, field.name)
        if value != field.default:
            found[field.name] = str(value) if isinstance(value, str) else YES
    return found


def from_map(kept: dict[str, str]) -> Looks:
    """Return what `to_map` kept; what is not known any more counts as the usual."""
    chosen = {name: kind(kept[name]) for name, kind in CHOSEN_FROM.items() if kept.get(name) in list(kind)}
    switches = {name: kept.get(name) == YES for name in SWITCHES}
    return Looks(**chosen, **switches, language=known(kept.get("language")) or "")  # type: ignore[arg-type]
