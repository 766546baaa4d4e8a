"""From one estimate to cells: who counts in which, and what was found of each, before anything is compared."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import numpy as np

from app.impact import findings
from app.impact.band_cells import band_cells
from app.impact.baselines import before_and_after
from app.impact.beside import beside_cells
from app.impact.cells import Cell, CellKey, has_news
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
from app.impact.effects import allowance_of, intervention_effects
from app.impact.fits import Fits, fit_panel
from app.impact.groups import group_effects
from app.impact.panel import person_weeks
from app.impact.small_sample import false_discovery, p_value, t_interval
from app.impact.staying import stayed_cells
from app.impact.tables import EVERYONE, GROUPED, NOT_RECORDED, PAIRS, REST, TOTALS, USUAL_OUTCOME, pair_group
from app.impact.values import GroupEffect, InterventionEffect

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


@dataclass(frozen=True)
class _Grouping:
    """One table by one column or two: each person's group in the order of the council's people, and all its groups."""

    table: str
    columns: tuple[str, ...]
    labels: tuple[str, ...]
    groups: Sequence[str]


@dataclass(frozen=True)
class _Members:
    """Who counts in one cell, with the sessions that each came to, and what they bring."""

    people: Mapping[UUID, int]
    brought: Mapping[str, str]


def fit_council(council: CouncilPanel) -> Fits | None:
    """Fit everything that a council's figures are made from; None where there is nothing to fit.

    The plain before and after is that of the scores as they came.
    """
    panel = council.panel
    if panel.check_ins.person.size == 0 or not panel.interventions:
        return None
    fits = fit_panel(panel, MINIMUM, use_referrals=True, use_prompts=True)
    if council.recorded is None:
        return fits
    as_came = before_and_after(person_weeks(council.recorded, panel.people), fits.begun, len(panel.interventions))
    return replace(fits, naive=replace(fits.naive, change=as_came.change))


def candidates(council: CouncilPanel, fits: Fits | None, published: Mapping[CellKey, Cell]) -> dict[CellKey, Cell]:
    """Return every cell as it would be if all were published anew.

    A table none of whose cells has news is not estimated: its cells stay as they are `published`.
    """
    found = _totals(council) | _of_everyone(council, fits)
    if council.full_time is not None:
        found |= band_cells(council)
    standing = _standing(council.outcome, published)
    labels = {table: _grouped(council.labels[table], standing.get(table, frozenset())) for table in GROUPED}
    held = [(one, _members(council, one)) for one in _groupings(council, labels, standing)]
    wanted = [one.columns for one, cells in held if _any_news(cells, published)]
    effects = _effects_by_table(council, fits, labels, wanted)
    for one, cells in held:
        make = _group_cells if len(one.columns) == 1 else _pair_cells
        found |= make(council, cells, effects.get(one.columns, []), fits)
    return found


def _standing(outcome: str, published: Mapping[CellKey, Cell]) -> dict[str, frozenset[str]]:
    """Return the groups that stand published, by table."""
    found: dict[str, frozenset[str]] = {}
    for key, cell in published.items():
        if key.outcome == outcome and key.table in GROUPED and not cell.figures.is_withheld:
            found[key.table] = found.get(key.table, frozenset()) | {key.group}
    return found


def _groupings(
    council: CouncilPanel, labels: Mapping[str, tuple[str, ...]], standing: Mapping[str, frozenset[str]]
) -> Iterator[_Grouping]:
    """Yield the tables that tell anybody apart; those of two columns for wellbeing alone."""
    names = {
        table: sorted({*labels[table], *standing.get(table, frozenset()), REST})
        for table in GROUPED
        if standing.get(table) or len(set(labels[table])) > 1
    }
    for table, groups in names.items():
        yield _Grouping(table, (table,), labels[table], groups)
    for table, (first, second) in PAIRS.items():
        if council.outcome == USUAL_OUTCOME and first in names and second in names:
            both = tuple(pair_group(one, other) for one, other in zip(labels[first], labels[second], strict=True))
            groups = [pair_group(one, other) for one in names[first] for other in names[second]]
            yield _Grouping(table, (first, second), both, groups)


def _members(council: CouncilPanel, grouping: _Grouping) -> dict[CellKey, _Members]:
    """Return who is in each cell of a table: every offer with every group of the council, whoever came to it."""
    found = {}
    for offer in council.offers:
        by_group: dict[str, dict[UUID, int]] = {}
        for person, sessions in council.counted[offer.offer_id].items():
            by_group.setdefault(grouping.labels[council.place[person]], {})[person] = sessions
        for group in grouping.groups:
            people = by_group.get(group, {})
            key = CellKey(grouping.table, offer.offer_id, group, council.outcome)
            found[key] = _Members(people, council.brought(offer.offer_id, people))
    return found


def _any_news(cells: Mapping[CellKey, _Members], published: Mapping[CellKey, Cell]) -> bool:
    return any(has_news(published.get(key), members.brought) for key, members in cells.items())


def _effects_by_table(
    council: CouncilPanel, fits: Fits | None, labels: Mapping[str, tuple[str, ...]], wanted: Sequence[tuple[str, ...]]
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
        by_columns=wanted,
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
    effects = intervention_effects(fits) if fits else ()
    found = {}
    for offer, effect in zip(council.offers, effects or [None] * len(council.offers), strict=True):
        people = council.counted[offer.offer_id]
        measured = _measured(effect, people, used_referrals=bool(fits and fits.referral))
        key = CellKey(EVERYONE, offer.offer_id, outcome=council.outcome)
        found[key] = Cell(publishable(measured), council.brought(offer.offer_id, people))
    if council.outcome == USUAL_OUTCOME:
        found |= stayed_cells(council)
    return found if fits is None else found | beside_cells(council, fits, effects)


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


def _group_cells(
    council: CouncilPanel, cells: Mapping[CellKey, _Members], found: Sequence[GroupEffect], fits: Fits | None
) -> dict[CellKey, Cell]:
    """Return the cells of one table by one column, with the groups' own figures and those drawn toward the whole."""
    effects, names = _by_cell(found), council.names
    grades = _grades(effects, fits) if fits else {}
    used_referrals = bool(fits and fits.referral)
    made = {}
    for key, members in cells.items():
        sessions, busiest = _sessions(members.people)
        effect = effects.get((names[key.offer_id], key.group))
        measured = Measured(
            people=len(members.people),
            sessions=sessions,
            sessions_of_busiest=busiest,
            change=effect.change if effect else None,
            low=effect.low if effect else None,
            high=effect.high if effect else None,
            grade=grades.get((names[key.offer_id], key.group), findings.NOT_ESTIMABLE),
            used_referrals=used_referrals,
            drawn=_drawn(effect),
        )
        made[key] = Cell(publishable(measured), members.brought)
    return made


