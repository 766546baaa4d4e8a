"""What young people read has a reading age of 9 or lower, by the Automated Readability Index."""

import tomllib
from collections import Counter, defaultdict
from pathlib import Path

from tests.house_rules.young_words import Passage, passages, reading_age_index

EASY_ENOUGH = 4.0
"""Senter and Smith's index for a reading age of 8 to 9."""
LONG = 8
"""A passage of so many words is measured by itself; shorter ones are measured together, by file."""
EXCEPTIONS = tomllib.loads((Path(__file__).parents[2] / "docs" / "reading-age.toml").read_text())["exception"]


def test_the_index_is_senter_and_smiths() -> None:
    easy = Passage("", "The cat sat on the mat. It was warm.")
    hard = Passage("", "Anonymised administrative correspondence necessitates consideration.")
    assert round(reading_age_index([easy]), 2) == round(4.71 * 26 / 9 + 0.5 * 9 / 2 - 21.43, 2)
    assert reading_age_index([hard]) > 20


def test_every_long_passage_can_be_read_at_nine() -> None:
    excused = {one["text"] for one in EXCEPTIONS}
    held = [one for one in passages() if len(one.words) >= LONG and one.text not in excused]
    assert len(held) > 200
    hard = [f"{reading_age_index([one]):.1f} {one.where}: {one.text}" for one in held]
    assert [line for line in hard if float(line.split()[0]) > EASY_ENOUGH] == []


def test_short_ones_can_be_read_at_nine_file_by_file() -> None:
    """A file with only a few words in it tells too little: those are measured together."""
    excused = {one["text"] for one in EXCEPTIONS}
    short = [one for one in passages() if len(one.words) < LONG and one.text not in excused]
    in_file = Counter[str]()
    for one in short:
        in_file[one.where] += len(one.words)
    by_file = defaultdict(list)
    for one in short:
        by_file[one.where if in_file[one.where] >= LONG else "those with few"].append(one)
    assert len(by_file) > 60
    hard = {where: round(reading_age_index(held), 1) for where, held in by_file.items()}
    assert {where: index for where, index in hard.items() if index > EASY_ENOUGH} == {}


def test_every_exception_is_needed_and_has_its_reason() -> None:
    by_text = {one.text: one for one in passages()}
    for one in EXCEPTIONS:
        assert one["reason"]
        assert reading_age_index([by_text[one["text"]]]) > EASY_ENOUGH
