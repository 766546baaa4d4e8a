"""How close the engine comes to known truth: python -m bench.impact_accuracy --seeds 40 --scenarios observed,none.

For each scenario it prints bias, root mean square error, coverage of the 95% interval, false positives over the true
zeros and power over the rest, for the engine and for the naive before-and-after difference. It ends with status 1
where a requirement is missed; `latent`, where staff act on what check-ins do not show, is printed and known to miss.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from app.impact.alternatives import NAIVE
from app.impact.estimation import estimate
from app.impact.values import InterventionEffect, Panel
from bench.panels import SCENARIOS, make_panel, scenario

SURE = 1.96
OURS = "ours"


@dataclass(frozen=True)
class Requirement:
    """The most bias either way and the least coverage, as shares."""

    bias: float
    coverage: float


USUAL = Requirement(0.03, 0.90)
REQUIRED = {name: USUAL for name in SCENARIOS if name != "latent"} | {"few": Requirement(0.05, 0.90)}


@dataclass
class Score:
    """One method's results in one scenario, one entry for each intervention and seed."""

    error: list[float] = field(default_factory=list)
    covered: list[bool] = field(default_factory=list)
    false_positive: list[bool] = field(default_factory=list)
    found: list[bool] = field(default_factory=list)

    def add(self, change: float, low: float, high: float, truth: float, *, effect: float) -> None:
        self.error.append(change - truth)
        self.covered.append(low <= truth <= high)
        clear = low > 0 or high < 0
        (self.false_positive if effect == 0 else self.found).append(clear)

    def row(self) -> str:
        error = np.array(self.error)
        return (
            f"{error.mean():+8.3f} {np.sqrt((error**2).mean()):7.3f} {np.mean(self.covered):8.1%} "
            f"{_share(self.false_positive):>7} {_share(self.found):>7}"
        )

    def misses(self, required: Requirement) -> bool:
        return abs(float(np.mean(self.error))) > required.bias or float(np.mean(self.covered)) < required.coverage


def _share(values: list[bool]) -> str:
    return f"{np.mean(values):.1%}" if values else "-"


def _figures(effect: InterventionEffect) -> Iterator[tuple[str, float, float, float]]:
    if effect.change is not None and effect.low is not None and effect.high is not None:
        yield OURS, effect.change, effect.low, effect.high
    for other in effect.alternatives:
        if other.name == NAIVE and other.change is not None and other.standard_error is not None:
            reach = SURE * other.standard_error
            yield NAIVE, other.change, other.change - reach, other.change + reach


def measure(name: str, seeds: range, effects: tuple[float, ...], *, prompts: bool, referrals: bool) -> dict[str, Score]:
    """Score every method on panels of one scenario."""
    world = scenario(name, effects=effects)
    scores = {OURS: Score(), NAIVE: Score()}
    for seed in seeds:
        made = make_panel(seed, world)
        panel: Panel = replace(made.panel, groups={})
        found = estimate(panel, minimum_group=2, use_prompts=prompts, use_referrals=referrals)
        for effect, truth, true_effect in zip(found.interventions, made.truth, effects, strict=True):
            for method, change, low, high in _figures(effect):
                scores[method].add(change, low, high, float(truth), effect=true_effect)
    return scores


def main() -> int:
    """Print the table; return 1 where a requirement is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--scenarios", default="observed,latent,none,few")
    parser.add_argument("--effects", default="0,0,0.4,0.7,-0.5")
    parser.add_argument("--prompts", action="store_true", help="use the log of prompts")
    parser.add_argument("--referrals", action="store_true", help="use the referral dates")
    options = parser.parse_args()
    effects = tuple(float(text) for text in options.effects.split(","))
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    print(f"{'scenario':10} {'method':28} {'bias':>8} {'RMSE':>7} {'cover 95':>8} {'false+':>7} {'power':>7}")
    missed = []
    for name in options.scenarios.split(","):
        scores = measure(name, seeds, effects, prompts=options.prompts, referrals=options.referrals)
        for method, score in scores.items():
            print(f"{name:10} {method:28} {score.row()}", flush=True)
        if name in REQUIRED and scores[OURS].misses(REQUIRED[name]):
            missed.append(name)
    for name in missed:
        required = REQUIRED[name]
        print(f"MISSED in {name}: |bias| at most {required.bias}, coverage at least {required.coverage:.0%}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
