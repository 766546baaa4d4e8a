"""Runs one method on one panel file in a process of its own, and prints what it took and what it found as JSON.

Run by bench.impact_speed, in the application's environment or, for the packaged peers, in theirs. What a method needs
its data laid out as (a data frame of steps) is counted as loading, to the peers' favour; ours and the numpy methods
start from check-ins and sessions.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

KINDS, WEEKS, WEEK = 20, 104, 7
MOOD, CHECK_IN, RHO = 1.0, 1.44, 0.5
MEBIBYTE = 1024

Figures = tuple[list[float], list[float]]
Method = Callable[[], Figures]


def _held(path: Path) -> dict[str, Any]:
    with np.load(path) as file:
        held = {name: file[name] for name in ("person", "time", "score", "start", "kind")}
    held["week"] = held.pop("time") // WEEK
    return held


def _listed(change: Any, error: Any) -> Figures:  # noqa: ANN401 - data frames of packages that this environment may lack
    return [float(one) for one in change], [float(one) for one in error]


def two_way_numpy(path: Path) -> Method:
    """Two-way fixed effects, exact."""
    from bench.numpy_peers import two_way  # noqa: PLC0415 - each method loads only what it needs

    held = _held(path)
    return lambda: _listed(*two_way(**held, kinds=KINDS, weeks=WEEKS))


def kalman_numpy(path: Path) -> Method:
    """Person levels and AR(1), the variances given."""
    from bench.numpy_peers import kalman  # noqa: PLC0415

    held = _held(path)
    return lambda: _listed(*kalman(**held, kinds=KINDS, weeks=WEEKS, mood=MOOD, check_in=CHECK_IN, rho=RHO))


def ours_core(path: Path, *, prompts: bool = False) -> Method:
    """Ours: variances, response correction where asked, generalised least squares, intervals."""
    from bench.large_panel import read  # noqa: PLC0415
    from bench.ours import core  # noqa: PLC0415

    panel = read(path, prompts=prompts)
    return lambda: core(panel)


def ours_whole(path: Path, *, prompts: bool = False) -> Method:
    """Ours with everything that `estimate` returns: the shape, the other methods and the words too."""
    from app.impact.estimation import estimate  # noqa: PLC0415
    from bench.large_panel import read  # noqa: PLC0415

    panel = read(path, prompts=prompts)

    def run() -> Figures:
        found = estimate(panel).interventions
        return _listed([one.change for one in found], [one.standard_error for one in found])

    return run


def _steps(held: Mapping[str, Any], person: Any, week: Any) -> Any:  # noqa: ANN401
    columns = np.zeros((person.size, KINDS))
    for slot in range(held["start"].shape[1]):
        on = np.flatnonzero(week >= held["start"][person, slot])
        columns[on, held["kind"][person[on], slot]] = 1.0
    return columns


def pyfixest(path: Path) -> Method:
    """Two-way fixed effects clustered by person, by pyfixest."""
    import pandas as pd  # noqa: PLC0415
    import pyfixest as pf  # noqa: PLC0415

    held = _held(path)
    names = [f"step_{place}" for place in range(KINDS)]
    frame = pd.DataFrame(_steps(held, held["person"], held["week"]), columns=names)
    for name in ("score", "person", "week"):
        frame[name] = held[name]

    def run() -> Figures:
        fit = pf.feols(f"score ~ {' + '.join(names)} | person + week", frame, vcov={"CRV1": "person"})
        return _listed(fit.coef(), fit.se())

    return run


def absorbing_ls(path: Path) -> Method:
    """Two-way fixed effects clustered by person, by linearmodels' AbsorbingLS."""
    import pandas as pd  # noqa: PLC0415
    from linearmodels.iv import AbsorbingLS  # noqa: PLC0415

    held = _held(path)
    steps = pd.DataFrame(_steps(held, held["person"], held["week"])).add_prefix("step_")
    levels = pd.DataFrame({name: pd.Categorical(held[name]) for name in ("person", "week")})
    score, person = pd.Series(held["score"]), pd.Series(held["person"])

    def run() -> Figures:
        fit = AbsorbingLS(score, steps, absorb=levels).fit(cov_type="clustered", clusters=person)
        return _listed(fit.params, fit.std_errors)

    return run


def panel_ols(path: Path) -> Method:
    """Two-way fixed effects clustered by person, by linearmodels' PanelOLS on person-week cells."""
    import pandas as pd  # noqa: PLC0415
    from linearmodels.panel import PanelOLS  # noqa: PLC0415

    held = _held(path)
    key, place, count = np.unique(held["person"] * WEEKS + held["week"], return_inverse=True, return_counts=True)
    person, week = np.divmod(key, WEEKS)
    frame = pd.DataFrame(_steps(held, person, week)).add_prefix("step_")
    frame.index = pd.MultiIndex.from_arrays([person, week], names=["person", "week"])
    mean = pd.Series(np.bincount(place, held["score"]) / count, index=frame.index)
    weight = pd.Series(count.astype(float), index=frame.index)

    def run() -> Figures:
        model = PanelOLS(mean, frame, weights=weight, entity_effects=True, time_effects=True)
        fit = model.fit(cov_type="clustered", cluster_entity=True)
        return _listed(fit.params, fit.std_errors)

    return run


METHODS: dict[str, Callable[[Path], Method]] = {
    "two-way-numpy": two_way_numpy,
    "kalman-numpy": kalman_numpy,
    "ours": ours_core,
    "ours-prompts": lambda path: ours_core(path, prompts=True),
    "ours-whole": ours_whole,
    "ours-whole-prompts": lambda path: ours_whole(path, prompts=True),
    "pyfixest": pyfixest,
    "absorbing-ls": absorbing_ls,
    "panel-ols": panel_ols,
}


def peak() -> float:
    """Return the most memory that this process ever held, in MiB; macOS counts in bytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (MEBIBYTE**2 if sys.platform == "darwin" else MEBIBYTE)


def main() -> None:
    """Load, run as often as asked, print the last run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("method", choices=METHODS)
    parser.add_argument("panel", type=Path)
    parser.add_argument("--runs", type=int, default=1)
    options = parser.parse_args()
    run = METHODS[options.method](options.panel)
    loaded = peak()
    for _ in range(options.runs):
        begun, worked = time.perf_counter(), time.process_time()
        change, error = run()
        wall, processor = time.perf_counter() - begun, time.process_time() - worked
    print(
        json.dumps({
            "wall": wall, "processor": processor, "peak": peak(), "loaded": loaded, "change": change, "error": error,
        })
    )  # fmt: skip


if __name__ == "__main__":
    main()
