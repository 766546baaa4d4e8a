"""Who lives in a made-up council: names, ages, needs and how each likes to answer."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, TypeVar

import numpy as np

from app.demo.material import material
from app.demo.values import MadeUpCouncil, MadeUpPerson
from app.young_people.values import Audience, PersonDetails

T = TypeVar("T")
CAST_COUNCIL = "derwent"
BY_NUMBER_SHARE = 0.2
SIBLING_SHARE = 0.6
PET_SHARE = 0.65
WITHOUT_PARENT = 5
YOUNGEST, OLDEST = 8, 25
AGES_WEIGHT = np.array([3, 4, 5, 7, 8, 10, 11, 11, 9, 8, 6, 5, 4, 3, 2, 2, 1, 1], float)
AUDIENCES = (Audience.MENTOR, Audience.PARENT_CARER, Audience.TEAM, Audience.ONLY_ME)
AUDIENCES_WEIGHT = (0.5, 0.3, 0.15, 0.05)
PRONOUNS = {"Female": "she/her", "Male": "he/him"}
THEY_SHARE = 0.05


class _Names:
    """Hands out names so that nobody has another's, and no two first names meet in one caseload."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.full: set[str] = set()
        self.met: set[tuple[int, str]] = set()

    def take(self, background: dict[str, Any], sex: str, mentor: int) -> tuple[str, str]:
        first = last = ""
        for _ in range(40):
            first, last = _one(self.rng, background[sex.lower()]), _one(self.rng, background["last"])
            if (mentor, first) not in self.met and f"{first} {last}" not in self.full:
                break
        self.met.add((mentor, first))
        self.full.add(f"{first} {last}")
        return first, last


def make_people(council: MadeUpCouncil, count: int, today: date, seed: int) -> list[MadeUpPerson]:
    """Make a council's young people; the first two of the one that the cast lives in are Amina and Ben."""
    rng = np.random.default_rng(seed)
    names = _Names(rng)
    people = [_person(rng, names, council, number, today) for number in range(count)]
    people = _with_parents(people, seed)
    if council.slug == CAST_COUNCIL:
        people[0], people[1] = _amina(people[0], today), _ben(people[1], today)
    return people


def _with_parents(people: list[MadeUpPerson], seed: int) -> list[MadeUpPerson]:
    """Give most of those who have none a parent carer too; every fifth (Ben among them) goes without."""
    rng, backgrounds = np.random.default_rng([seed, 5]), material("people")["backgrounds"]
    stock = {entry["ethnicity"]: entry["parents"] for entry in backgrounds}
    return [
        person
        if person.parent or number % WITHOUT_PARENT == 1
        else replace(person, parent=f"{_one(rng, stock[person.details.ethnicity])} {person.details.last_name}")
        for number, person in enumerate(people)
    ]


def _person(rng: np.random.Generator, names: _Names, council: MadeUpCouncil, number: int, today: date) -> MadeUpPerson:
    stock, mentor = material("people"), number % len(council.mentors)
    background = _weighted(rng, stock["backgrounds"], [entry["weight"] for entry in stock["backgrounds"]])
    sex = str(rng.choice(["Female", "Male"], p=[0.42, 0.58]))
    first, last = names.take(background, sex, mentor)
    age = int(rng.choice(np.arange(YOUNGEST, OLDEST + 1), p=AGES_WEIGHT / AGES_WEIGHT.sum()))
    need = _weighted(rng, stock["primary_needs"], stock["primary_needs_weight"])
    details = PersonDetails(
        reference=f"{council.prefix}-{1001 + number}",
        first_name=first,
        last_name=last,
        pronouns="they/them" if rng.random() < THEY_SHARE else PRONOUNS[sex],
        date_of_birth=_birthday(rng, today, age),
        sex=sex,
        ethnicity=background["ethnicity"],
        primary_need=need,
        presenting_needs=tuple(rng.choice(stock["presenting_needs"], int(rng.integers(1, 4)), replace=False).tolist()),
        diagnoses=_diagnoses(rng, need),
        locality=_weighted(rng, stock["localities"], stock["localities_weight"]),
        entry_route=_weighted(rng, stock["entry_routes"], stock["entry_routes_weight"]),
        contact=f"Text 07700 900{number:03d}",
    )
    siblings = background["female"] + background["male"]
    parent = f"{_one(rng, background['parents'])} {last}" if number % 2 == 0 else None
    return MadeUpPerson(
        details=details,
        age=age,
        mentor=mentor,
        parent=parent,
        measure="scale" if rng.random() < BY_NUMBER_SHARE else "faces",
        audience=_weighted(rng, AUDIENCES, AUDIENCES_WEIGHT),
        shares_profile=bool(rng.random() < 0.6),  # noqa: PLR2004 (a share of people)
        filling=_filling(rng, [name for name in siblings if name != first]),
    )


