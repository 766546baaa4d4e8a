"""Finding a council's phrases in what somebody wrote, however it is spelt: plain rules, no I/O, nothing kept.

Both sides are made alike first: one case, no accents, no apostrophes, letters for the digits and signs that stand for
them inside a word, whole words for short ones that people type (`u`, `wanna`), letters that were typed apart put
together, and one letter where one was typed again and again. Then a phrase is found where its letters stand in a row
and begin and end where words do, so that `my self` and `killmyself` count and `skill` does not; and where its words
stand in a row with a slip of one letter in a long one.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

LONG_WORD = 6
LONGER_WORD = 7
LONGEST_EXCERPT = 300
APART = 3
APOSTROPHES = str.maketrans("", "", "'’‘`\u00b4\u02bc")
STANDS_FOR = str.maketrans("0134578@$!|", "oieastbasil")
SHORT = {
    "wanna": "want to",
    "gonna": "going to",
    "u": "you",
    "ur": "your",
    "r": "are",
    "2": "to",
    "4": "for",
    "b": "be",
    "n": "and",
    "meself": "myself",
    "urself": "yourself",
}
WORD = re.compile(r"[a-z0-9@$]+(?:[!|*][a-z0-9@$]+)*")
AGAIN = re.compile(r"(.)\1+")
SENTENCE = re.compile(r"[^.!?\n]+[.!?\n]*")


@dataclass(frozen=True, slots=True)
class Found:
    """The phrases that were found, as the council wrote them, and the sentences that hold them."""

    phrases: tuple[str, ...]
    excerpt: str


@dataclass(frozen=True, slots=True)
class _Text:
    """Somebody's words made alike, their letters in a row, and where a word begins or ends among them."""

    words: tuple[str, ...]
    letters: str
    borders: frozenset[int]


def _text(words: str) -> _Text:
    made = alike(words)
    return _Text(made, "".join(made), frozenset(accumulate(map(len, made), initial=0)))


def found_in(words: str, phrases: Iterable[str]) -> Found | None:
    """Return which phrases somebody's words hold and where, or None; the excerpt has 300 letters at most."""
    wanted = [(phrase, parts) for phrase in phrases if (parts := _phrase(phrase))]
    text = _text(words)
    found = {phrase: parts for phrase, parts in wanted if _holds(text, parts)}
    if not found:
        return None
    sentences = [one.strip() for one in SENTENCE.findall(words)]
    telling = [one for one in sentences if any(_holds(_text(one), parts) for parts in found.values())]
    return Found(tuple(found), " ".join(telling or [words.strip()])[:LONGEST_EXCERPT])


def alike(text: str) -> tuple[str, ...]:
    """Return a text's words, made alike."""
    decomposed = unicodedata.normalize("NFKD", text).casefold().translate(APOSTROPHES)
    plain = "".join(one for one in decomposed if not unicodedata.combining(one) and unicodedata.category(one) != "Cf")
    words = " ".join(SHORT.get(word, word) for word in _together(WORD.findall(plain))).split()
    return tuple(AGAIN.sub(r"\1", _letters(word)) for word in words)


_phrase = lru_cache(maxsize=4_096)(alike)
"""For phrases only: what somebody wrote stays in memory no longer than its request."""


def _together(words: Sequence[str]) -> list[str]:
    """Put three letters or more that stand alone in a row together."""
    found, row = list[str](), list[str]()
    for word in (*words, ""):
        if len(word) == 1 and word.isalpha():
            row.append(word)
            continue
        found += ["".join(row)] if len(row) >= APART else row
        row = []
        found.append(word)
    return found[:-1]


def _letters(word: str) -> str:
    """Return a word with letters for what stands for them; a number stays a number."""
    return word.translate(STANDS_FOR) if any(one.isalpha() for one in word) else word


def _holds(text: _Text, phrase: tuple[str, ...]) -> bool:
    return _in_a_row(text, "".join(phrase)) or _with_a_slip(text.words, phrase)


def _in_a_row(text: _Text, letters: str) -> bool:
    """Say whether the letters stand in a row, whatever the gaps, from the beginning of a word to the end of one."""
    at = -1
    while (at := text.letters.find(letters, at + 1)) >= 0:
        if at in text.borders and at + len(letters) in text.borders:
            return True
    return False


def _with_a_slip(held: tuple[str, ...], phrase: tuple[str, ...]) -> bool:
    if not any(len(word) >= LONG_WORD for word in phrase):
        return False
    starts = (start for start in range(len(held) - len(phrase) + 1) if held[start][0] in (phrase[0][0], "*"))
    rows = (held[start : start + len(phrase)] for start in starts)
    return any(all(_meant(word, wanted) for word, wanted in zip(row, phrase, strict=True)) for row in rows)


def _meant(word: str, wanted: str) -> bool:
    """Say whether a word is the wanted one, or a long one with a letter hidden, missing, too many, swapped or wrong."""
    if word == wanted:
        return True
    if "*" in word and len(word) == len(wanted):
        return all(one in ("*", other) for one, other in zip(word, wanted, strict=True))
    if len(wanted) < LONG_WORD or word[:1] != wanted[0] or abs(len(word) - len(wanted)) > 1:
        return False
    same = next((n for n, (one, other) in enumerate(zip(word, wanted, strict=False)) if one != other), len(wanted))
    rest, other = word[same:], wanted[same:]
    swapped = len(rest) > 1 and len(other) > 1 and rest[:2] == other[1::-1] and rest[2:] == other[2:]
    wrong = len(wanted) >= LONGER_WORD and rest[1:] == other[1:]
    return swapped or wrong or rest[1:] == other or rest == other[1:]
