"""How well groups are told apart: python -m bench.impact_groups --seeds 40.

For panels whose groups share one effect, and for panels whose groups do not, it prints root mean square error and 95%
coverage of the groups' own figures and of the pooled ones, the share of panels and interventions in which the joint
test calls a difference at 5%, and in which one group's interval excludes zero and another's does not, as two tests
against zero would have it. It ends with status 1 where a stated limit is missed by more than two standard errors.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import groupby

import numpy as np

from app.impact.estimation import estimate
from app.impact.values import GroupEffect
from bench.panels import MadePanel, World, make_panel

EFFECTS = (0.0, 0.4, 0.7)
USUAL = World(effects=EFFECTS)
EQUAL, UNEQUAL = (0.0, 0.0, 0.0, 0.0), (-0.6, -0.2, 0.2, 0.6)
WORLDS = {
    "4 alike": replace(USUAL, shifts=EQUAL),
    "4 unlike": replace(USUAL, shifts=UNEQUAL),
    "10 alike": replace(USUAL, shifts=(0.0,) * 10),
    "10 unlike": replace(USUAL, shifts=tuple(np.linspace(-0.5, 0.5, 10).tolist())),
    "4 alike, few": replace(USUAL, people=200, shifts=EQUAL),
    "4 unlike, few": replace(USUAL, people=200, shifts=UNEQUAL),
}
LEAST_COVERAGE = 0.93
MOST_FALSE = 0.07
LARGEST_P = 0.05
SURE = 2.0


@dataclass
class Score:
    """One world's results: an entry a group for the first four, an entry an intervention for the last two."""

    own_error: list[float] = field(default_factory=list)
    pooled_error: list[float] = field(default_factory=list)
    own_covered: list[bool] = field(default_factory=list)
    pooled_covered: list[bool] = field(default_factory=list)
    shrinkage: list[float] = field(default_factory=list)
    called: list[bool] = field(default_factory=list)
    apart: list[bool] = field(default_factory=list)

    def add(self, effects: list[GroupEffect], truth: list[float]) -> None:
        """Score one intervention's groups against `truth`."""
        clear = set()
        for effect, true in zip(effects, truth, strict=True):
            if effect.change is None or effect.low is None or effect.high is None:
                continue
            clear.add(effect.low > 0 or effect.high < 0)
            if effect.pooled_change is None or effect.pooled_low is None or effect.pooled_high is None:
                continue
            self.own_error.append(effect.change - true)
            self.pooled_error.append(effect.pooled_change - true)
            self.own_covered.append(effect.low <= true <= effect.high)
            self.pooled_covered.append(effect.pooled_low <= true <= effect.pooled_high)
            self.shrinkage.append(effect.shrinkage or 0.0)
        chance = effects[0].difference_p
        if chance is not None:
            self.called.append(chance <= LARGEST_P)
            self.apart.append(len(clear) > 1)

    def row(self) -> str:
        return (
            f"{_root(self.own_error):9.3f} {_root(self.pooled_error):7.3f} {np.mean(self.own_covered):9.1%} "
            f"{np.mean(self.pooled_covered):7.1%} {np.mean(self.shrinkage):8.2f} {np.mean(self.called):9.1%} "
            f"{np.mean(self.apart):9.1%}"
        )

    def misses(self, *, alike: bool) -> bool:
        """Tell whether coverage, or the share of false alarms where the groups are alike, is beyond its limit."""
        return _beyond(self.pooled_covered, LEAST_COVERAGE, -1) or (alike and _beyond(self.called, MOST_FALSE, 1))


def _root(error: list[float]) -> float:
    return float(np.sqrt(np.mean(np.square(error))))


def _beyond(held: list[bool], limit: float, way: int) -> bool:
    share = float(np.mean(held))
    return way * (share - limit) > SURE * float(np.sqrt(share * (1.0 - share) / len(held)))


def _by_intervention(
    made: MadePanel, effects: Iterable[GroupEffect]
) -> Iterable[tuple[list[GroupEffect], list[float]]]:
    truth = made.truth_of("group")
    for intervention, found in groupby(effects, key=lambda effect: effect.intervention):
        place = made.panel.interventions.index(intervention)
        shown = [effect for effect in found if not effect.withheld]
        if shown:
            yield shown, [float(truth[effect.by[0][1]][place]) for effect in shown]


def measure(world: World, seeds: range) -> Score:
    """Score panels of one world, with the log of prompts."""
    score = Score()
    for seed in seeds:
        made = make_panel(seed, world)
        panel = replace(made.panel, groups={"group": made.panel.groups["group"]})
        for effects, truth in _by_intervention(made, estimate(panel).groups):
            score.add(effects, truth)
    return score


def main() -> int:
    """Print the table; return 1 where a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--first-seed", type=int, default=1)
    options = parser.parse_args()
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    print(f"{'':14} {'RMSE: own':>9} {'pooled':>7} {'cover: own':>9} {'pooled':>6} {'shrinkage':>8} ", end="")
    print(f"{'test':>8} {'two tests':>9}")
    missed = []
    for name, world in WORLDS.items():
        score = measure(world, seeds)
        print(f"{name:14} {score.row()}", flush=True)
        if score.misses(alike=len(set(world.shifts)) == 1):
            missed.append(name)
    for name in missed:
        print(f"MISSED in {name}: coverage at least {LEAST_COVERAGE:.0%}, false alarms at most {MOST_FALSE:.0%}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
