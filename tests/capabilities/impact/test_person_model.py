"""What everybody shares is learnt once; one person's part from their own check-ins alone agrees with everybody's."""

from dataclasses import replace
from uuid import UUID

import numpy as np
import pytest

from app.impact.fits import fit_panel
from app.impact.person import own_effects, person_effects, person_model_of
from app.impact.person_model import PersonModel
from app.impact.person_state import PersonState
from app.impact.values import CheckIns, Integers, Panel, PersonEffects, Prompts, Referrals, Sessions
from tests.capabilities.impact.made import scenario_panel, small_panel

FIGURES = ("own_change", "own_standard_error", "change", "standard_error", "shrinkage")


def model_of(panel: Panel) -> PersonModel:
    return person_model_of(fit_panel(panel, 10, use_referrals=True, use_prompts=True))


def part_of(panel: Panel, person: int) -> Panel:
    """Return one person's own records, as person 0 of a panel of their own."""
    entries, visits, asked, referred = panel.check_ins, panel.sessions, panel.prompts, panel.referrals
    assert asked is not None
    assert referred is not None

    mine, came, sent, put = (np.flatnonzero(each.person == person) for each in (entries, visits, asked, referred))
    days = [np.asarray(each.time, np.int64) for each in (entries, visits, asked, referred)]
    return Panel(
        check_ins=CheckIns(0 * mine, days[0][mine], entries.score[mine]),
        sessions=Sessions(0 * came, visits.intervention[came], days[1][came]),
        interventions=panel.interventions,
        people=1,
        referrals=Referrals(0 * put, referred.intervention[put], days[3][put]),
        prompts=Prompts(0 * sent, days[2][sent], asked.answered[sent]),
    )


def figures(found: PersonEffects, rows: Integers) -> dict[str, list[float]]:
    return {name: getattr(found, name)[rows].tolist() for name in FIGURES}


@pytest.mark.parametrize("asked", [False, True])
def test_one_person_alone_gets_what_they_get_among_everybody(*, asked: bool) -> None:
    panel = scenario_panel("waiting", people=100, weeks=32).panel
    panel = panel if asked else replace(panel, prompts=nothing_asked())
    state = state_of(panel)
    everybody, model = own_effects(state.model, panel), PersonState.from_text(state.as_text()).model
    assert (model.answering is not None) is asked
    assert model.recovery.size
    several = [one for one in np.unique(everybody.person) if (everybody.person == one).sum() > 1][:12]
    for person in several:
        alone = own_effects(model, part_of(panel, int(person)))
        told = figures(everybody, np.flatnonzero(everybody.person == person))
        for name, values in figures(alone, np.arange(alone.person.size)).items():
            assert values == pytest.approx(told[name], abs=1e-8, nan_ok=True), name
    assert alone.whole == pytest.approx(everybody.whole, nan_ok=True)


def nothing_asked() -> Prompts:
    none = np.zeros(0, np.int64)
    return Prompts(none, none, np.zeros(0, np.bool_))


def state_of(panel: Panel) -> PersonState:
    return PersonState(tuple(UUID(int=at) for at in range(len(panel.interventions))), model_of(panel))


def test_a_new_check_in_counts_at_once_and_the_model_stays_as_it_was() -> None:
    panel = small_panel(7).panel
    model, found = model_of(panel), person_effects(panel)
    at = int(np.flatnonzero(np.isfinite(found.own_change))[0])
    own, kind = part_of(panel, int(found.person[at])), int(found.intervention[at])
    before = own_effects(model, own)
    day = int(np.asarray(panel.check_ins.time).max()) + 7
    entries = own.check_ins
    more = CheckIns(
        np.append(entries.person, np.zeros(4, np.int64)),
        np.append(np.asarray(entries.time), np.full(4, day)),
        np.append(entries.score, np.full(4, 10.0)),
    )
    after = own_effects(model, replace(own, check_ins=more))
    row = int(np.flatnonzero(before.intervention == kind)[0])
    assert after.own_change[row] > before.own_change[row]
    assert after.change[row] > before.change[row]
    assert after.whole == pytest.approx(before.whole, nan_ok=True)


def test_weeks_that_the_model_does_not_know_lie_between_or_after_those_it_knows() -> None:
    model = replace(model_of(small_panel(2).panel), weeks=np.array([10, 12, 13, 14, 15]), levels=np.arange(5.0))
    assert model.levels_at(np.array([9, 11, 15, 16, 90])) == pytest.approx([0.0, 0.5, 4.0, 2.5, 2.5])


def test_an_offer_that_the_model_has_never_heard_of_says_nothing_and_breaks_nothing() -> None:
    panel = small_panel(5).panel
    model, found = model_of(panel).with_more(1), person_effects(panel)
    own = part_of(panel, int(found.person[0]))
    visits = own.sessions
    newer = Sessions(
        np.append(visits.person, 0), np.append(visits.intervention, 2), np.append(np.asarray(visits.time), 20 * 7)
    )
    effects = own_effects(model, replace(own, sessions=newer, interventions=(*own.interventions, "new")))
    assert effects.withheld[effects.intervention == 2].all()
    assert np.isfinite(effects.change[effects.intervention != 2]).all()


def test_what_is_too_few_is_not_drawn_toward_and_nobody_without_check_ins_is_told_anything() -> None:
    panel = small_panel(3).panel
    model = person_model_of(fit_panel(panel, 1000, use_referrals=True, use_prompts=True))
    assert all(whole.departures is None and np.isnan(whole.mean) for whole in model.wholes)
    none = np.zeros(0, np.int64)
    empty = Panel(CheckIns(none, none, np.zeros(0)), Sessions(none, none, none), panel.interventions, 1)
    assert own_effects(model, empty).person.size == 0


def test_what_has_no_news_of_ten_stays_as_it_was() -> None:
    old, fresh = state_of(small_panel(3).panel), state_of(small_panel(4).panel)
    kept = old.renewed(fresh, offers_anew={fresh.offers[1]}, shared_anew=False).model
    assert kept.wholes == (old.model.wholes[0], fresh.model.wholes[1])
    assert kept.levels is old.model.levels
    assert old.renewed(fresh, offers_anew=set(), shared_anew=True).model.levels is fresh.model.levels
    newcomer = PersonState((UUID(int=9), fresh.offers[1]), fresh.model)
    assert old.renewed(newcomer, offers_anew=set(), shared_anew=False).model.wholes[0] is fresh.model.wholes[0]
