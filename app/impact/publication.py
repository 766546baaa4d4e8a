"""From estimates to cells: who counts in which, what was found of each, and which may be published anew."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

import numpy as np

from app.impact import findings
from app.impact.council_panel import ALL_OF_IT, BY_AGE, NOT_RECORDED, SEALED_COLUMNS, CouncilPanel
from app.impact.disclosure import DOMINANT, MINIMUM, Figures, Measured, protect, publishable, rounded_down, state_of
from app.impact.estimation import estimate
from app.impact.small_sample import false_discovery, p_value, t_interval
from app.impact.values import Estimate, GroupEffect, InterventionEffect

EVERYONE = "everyone"
TOTALS = "totals"
TABLES = (EVERYONE, "by_sex", "by_ethnicity", "by_need", "by_age", "by_locality")
GROUPED = (*SEALED_COLUMNS, BY_AGE)
REST = "Another, or not recorded"
REFERRAL_ALLOWANCE = 0.1


@dataclass(frozen=True, slots=True)
class CellKey:
    """Which cell: its table, its offer (None: the council's totals) and its group (empty: everyone)."""

    table: str
    offer_id: UUID | None
    group: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell shows, and the fingerprint of each person that it was made from."""

    figures: Figures
    contributions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Decided:
    """Every cell after one refresh; `anew` names those that changed hands, the rest is what was published before."""

    cells: Mapping[CellKey, Cell]
    anew: frozenset[CellKey]


def groups_of(labels: Iterable[str], standing: frozenset[str]) -> dict[str, str]:
    """Return each label's group: its own where 10 or more have it, or it has been published before; else the rest.

    Spelling counts for nothing but the way the group is written.
    """
    known = {name.casefold(): name for name in standing}
    spellings: dict[str, Counter[str]] = {}
    for label in labels:
        if label != NOT_RECORDED:
            spellings.setdefault(label.casefold(), Counter())[label] += 1
    found: dict[str, str] = {}
    for key, spelling in spellings.items():
        usual = max(sorted(spelling), key=spelling.__getitem__)
        own = known.get(key) or (usual if spelling.total() >= MINIMUM else REST)
        found |= dict.fromkeys(spelling, own)
    return found


def candidates(council: CouncilPanel, standing: Mapping[str, frozenset[str]]) -> dict[CellKey, Cell]:
    """Estimate, and return every cell as it would be if all were published anew; `standing`: groups by table."""
    found: dict[CellKey, Cell] = {}
    labels = {table: _grouped(council.labels[table], standing.get(table, frozenset())) for table in GROUPED}
    compared = [table for table in GROUPED if standing.get(table) or len(set(labels[table])) > 1]
    estimates = {table: estimate(replace(council.panel, groups={table: labels[table]})) for table in compared}
    everyone = next(iter(estimates.values()), None) or estimate(council.panel)
    for offer, effect in zip(council.offers, everyone.interventions, strict=True):
        people = council.counted[offer.offer_id]
        measured = _of_everyone(effect, people, used_referrals=everyone.model.used_referrals)
        found[CellKey(EVERYONE, offer.offer_id)] = Cell(
            publishable(measured), _brought(council, offer.offer_id, people)
        )
    for table in compared:
        groups = sorted({*labels[table], *standing.get(table, frozenset()), REST})
        found |= _group_cells(council, table, labels[table], groups, estimates[table])
    found[CellKey(TOTALS, None)] = _totals(council)
    return found


def _grouped(labels: tuple[str, ...], standing: frozenset[str]) -> tuple[str, ...]:
    groups = groups_of(labels, standing - {REST})
    return tuple(groups.get(label, REST) for label in labels)


def _brought(council: CouncilPanel, offer_id: UUID, people: Iterable[UUID]) -> dict[str, str]:
    return {person.hex: council.fingerprints[offer_id, person] for person in people}


def _sessions(people: Mapping[UUID, int]) -> tuple[int, int]:
    return sum(people.values()), sum(sorted(people.values())[-DOMINANT:])


def _of_everyone(effect: InterventionEffect, people: Mapping[UUID, int], *, used_referrals: bool) -> Measured:
    sessions, busiest = _sessions(people)
    dip = effect.dip
    return Measured(
        people=len(people),
        sessions=sessions,
        sessions_of_busiest=busiest,
        change=effect.change,
        low=effect.low,
        high=effect.high,
        naive=effect.naive_change,
        grade=effect.grade,
        joined_low=bool(dip and dip.high is not None and dip.high < 0),
        used_referrals=used_referrals,
    )


def _group_cells(
    council: CouncilPanel, table: str, labels: tuple[str, ...], groups: list[str], found: Estimate
) -> dict[CellKey, Cell]:
    """Return the cells of one table by group: every offer with every group of the council, whoever came to it."""
    group_of = dict(zip(council.people, labels, strict=True))
    effects = {(effect.intervention, effect.by[0][1]): effect for effect in found.groups}
    grades = _grades(found, effects)
    cells = {}
    for offer in council.offers:
        for group in groups:
            people = {who: n for who, n in council.counted[offer.offer_id].items() if group_of[who] == group}
            sessions, busiest = _sessions(people)
            effect = effects.get((offer.name, group))
            measured = Measured(
                people=len(people),
                sessions=sessions,
                sessions_of_busiest=busiest,
                change=effect.change if effect else None,
                low=effect.low if effect else None,
                high=effect.high if effect else None,
                grade=grades.get((offer.name, group), findings.NOT_ESTIMABLE),
                used_referrals=found.model.used_referrals,
            )
            brought = _brought(council, offer.offer_id, people)
            cells[CellKey(table, offer.offer_id, group)] = Cell(publishable(measured), brought)
    return cells


def _grades(found: Estimate, effects: Mapping[tuple[str, str], GroupEffect]) -> dict[tuple[str, str], str]:
    """Grade the figures of one table by the engine's rules, false discoveries held down over the whole table."""
    shown = {
        key: (effect.change, effect.standard_error, effect.people)
        for key, effect in effects.items()
        if effect.change is not None and effect.standard_error is not None and effect.people is not None
    }
    if not shown:
        return {}
    chances = false_discovery(np.array([p_value(change, error, n - 1) for change, error, n in shown.values()]))
    grades = {}
    for (key, (change, error, n)), q in zip(shown.items(), chances, strict=True):
        allowance = 0.0 if found.model.used_referrals else REFERRAL_ALLOWANCE
        evidence = findings.Evidence(
            intervention=key[0],
            people=n,
            people_with_enough_weeks=effects[key].people_with_enough_weeks or 0,
            attended_without_check_ins=0,
            withheld=False,
            minimum_group=MINIMUM,
            change=change,
            interval=t_interval(change, error, n - 1),
            with_allowance=t_interval(change, float(np.hypot(error, allowance)), n - 1),
            q=float(q),
            naive=None,
            dip=None,
            alternatives=(),
            used_referrals=found.model.used_referrals,
            without_referral_date=0,
            entangled_with=None,
        )
        grades[key] = findings.grade_of(evidence)
    return grades


def _totals(council: CouncilPanel) -> Cell:
    """Return what the refresh read in all: young people with a check-in, their check-ins, the sessions they came to."""
    people = int(np.unique(council.panel.check_ins.person).size)
    state = state_of(people)
    brought = {person.hex: council.fingerprints[ALL_OF_IT, person] for person in council.people}
    figures = Figures(state)
    if not figures.is_withheld:
        figures = replace(
            figures,
            people=rounded_down(people),
            sessions=rounded_down(council.sessions),
            check_ins=rounded_down(council.check_ins),
        )
    return Cell(figures, brought)


def news(before: Mapping[str, str], now: Mapping[str, str]) -> int:
    """Return how many people have something new: new or undone entries, come, or gone."""
    return sum(before.get(person) != now.get(person) for person in {*before, *now})


def has_news(key: CellKey, fresh: Mapping[CellKey, Cell], published: Mapping[CellKey, Cell]) -> bool:
    """Say whether a cell was never decided on, or at least 10 of its people have something new."""
    return key not in published or news(published[key].contributions, fresh[key].contributions) >= MINIMUM


def decide(fresh: Mapping[CellKey, Cell], published: Mapping[CellKey, Cell]) -> Decided:
    """Publish a cell anew where at least 10 of its people have something new; keep every other as it was.

    A cell that was never decided on before is decided on now. Then withhold what would give withheld cells away.
    """
    anew = {key for key in fresh if has_news(key, fresh, published)}
    cells = {key: fresh[key] if key in anew else published[key] for key in fresh}
    for offer_id in {key.offer_id for key in cells if key.table == EVERYONE}:
        anew |= _protect_offer(cells, offer_id, anew)
    return Decided(cells, frozenset(anew))


def _protect_offer(cells: dict[CellKey, Cell], offer_id: UUID | None, anew: set[CellKey]) -> set[CellKey]:
    """Put the protected figures of one offer in `cells`; return the keys of those that had to change."""
    top = CellKey(EVERYONE, offer_id)
    columns: dict[str, dict[str, Figures]] = {}
    for key, cell in cells.items():
        if key.offer_id == offer_id and key.table in GROUPED:
            columns.setdefault(key.table, {})[key.group] = cell.figures
    fresh = frozenset((key.table, key.group) for key in anew if key.offer_id == offer_id)
    everyone, held = protect(cells[top].figures, columns, fresh=fresh)
    after = {top: everyone} | {
        CellKey(table, offer_id, group): figures for table, column in held.items() for group, figures in column.items()
    }
    changed = {key for key, figures in after.items() if figures != cells[key].figures}
    for key in changed:
        cells[key] = replace(cells[key], figures=after[key])
    return changed