def _filling(rng: np.random.Generator, siblings: list[str]) -> dict[str, str]:
    """Return what a person's sentences are filled in with; no pet or sibling where they have none."""
    stock = material("people")
    made = {name: _one(rng, stock[f"{name}s"]) for name in ("game", "food", "show")}
    if rng.random() < PET_SHARE:
        made["pet"], made["animal"] = _weighted(rng, stock["pets"], None)
    if rng.random() < SIBLING_SHARE:
        made["sibling"] = _one(rng, siblings)
    return made


def _diagnoses(rng: np.random.Generator, need: str) -> tuple[str, ...]:
    stock = material("people")["diagnoses"]
    found = [_one(rng, stock[need])]
    if rng.random() < 0.35:  # noqa: PLR2004 (a share of people)
        found.append(_one(rng, [name for name in stock["also"] if name not in found]))
    return tuple(found)


def _birthday(rng: np.random.Generator, today: date, age: int) -> date:
    """Return a date of birth that makes somebody this old today."""
    return today - timedelta(days=int(age * 365.25) + int(rng.integers(20, 345)))


def _one(rng: np.random.Generator, choices: Sequence[str]) -> str:
    return choices[int(rng.integers(len(choices)))]


def _weighted(rng: np.random.Generator, choices: Sequence[T], weights: Sequence[float] | None) -> T:
    """Return one of the choices, with the chances that the weights (of any sum) give."""
    share = None if weights is None else np.asarray(weights, float) / sum(weights)
    return choices[int(rng.choice(len(choices), p=share))]


def _amina(person: MadeUpPerson, today: date) -> MadeUpPerson:
    """Turn a person into Amina, whose story is written by hand."""
    story = material("amina")
    details = replace(
        person.details,
        first_name=story["first_name"],
        last_name=story["last_name"],
        pronouns="she/her",
        date_of_birth=today - timedelta(days=5300),
        sex="Female",
        ethnicity="Asian or Asian British",
        primary_need="ASD",
        presenting_needs=("EBSA", "Anxiety", "Sensory"),
        diagnoses=("Autism",),
        locality="Riverside",
        entry_route="School",
    )
    return replace(
        person,
        details=details,
        age=14,
        parent=story["parent"],
        measure="faces",
        audience=Audience.PARENT_CARER,
        shares_profile=True,
        filling=dict(story["filling"]),
    )


def _ben(person: MadeUpPerson, today: date) -> MadeUpPerson:
    """Turn a person into Ben, who answers with numbers and shares with his mentor only."""
    details = replace(
        person.details,
        first_name="Ben",
        last_name="Whitlock",
        pronouns="he/him",
        date_of_birth=today - timedelta(days=4600),
        sex="Male",
        ethnicity="White",
    )
    filling = {"pet": "Gary", "animal": "snail", "game": "chess", "food": "sausage and mash", "show": "Taskmaster"}
    return replace(
        person,
        details=details,
        age=12,
        measure="scale",
        audience=Audience.MENTOR,
        shares_profile=False,
        filling=filling,
    )
