"""From one estimate to cells: who counts in which, and what was found of each, before anything is compared."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

import numpy as np

from app.impact import findings
from app.impact.beside import beside_cells
from app.impact.cells import Cell, CellKey
from app.impact.council_panel import ALL_OF_IT, CouncilPanel
from app.impact.disclosure import (
    DOMINANT,
    FIGURES_FROM,
    MINIMUM,
    Drawn,
    Figures,
    Measured,
    publishable,
    publishable_alone,
    rounded_down,
    state_of,
)
from app.impact.effects import intervention_effects
from app.impact.fits import Fits, fit_panel
from app.impact.groups import group_effects
from app.impact.small_sample import false_discovery, p_value, t_interval
from app.impact.tables import EVERYONE, GROUPED, NOT_RECORDED, PAIRS, REST, TOTALS, pair_group
from app.impact.values import GroupEffect, InterventionEffect

REFERRAL_ALLOWANCE = 0.1
LARGEST_Q = 0.05
Effects = Mapping[tuple[str, str], GroupEffect]


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
    labels = {table: _grouped(council.labels[table], standing.get(table, frozenset())) for table in GROUPED}
    compared = [table for table in GROUPED if standing.get(table) or len(set(labels[table])) > 1]
    names = {table: sorted({*labels[table], *standing.get(table, frozenset()), REST}) for table in compared}
    fits = _fit(council)
    found = _totals(council) | _of_everyone(council, fits)
    grouped = {table: labels[table] for table in compared}
    effects = _effects_by_table(council, fits, grouped)
    for table in compared:
        found |= _group_cells(council, (table, labels[table], names[table]), effects.get((table,), []), fits)
    for table, (first, second) in PAIRS.items():
        if first in grouped and second in grouped:
            both = tuple(pair_group(one, other) for one, other in zip(labels[first], labels[second], strict=True))
            groups = [pair_group(one, other) for one in names[first] for other in names[second]]
            found |= _pair_cells(council, (table, both, groups), effects.get((first, second), []))
    return found


def _fit(council: CouncilPanel) -> Fits | None:
    panel = council.panel
    if panel.check_ins.person.size == 0 or not panel.interventions:
        return None
    return fit_panel(panel, MINIMUM, use_referrals=True, use_prompts=True)


def _effects_by_table(
    council: CouncilPanel, fits: Fits | None, labels: Mapping[str, tuple[str, ...]]
) -> dict[tuple[str, ...], list[GroupEffect]]:
    """Return every grouping's figures, of groups of 20 and more who count: figures are drawn toward no other."""
    if fits is None:
        return {}
    found: dict[tuple[str, ...], list[GroupEffect]] = {}
    for effect in group_effects(
        fits.cells,
        fits.begun,
        council.panel.interventions,
        labels,
        variances=fits.variances,
        extra=fits.referral.terms if fits.referral else None,
        minimum_group=FIGURES_FROM,
        counted=fits.enough,
        enough=fits.enough,
    ):
        found.setdefault(tuple(column for column, _ in effect.by), []).append(effect)
    return found


def _grouped(labels: tuple[str, ...], standing: frozenset[str]) -> tuple[str, ...]:
    groups = groups_of(labels, standing - {REST})
    return tuple(groups.get(label, REST) for label in labels)


def _sessions(people: Mapping[UUID, int]) -> tuple[int, int]:
    return sum(people.values()), sum(sorted(people.values())[-DOMINANT:])


def _of_everyone(council: CouncilPanel, fits: Fits | None) -> dict[CellKey, Cell]:
    """Return each offer's own cell, with what stands beside its figure."""
    effects: Sequence[InterventionEffect | None] = intervention_effects(fits) if fits else [None] * len(council.offers)
    found = {}
    for offer, effect in zip(council.offers, effects, strict=True):
        people = council.counted[offer.offer_id]
        measured = _measured(effect, people, used_referrals=bool(fits and fits.referral))
        key = CellKey(EVERYONE, offer.offer_id, outcome=council.outcome)
        found[key] = Cell(publishable(measured), council.brought(offer.offer_id, people))
    return found | (beside_cells(council, fits) if fits else {})


