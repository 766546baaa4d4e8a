"""How g-estimation of sequential trials fares beside known truth: python -m bench.impact_trials --seeds 40.

It is one of the alternatives that stand beside the engine's figure; this prints its bias, root mean square error, 95%
coverage, false positives over the true zeros, and how often its sign is wrong where the true effect is not zero: that
is how often it would make the engine say "we cannot tell" of a true change. It ends with status 1 where the sign is
wrong more often than in one of twenty in any scenario but `few` and `latent`.
"""

from __future__ import annotations

import argparse
import sys

import numpy as np

from app.impact.panel import onsets, person_weeks
from app.impact.sequential import sequential_trials
from bench.panels import SCENARIOS, make_panel, scenario

EFFECTS = (0.0, 0.0, 0.4, 0.7, -0.5)
SURE = 1.96
MOST_WRONG = 0.05
HARD = frozenset({"few", "latent"})


def measure(name: str, seeds: range) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return a row an estimate: true effect, change, standard error, realised truth."""
    rows = []
    for seed in seeds:
        made = make_panel(seed, scenario(name, effects=EFFECTS))
        panel, kinds = made.panel, len(EFFECTS)
        found = sequential_trials(person_weeks(panel.check_ins, panel.people), onsets(panel.sessions, kinds), kinds)
        rows += list(zip(EFFECTS, found.change, found.standard_error, made.truth, strict=True))
    table = np.array(rows, np.float64)
    return table[np.isfinite(table).all(1)]


def main() -> int:
    """Print the table; return 1 where the sign is wrong too often."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--scenarios", default=",".join(SCENARIOS))
    options = parser.parse_args()
    print(f"{'scenario':10} {'bias':>7} {'RMSE':>6} {'cover 95':>8} {'false+':>7} {'wrong sign':>10}")
    missed = False
    for name in options.scenarios.split(","):
        effect, change, error, truth = measure(name, range(options.first_seed, options.first_seed + options.seeds)).T
        off, sure = change - truth, np.abs(change) > SURE * error
        wrong = float((np.sign(change) != np.sign(effect))[effect != 0].mean())
        print(
            f"{name:10} {off.mean():+7.3f} {np.sqrt((off**2).mean()):6.3f} {(np.abs(off) <= SURE * error).mean():8.1%} "
            f"{sure[effect == 0].mean():7.1%} {wrong:10.1%}",
            flush=True,
        )
        missed |= name not in HARD and wrong > MOST_WRONG
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
