"""The data that the made-up councils are made from: `words/*.toml`, read once."""

import tomllib
from datetime import time
from functools import cache
from pathlib import Path
from typing import Any

from app.demo.values import CastMember, MadeUpCouncil, MadeUpOffer, MadeUpProvider

WORDS = Path(__file__).parent / "words"


@cache
def material(name: str) -> dict[str, Any]:
    """Return one file of `words/` as it stands."""
    return tomllib.loads((WORDS / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def council(slug: str) -> MadeUpCouncil:
    """Return a made-up council by its slug: `derwent` or `trent`."""
    found = material(slug)
    return MadeUpCouncil(
        slug=found["slug"],
        name=found["name"],
        prefix=found["prefix"],
        mentors=tuple(found["mentors"]),
        staff=tuple(found["staff"]),
        administrators=tuple(found["administrators"]),
        auditors=tuple(found["auditors"]),
        providers=tuple(MadeUpProvider(**entry) for entry in found["providers"]),
        offers=tuple(
            MadeUpOffer(**{**entry, "starts": time.fromisoformat(entry["starts"])}) for entry in found["offers"]
        ),
    )


@cache
def cast() -> tuple[CastMember, ...]:
    """Return who there is to try Tidemark as, in the order of the list."""
    return tuple(CastMember(**entry) for entry in material("cast")["cast"])


def email_of(name: str, slug: str) -> str:
    """Return the made-up e-mail address of an adult; `.example` reaches nobody."""
    plain = "".join(letter if letter.isalpha() else "." for letter in name.lower())
    return f"{plain}@{slug}.example"
