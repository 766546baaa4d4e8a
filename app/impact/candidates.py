"""From one estimate to cells: who counts in which, and what was found of each, before anything is compared."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from app.impact import findings
from app.impact.band_cells import band_cells
from app.impact.beside import beside_cells, beside_people
from app.impact.cells import Cell, CellKey, has_news
from app.impact.contributions import Contributions
from app.impact.council_fit import CouncilFit
from app.impact.council_panel import CouncilPanel, Counted
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
from app.impact.fits import Fits
from app.impact.group_members import Members, groupings_of, labels_of_council, members_of, standing_groups, with_news
from app.impact.groups import group_effects
from app.impact.small_sample import false_discovery, p_value, t_interval
from app.impact.staying import stayed_cells
from app.impact.tables import EVERYONE, RESPONSE, SHAPE, TOTALS, USUAL_OUTCOME, pair_group
from app.impact.values import GroupEffect, InterventionEffect

LARGEST_Q = 0.05
BY_EFFECT = frozenset({EVERYONE, SHAPE, RESPONSE})
"""Tables whose figures come with the interventions' own; the others have fits of their own."""
Effects = Mapping[tuple[str, str], GroupEffect]


def candidates(fit: CouncilFit, published: Mapping[CellKey, Cell]) -> dict[CellKey, Cell]:
    """Return every cell as it would be if all that have news were published anew, and the rest as `published`.

    Nothing is fitted that no cell with news needs.
    """
    council = fit.council
    found = _totals(council)
    if council.full_time is not None:
        found |= band_cells(council)
    if council.outcome == USUAL_OUTCOME:
        found |= stayed_cells(council)
    found |= _of_everyone(fit, published)
    standing = standing_groups(council, published)
    labels = labels_of_council(council, standing)
    held = [(one, members_of(council, one)) for one in groupings_of(council.outcome, labels, standing)]
    news = [with_news(cells, published) for _, cells in held]
    wanted = [one.columns for (one, _), new in zip(held, news, strict=True) if new]
    effects = _effects_by_table(council, fit.fits, labels, wanted) if wanted else {}
    for (one, cells), new in zip(held, news, strict=True):
        make = _group_cells if len(one.columns) == 1 else _pair_cells
        # A cell that is not published yet has no figure while its table waits: it is decided on all the same.
        wanted_cells = {key: members for key, members in cells.items() if key in new or key not in published}
        anew = make(council, wanted_cells, effects.get(one.columns, []), fit.fits if new else None)
        found |= {key: anew.get(key) or published[key] for key in cells}
    return found


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


def _sessions(people: Counted) -> tuple[int, int]:
    return int(people.sessions.sum()), int(np.sort(people.sessions)[-DOMINANT:].sum())


def _of_everyone(fit: CouncilFit, published: Mapping[CellKey, Cell]) -> dict[CellKey, Cell]:
    """Return each offer's own cell, with what stands beside its figure."""
    council, brought = fit.council, dict[CellKey, Contributions]()
    for offer in council.offers:
        people = council.brought(offer.offer_id, council.counted[offer.offer_id].place)
        brought[CellKey(EVERYONE, offer.offer_id, outcome=council.outcome)] = people
    beside = beside_people(council, fit.laid) if fit.laid else {}

    def is_new(key: CellKey) -> bool:
        return has_news(published.get(key), brought[key] if key in brought else beside[key])

    new = {key for key in (*brought, *beside) if is_new(key)}
    # Whether an offer has a shape at all is known once it is fitted: one without waits for another reason to fit.
    asked = {key for key in new if key.table != SHAPE or key in published}
    found = {key: published[key] for key in (*brought, *beside) if key not in new}
    if not asked:
        return found
    fits = fit.fits
    effects = intervention_effects(fits) if fits and {key.table for key in asked} & BY_EFFECT else None
    for place, (key, people) in enumerate(brought.items()):
        if key in new:
            counted = council.counted[council.offers[place].offer_id]
            effect = effects[place] if effects else None
            measured = _measured(effect, counted, used_referrals=bool(fits and fits.referral))
            found[key] = Cell(publishable(measured), people)
    if fits is None:
        return found
    return found | beside_cells(council, fits, effects, people={key: beside[key] for key in beside if key in new})


def _measured(effect: InterventionEffect | None, people: Counted, *, used_referrals: bool) -> Measured:
    sessions, busiest = _sessions(people)
    measured = Measured(people.place.size, sessions, busiest, used_referrals=used_referrals)
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
    council: CouncilPanel, cells: Mapping[CellKey, Members], found: Sequence[GroupEffect], fits: Fits | None
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
            people=members.people.place.size,
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
    council: CouncilPanel, cells: Mapping[CellKey, Members], found: Sequence[GroupEffect], _: Fits | None
) -> dict[CellKey, Cell]:
    """Return the cells of one table by two columns: figures drawn toward the whole, and no count."""
    effects, names = _by_cell(found), council.names
    made = {}
    for key, members in cells.items():
        drawn = _drawn(effects.get((names[key.offer_id], key.group)))
        figures = publishable_alone(Measured(members.people.place.size, 0, 0, drawn=drawn))
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
    return {CellKey(TOTALS, None, outcome=council.outcome): Cell(figures, council.brought_in_all)}
