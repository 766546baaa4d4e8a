"""What the engine costs, beside what other methods cost on the very same panel: python -m bench.impact_speed.

Each method runs in a process of its own, so that its peak memory is its own, and starts from arrays in memory. Wall and
processor seconds are of one run; pyfixest's is its second, since its first compiles. `loaded` is the peak before the
method began: interpreter, libraries and panel. Then the engine's seconds for a million check-ins in panels of 100,000
to 10,000,000. It ends with status 1 where a million check-ins cost more than is allowed. A wall clock beyond the limit
on a processor that other programs kept busy is said to be that: one process with one thread cannot work faster than its
processor seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

MILLION = 1_000_000
SIZES = (100_000, MILLION, 10 * MILLION)
PEERS = Path(".venv-peers/bin/python")
SECONDS, WITH_PROMPTS, MEBIBYTES = 3.0, 9.0, 1024.0
SAME = 1e-4
MOST_BUSY = 1.2


@dataclass(frozen=True)
class Method:
    """How to run one method, and what to call it; `limit` is the most seconds allowed."""

    name: str
    title: str
    packaged: bool = False
    runs: int = 1
    limit: float | None = None


METHODS = (
    Method("ours", "ours: variances, GLS, CR3 intervals", limit=SECONDS),
    Method("ours-prompts", "  with response correction", limit=WITH_PROMPTS),
    Method("ours-whole", "  all of estimate()"),
    Method("ours-whole-prompts", "  all of estimate(), with response correction"),
    Method("two-way-numpy", "two-way fixed effects, numpy, exact"),
    Method("kalman-numpy", "Kalman GLS, numpy, variances given"),
    Method("pyfixest", "pyfixest feols, warm", packaged=True, runs=2),
    Method("absorbing-ls", "linearmodels AbsorbingLS", packaged=True),
    Method("panel-ols", "linearmodels PanelOLS on cells", packaged=True),
)
TWO_WAY = ("two-way-numpy", "pyfixest", "absorbing-ls", "panel-ols")
GROWING = ("ours", "ours-whole", "ours-prompts")


@dataclass(frozen=True)
class Took:
    """What one run took, and the changes that it found."""

    wall: float
    processor: float
    peak: float
    loaded: float
    change: list[float]
    error: list[float]

    def row(self) -> str:
        return f"{self.wall:7.2f} {self.processor:7.2f} {self.peak:8.0f}"


def run(method: Method, panel: Path) -> Took | None:
    """Run a method in a process of its own; None where its packages are not installed."""
    python = PEERS if method.packaged else Path(sys.executable)
    if method.packaged and not python.exists():
        return None
    found = subprocess.run(  # noqa: S603 - our own module, with our own arguments
        [python, "-m", "bench.speed_method", method.name, panel, "--runs", str(method.runs)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return Took(**json.loads(found.stdout.splitlines()[-1]))


def make(check_ins: int, folder: Path) -> Path:
    """Make a panel file, in a process of its own: what this one holds would count as its children's peak."""
    path = folder / f"{check_ins}.npz"
    subprocess.run([sys.executable, "-m", "bench.large_panel", str(check_ins), path], check=True)  # noqa: S603
    return path


def over(method: Method, took: Took) -> list[str]:
    """Say which limits a run misses."""
    said = []
    if method.limit and took.wall > method.limit:
        busy = took.processor <= method.limit and took.wall > MOST_BUSY * took.processor
        said.append(
            f"Remark on {method.name}: {took.wall:.1f} s by the clock, {took.processor:.1f} s of the processor, which "
            f"other programs kept busy (load {os.getloadavg()[0]:.1f}): measure it again on an idle machine."
            if busy
            else f"MISSED by {method.name}: {took.wall:.1f} s, at most {method.limit:.0f} s"
        )
    if method.limit and took.peak > MEBIBYTES:
        said.append(f"MISSED by {method.name}: {took.peak:.0f} MiB, at most {MEBIBYTES:.0f} MiB")
    return said


def compare(folder: Path) -> list[str]:
    """Print every method's row for a million check-ins; return what is missed."""
    panel, said, found = make(MILLION, folder), [], {}
    print(f"{MILLION:,} check-ins, 10,000 people, 20 interventions, 104 weeks")
    print(f"{'':46} {'wall s':>7} {'cpu s':>7} {'peak MiB':>8} {'loaded':>7}")
    for method in METHODS:
        took = run(method, panel)
        if took is None:
            print(f"{method.title:46} not installed: make .venv-peers/made")
            continue
        found[method.name] = took.change
        print(
            f"{method.title:46} {took.wall:7.2f} {took.processor:7.2f} {took.peak:8.0f} {took.loaded:7.0f}", flush=True
        )
        said += over(method, took)
    apart = [
        abs(a - b) for name in TWO_WAY if name in found for a, b in zip(found[name], found[TWO_WAY[0]], strict=True)
    ]
    print(f"The two-way methods' figures lie at most {max(apart):.1e} apart.")
    if max(apart) > SAME:
        said.append("MISSED: the two-way methods do not agree")
    return said


def grow(folder: Path, largest: int) -> None:
    """Print what a million check-ins cost in panels of growing size."""
    print(f"{'check-ins':>12} {'':38} {'cpu s per million':>18} {'wall s':>7} {'cpu s':>7} {'peak MiB':>8}")
    for size in (size for size in SIZES if size <= largest):
        panel = make(size, folder)
        for method in (method for method in METHODS if method.name in GROWING):
            took = run(method, panel)
            if took is not None:
                each = took.processor / size * MILLION
                row = (
                    f"{size:12,} {method.title:38} {each:18.2f} {took.wall:7.2f} {took.processor:7.2f} {took.peak:8.0f}"
                )
                print(row, flush=True)
        panel.unlink()


def main() -> int:
    """Print both tables; return 1 where a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--largest", type=int, default=SIZES[-1], help="the largest panel of the second table")
    options, begun = parser.parse_args(), time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        said = compare(Path(name))
        grow(Path(name), options.largest)
    print(*said, f"{time.perf_counter() - begun:.0f} s in all", sep="\n")
    return int(any(text.startswith("MISSED") for text in said))


if __name__ == "__main__":
    sys.exit(main())
