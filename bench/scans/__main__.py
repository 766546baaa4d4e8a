"""`make scan`: run every scanner, and name each finding that is neither mended nor explained in `explained.toml`.

python -m bench.scans [bandit semgrep detect-secrets pip-audit wapiti sqlmap] runs those named, or all. Status 1 at a
finding without a reason, a reason without a finding, or a scanner that failed; one that is not installed is called not
run, and pip-audit without its database unchecked.
"""

import argparse
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path

from bench.scans.council import served
from bench.scans.findings import Scan, State, read_explanations, verdict
from bench.scans.history import secrets
from bench.scans.pages import PAGE_SCANS
from bench.scans.programs import program
from bench.scans.source import bandit, pip_audit, semgrep

EXPLAINED = Path(__file__).with_name("explained.toml")
SOURCE_SCANS = {"bandit": bandit, "semgrep": semgrep, "detect-secrets": secrets, "pip-audit": pip_audit}
AT_ONCE = 3


def of_pages(tools: list[str]) -> Iterator[Scan]:
    """Run the scanners of pages over one served council, a few roles at a time."""
    todo = [tool for tool in tools if program(tool) is not None]
    yield from (Scan(tool, State.NOT_RUN) for tool in tools if tool not in todo)
    roles = tuple(dict.fromkeys(role for tool in todo for role in PAGE_SCANS[tool][1]))
    if not todo:
        return
    with served(roles) as people, ThreadPoolExecutor(AT_ONCE) as pool:
        for tool in todo:
            scan, theirs = PAGE_SCANS[tool]
            yield from pool.map(scan, [people[role] for role in theirs])


def show(scan: Scan) -> None:
    """Print one line about a run, and every finding under it, at once: the next may take minutes."""
    who = f" as {scan.role}" if scan.role else ""
    found = f", {len(scan.findings)} found" if scan.state is State.RUN else ""
    print(
        f"{scan.tool} {scan.version}{who}: {scan.state}{found} ({scan.seconds:.0f} s) {scan.looked_at}".rstrip(),
        flush=True,
    )
    for one in sorted(scan.findings):
        print(f"  {one}")


def main(tools: list[str]) -> int:
    """Return the status: 0 where nothing is left unexplained."""
    scans = list[Scan]()
    of_source = (SOURCE_SCANS[tool]() for tool in SOURCE_SCANS if tool in tools)
    for scan in chain(of_source, of_pages([tool for tool in PAGE_SCANS if tool in tools])):
        show(scan)
        scans.append(scan)
    result = verdict(scans, read_explanations(EXPLAINED))
    for title, lines in (
        ("Not explained", [str(one) for one in result.unexplained]),
        ("Explains nothing, or another number", result.idle),
        ("Failed", result.failed),
    ):
        for line in lines:
            print(f"{title}: {line}")
    print("No finding is left unexplained." if result.is_clean else "Not clean.")
    return 0 if result.is_clean else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    every = [*SOURCE_SCANS, *PAGE_SCANS]
    parser.add_argument("tools", nargs="*", metavar="tool", help=f"of {', '.join(every)}; all where none is named")
    wanted = parser.parse_args().tools
    if unknown := set(wanted) - set(every):
        parser.error(f"no such scanner: {', '.join(sorted(unknown))}")
    sys.exit(main(wanted or every))
