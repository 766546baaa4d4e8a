"""Measures: what a question asks, which answers it takes and how they read; packs of data in `measures/*.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.web.languages import _, _l

PACKS = Path(__file__).parent / "measures"
TOP = 10.0
SAID = ("name", "question", "lowest_means", "highest_means")
"""What people read of a measure; the catalogues have it of those that a young person may choose."""


class UnknownMeasureError(ValueError):
    """There is no measure with this code."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One question with its scale, whose answers are whole numbers from lowest to highest."""

    code: str
    name: str
    question: str
    lowest: int
    highest: int
    is_mood: bool
    """Its answers make one mood curve with other mood measures; the others stand alone and are never added up."""
    for_children: bool
    choosable: bool
    validated: bool
    source: str
    for_carers: bool = False
    """Put to parent carers about themselves."""
    words: tuple[str, ...] = ()
    lowest_means: str = ""
    highest_means: str = ""
    lower_is_better: bool = False

    @property
    def answers(self) -> range:
        return range(self.lowest, self.highest + 1)

    def accepts(self, answer: float) -> bool:
        return answer in self.answers

    def to_0_10(self, answer: float) -> float:
        """Return the score from 0 to 10, higher always the better, linear in the answer."""
        share = (answer - self.lowest) / (self.highest - self.lowest)
        return TOP * (1 - share if self.lower_is_better else share)

    def words_for(self, answer: float) -> str:
        """Return an answer in words: of a face its name, of a number how many out of how many."""
        if self.words and self.accepts(answer):
            return self.words[int(answer) - self.lowest]
        return _("%(answer)s out of %(highest)s", answer=f"{answer:g}", highest=self.highest)


@cache
def all_measures() -> dict[str, Measure]:
    """Read every pack, once."""
    found = {}
    for path in sorted(PACKS.glob("*.toml")):
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["measure"]:
            read = _l if entry["choosable"] else str
            asked = {name: read(entry[name]) for name in SAID if name in entry}
            made = Measure(**{**entry, **asked, "words": tuple(map(read, entry.get("words", ())))})
            found[made.code] = made
    return found


def measure(code: str) -> Measure:
    """Return a measure by its code; raises UnknownMeasureError."""
    try:
        return all_measures()[code]
    except KeyError:
        raise UnknownMeasureError("There is no question with this name.") from None


def choosable_measures() -> list[Measure]:
    """Return the ways of answering that a young person may choose between."""
    return [one for one in all_measures().values() if one.choosable and one.for_children]


def carer_measure() -> Measure:
    """Return the question that parent carers are asked about themselves."""
    return next(one for one in all_measures().values() if one.for_carers)


@cache
def mood_measures() -> frozenset[str]:
    """Return the codes of the measures whose scores make one mood curve."""
    return frozenset(one.code for one in all_measures().values() if one.is_mood)
