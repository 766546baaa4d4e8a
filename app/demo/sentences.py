"""Chooses sentences that fit a person, a face and a day, and spreads them so that a caseload does not repeat itself."""

from collections import Counter
from collections.abc import Iterable, Sequence
from string import Formatter
from typing import Any

import numpy as np

from app.demo.material import material
from app.demo.values import MadeUpPerson

SCHOOL_AGE = 17
FEELINGS_BY_FACE = {
    1: ("sad", "worried", "angry", "lonely", "tired", "muddled"),
    2: ("worried", "tired", "sad", "lonely", "muddled"),
    3: ("calm", "tired", "hopeful", "muddled", "worried", "safe"),
    4: ("calm", "happy", "hopeful", "proud", "safe"),
    5: ("happy", "proud", "excited", "hopeful", "safe"),
}
TONE_BY_FACE = {1: "low", 2: "low", 3: "middle", 4: "high", 5: "high"}
LOW_UP_TO = 2
HIGH_FROM = 4
AFTER_SESSION_SHARE = 0.75


def fill(line: str, filling: dict[str, str]) -> str | None:
    """Fill a line in from a person; None where they have no such thing, such as a pet."""
    wanted = {name for _, name, _, _ in Formatter().parse(line) if name}
    return line.format_map(filling) if wanted <= filling.keys() else None


class Sentences:
    """Hands out sentences: no person says one twice, and a mentor's young people seldom share one."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.used: Counter[tuple[str, int, str]] = Counter()
        self.said: set[tuple[str, str]] = set()

    def choose(self, kind: str, person: MadeUpPerson, lines: Iterable[str], more: dict[str, str] | None = None) -> str:
        """Return one of the lines, filled in, that this person has not used and their mentor has read least; or ""."""
        filling, who = person.filling | (more or {}), person.details.reference
        filled = {line: fill(line, filling) for line in lines if (who, line) not in self.said}
        open_ones = [line for line, words in filled.items() if words is not None]
        if not open_ones:
            return ""
        least = min(self.used[kind, person.mentor, line] for line in open_ones)
        best = [line for line in open_ones if self.used[kind, person.mentor, line] == least]
        line = best[int(self.rng.integers(len(best)))]
        self.used[kind, person.mentor, line] += 1
        self.said.add((who, line))
        return filled[line] or ""

    def check_in_note(self, person: MadeUpPerson, face: int, *, when: str, attended: Sequence[str]) -> str:
        """Return a note under a check-in that fits its face, or what was attended that day.

        `when`: `school`, `holiday`, or nothing for a weekend in term.
        """
        bank = material("check_ins")
        if attended and (face <= LOW_UP_TO or face >= HIGH_FROM) and self.rng.random() < AFTER_SESSION_SHARE:
            lines = bank["after"].get(attended[0], {}).get("low" if face <= LOW_UP_TO else "high", [])
            words = self.choose("after", person, lines)
            if words:
                return words
        of_face = bank[f"face_{face}"]
        lines = [*of_face["any"], *of_face[person.stage]]
        if person.age < SCHOOL_AGE and when:
            lines += of_face[when]
        return self.choose("check_in", person, lines)

    def post(self, person: MadeUpPerson, face: int, attended: Sequence[str]) -> tuple[str, list[str]]:
        """Return a post that fits a face (1 to 5) with the replies that fit the post; empty where none is left."""
        fitting = [
            post
            for post in material("posts")["posts"]
            if post["tone"] == TONE_BY_FACE[face]
            and post.get("ages", "any") in ("any", person.stage)
            and ("offer" not in post or post["offer"] in attended)
        ]
        about = [post for post in fitting if "offer" in post]
        by_words = {post["words"]: post for post in about or fitting}
        before = set(self.said)
        words = self.choose("post", person, by_words)
        line = next((line for who, line in self.said - before if who == person.details.reference), None)
        if line is None:
            return "", []
        replies = [fill(reply, person.filling) for reply in by_words[line]["replies"]]
        return words, [reply for reply in replies if reply]

    def goals(self, person: MadeUpPerson, offers: Sequence[str], count: int) -> list[tuple[str, list[str]]]:
        """Return up to `count` goals, each with its small steps."""
        fitting: dict[str, dict[str, Any]] = {
            goal["title"]: goal
            for goal in material("goals")["goals"]
            if goal.get("ages", "any") in ("any", person.stage) and ("offer" not in goal or goal["offer"] in offers)
        }
        titles = [self.choose("goal", person, fitting) for _ in range(count)]
        made = []
        for title in filter(None, titles):
            steps = [fill(step, person.filling) for step in fitting[title]["steps"]]
            made.append((title, [step for step in steps if step]))
        return made

    def profile(self, person: MadeUpPerson) -> dict[str, str]:
        """Return the sections of a one-page profile, two or three lines each, one of them about their need."""
        sections = {}
        for key, lines in material("profiles").items():
            own = lines.get(person.details.primary_need, [])
            first = self.choose("profile", person, own) if own and self.rng.random() < 0.7 else ""  # noqa: PLR2004 (a share)
            count = int(self.rng.integers(1, 3))
            rest = [self.choose("profile", person, lines["any"]) for _ in range(count)]
            sections[key] = " ".join(filter(None, [first, *rest]))
        return sections

    def note(self, person: MadeUpPerson, face: int) -> str:
        """Return what a mentor writes down."""
        name = person.details.preferred_name or person.details.first_name
        return self.choose("note", person, material("notes")["notes"][TONE_BY_FACE[face]], {"name": name})

    def event(self, person: MadeUpPerson) -> str:
        """Return something that happened."""
        events = material("notes")["events"]
        return self.choose("event", person, [*events["any"], *events[person.stage]])

    def feelings(self, face: int) -> tuple[str, ...]:
        choices = FEELINGS_BY_FACE[face]
        return tuple(self.rng.choice(choices, int(self.rng.integers(1, 3)), replace=False).tolist())
