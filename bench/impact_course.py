"""How well what remains after a course is told: python -m bench.impact_course --seeds 20.

In the generator's panels effects stay, so that no difference between during and after is there to be found. Prints the
mean difference, how often it is called one at 5%, and the bias and 95% coverage of what remains, against the effect
that was drawn. It ends with status 1 where false alarms go beyond 7% by more than two standard errors.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace

import numpy as np

from app.impact.course import after_courses
from bench.panels import make_panel, scenario

LARGEST_P, MOST_FALSE = 0.05, 0.07


def measure(name: str, seeds: range) -> list[tuple[float, bool, float, bool]]:
    """Return a row an intervention: difference, called, error of what remains, covered."""
    rows = []
    for seed in seeds:
        world = scenario(name)
        for found, effect in zip(
            after_courses(replace(make_panel(seed, world).panel, groups={})), world.effects, strict=True
        ):
            if found.difference is None or found.after is None or found.difference_p is None:
                continue
            inside = found.after.low <= effect <= found.after.high
            called = found.difference_p <= LARGEST_P
            rows.append((found.difference.change, called, found.after.change - effect, inside))
    return rows


def main() -> int:
    """Print the table; return 1 where the limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--scenarios", default="observed,none,sticky")
    options = parser.parse_args()
    missed = False
    print(f"{'':10} {'difference':>10} {'called':>7} {'remains: bias':>13} {'cover 95':>8}")
    for name in options.scenarios.split(","):
        rows = np.array(measure(name, range(options.first_seed, options.first_seed + options.seeds)), np.float64)
        difference, called, error, inside = rows.mean(0)
        print(f"{name:10} {difference:+10.3f} {called:7.1%} {error:+13.3f} {inside:8.1%}", flush=True)
        missed |= called - MOST_FALSE > 2 * np.sqrt(called * (1 - called) / rows.shape[0])
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