def _measured(effect: InterventionEffect | None, people: Mapping[UUID, int], *, used_referrals: bool) -> Measured:
    sessions, busiest = _sessions(people)
    measured = Measured(len(people), sessions, busiest, used_referrals=used_referrals)
    if effect is None:
        return measured
    dip = effect.dip
    return replace(
        measured,
        change=effect.change,
        low=effect.low,
        high=effect.high,
        naive=effect.naive_change,
        grade=effect.grade,
        joined_low=bool(dip and dip.high is not None and dip.high < 0),
    )


Grouping = tuple[str, tuple[str, ...], Sequence[str]]
"""A table, each person's group in it, and all its groups."""


def _members(council: CouncilPanel, offer_id: UUID, labels: tuple[str, ...]) -> dict[str, dict[UUID, int]]:
    """Return who of each group counts at an offer, with their sessions."""
    found: dict[str, dict[UUID, int]] = {}
    for person, sessions in council.counted[offer_id].items():
        found.setdefault(labels[council.place[person]], {})[person] = sessions
    return found


def _group_cells(
    council: CouncilPanel, grouping: Grouping, found: Sequence[GroupEffect], fits: Fits | None
) -> dict[CellKey, Cell]:
    """Return the cells of one table by group: every offer with every group of the council, whoever came to it."""
    table, labels, groups = grouping
    effects = {(effect.intervention, effect.by[0][1]): effect for effect in found}
    used_referrals = bool(fits and fits.referral)
    grades = _grades(effects, used_referrals=used_referrals)
    cells = {}
    for offer in council.offers:
        members = _members(council, offer.offer_id, labels)
        for group in groups:
            people = members.get(group, {})
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
                used_referrals=used_referrals,
                drawn=_drawn(effect),
            )
            key = CellKey(table, offer.offer_id, group, council.outcome)
            cells[key] = Cell(publishable(measured), council.brought(offer.offer_id, people))
    return cells


def _pair_cells(council: CouncilPanel, grouping: Grouping, found: Sequence[GroupEffect]) -> dict[CellKey, Cell]:
    """Return the cells of one table by two columns: figures drawn toward the whole, and no count."""
    table, labels, groups = grouping
    effects = {(effect.intervention, pair_group(effect.by[0][1], effect.by[1][1])): effect for effect in found}
    cells = {}
    for offer in council.offers:
        members = _members(council, offer.offer_id, labels)
        for group in groups:
            people = members.get(group, {})
            drawn = _drawn(effects.get((offer.name, group)))
            figures = publishable_alone(Measured(len(people), 0, 0, drawn=drawn))
            key = CellKey(table, offer.offer_id, group, council.outcome)
            cells[key] = Cell(figures, council.brought(offer.offer_id, people))
    return cells


def _drawn(effect: GroupEffect | None) -> Drawn | None:
    if effect is None or effect.pooled_change is None or effect.pooled_low is None or effect.pooled_high is None:
        return None
    differ = None if effect.difference_q is None else effect.difference_q <= LARGEST_Q
    return Drawn(effect.pooled_change, effect.pooled_low, effect.pooled_high, effect.shrinkage or 0.0, differ)


def _grades(effects: Effects, *, used_referrals: bool) -> dict[tuple[str, str], str]:
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
        allowance = 0.0 if used_referrals else REFERRAL_ALLOWANCE
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
            used_referrals=used_referrals,
            without_referral_date=0,
            entangled_with=None,
        )
        grades[key] = findings.grade_of(evidence)
    return grades


def _totals(council: CouncilPanel) -> dict[CellKey, Cell]:
    """Return what the refresh read in all: young people with a check-in, their check-ins, the sessions they came to."""
    people = int(np.unique(council.panel.check_ins.person).size)
    figures = Figures(state_of(people))
    if not figures.is_withheld:
        figures = replace(
            figures,
            people=rounded_down(people),
            sessions=rounded_down(council.sessions),
            check_ins=rounded_down(council.check_ins),
        )
    brought = council.brought(ALL_OF_IT, council.people)
    return {CellKey(TOTALS, None, outcome=council.outcome): Cell(figures, brought)}