def _pair_cells(
    council: CouncilPanel, cells: Mapping[CellKey, _Members], found: Sequence[GroupEffect], _: Fits | None
) -> dict[CellKey, Cell]:
    """Return the cells of one table by two columns: figures drawn toward the whole, and no count."""
    effects, names = _by_cell(found), council.names
    made = {}
    for key, members in cells.items():
        drawn = _drawn(effects.get((names[key.offer_id], key.group)))
        figures = publishable_alone(Measured(len(members.people), 0, 0, drawn=drawn))
        made[key] = Cell(figures, members.brought)
    return made


def _by_cell(found: Sequence[GroupEffect]) -> Effects:
    """Return the effects by offer and group, as cells name it."""
    return {(effect.intervention, pair_group(*(label for _, label in effect.by))): effect for effect in found}


def _drawn(effect: GroupEffect | None) -> Drawn | None:
    if effect is None or effect.pooled_change is None or effect.pooled_low is None or effect.pooled_high is None:
        return None
    differ = None if effect.difference_q is None else effect.difference_q <= LARGEST_Q
    return Drawn(effect.pooled_change, effect.pooled_low, effect.pooled_high, effect.shrinkage or 0.0, differ)


def _grades(effects: Effects, fits: Fits) -> dict[tuple[str, str], str]:
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
        evidence = findings.Evidence(
            intervention=key[0],
            people=n,
            people_with_enough_weeks=effects[key].people_with_enough_weeks or 0,
            attended_without_check_ins=0,
            withheld=False,
            minimum_group=MINIMUM,
            change=change,
            interval=t_interval(change, error, n - 1),
            with_allowance=t_interval(change, float(np.hypot(error, allowance_of(fits))), n - 1),
            q=float(q),
            naive=None,
            dip=None,
            alternatives=(),
            used_referrals=fits.referral is not None,
            without_referral_date=0,
            entangled_with=None,
            outcome=fits.outcome,
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
