"""Finding a council's phrases however they are spelt, and not finding them where they are not."""

import pytest

from app.safeguarding.phrases import LONGEST_EXCERPT, found_in
from app.safeguarding.values import MOST_PHRASES, as_phrases, starter_phrases

PHRASES = (
    "kill myself",
    "want to die",
    "suicide",
    "cut myself",
    "dont want to be here anymore",
    "kms",
)


@pytest.mark.parametrize(
    ("words", "phrase"),
    [
        ("I want to kill myself", "kill myself"),
        ("KILL MY SELF", "kill myself"),
        ("k1ll mys3lf", "kill myself"),
        ("kiiiilllll myself!!", "kill myself"),
        ("k i l l myself", "kill myself"),
        ("k.i.l.l m.y.s.e.l.f", "kill myself"),
        ("killmyself", "kill myself"),
        ("kil myslef", "kill myself"),
        ("kill meself", "kill myself"),
        ("kill\nmyself", "kill myself"),
        ("ki\u200bll my\u200bself", "kill myself"),
        ("\uff4b\uff49\uff4c\uff4c myself", "kill myself"),
        ("i wanna die", "want to die"),
        ("I want 2 d!e", "want to die"),
        ("Wánt tö díe", "want to die"),
        ("sucide", "suicide"),
        ("suiside", "suicide"),
        ("s*icide", "suicide"),
        ("su1cide.", "suicide"),
        ("I cut my self again", "cut myself"),
        ("I don’t want to be here any more", "dont want to be here anymore"),
        ("dont wanna b here anymore", "dont want to be here anymore"),
        ("lol kms", "kms"),
    ],
)
def test_other_spellings_are_found(words: str, phrase: str) -> None:
    found = found_in(words, PHRASES)
    assert found is not None
    assert phrase in found.phrases


@pytest.mark.parametrize(
    "words",
    [
        "",
        "My skill myself improved",
        "I want to diet",
        "I kiss myself in the mirror",
        "I will cut my salad myself",
        "We killed it on stage",
        "Dying of laughter",
        "She touched me up with paint",
        "10 kms to go, or 4.2",
        "Went to the shop on my own. It was loud, but I wore my headphones and got the bread.",
        "the cake myself",
    ],
)
def test_what_only_looks_like_them_is_not(words: str) -> None:
    expected = ("kms",) if "kms" in words else None
    found = found_in(words, PHRASES)
    assert (found.phrases if found else None) == expected


def test_only_the_sentences_that_hold_a_phrase_are_taken_out() -> None:
    words = "School was long. I want to die. My cat is fine!\nI cut myself on purpose? Bye."
    found = found_in(words, PHRASES)
    assert found is not None
    assert found.phrases == ("want to die", "cut myself")
    assert found.excerpt == "I want to die. I cut myself on purpose?"
    long = found_in("a b " * 400 + "kill myself", PHRASES)
    assert long is not None
    assert len(long.excerpt) == LONGEST_EXCERPT


def test_a_phrase_over_two_sentences_brings_all_of_it() -> None:
    found = found_in("I want to. Die.", PHRASES)
    assert found is not None
    assert found.excerpt == "I want to. Die."


def test_the_starter_list_fits_and_says_nothing_twice() -> None:
    assert as_phrases(starter_phrases()) == starter_phrases()
    assert 40 <= len(starter_phrases()) <= MOST_PHRASES
    assert as_phrases(["  kill   myself ", "", "kill myself"]) == ("kill myself",)
