"""Real patients who got better around the day that a medicine began: no benefit may be read from it."""

import csv
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.impact.commands import impact_cli

DATA = Path(__file__).parents[2] / "data"
NEVER = 10_000
MOST_DEPRESSED = 63


def write_as_check_ins(folder: Path, first_day: date) -> None:
    """Turn the depression score round, so that higher is better, and the days into dates."""
    with (DATA / "enrichd.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    with (folder / "check_ins.csv").open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["person", "at", "score"])
        out.writerows(
            [row["ID"], first_day + timedelta(days=int(row["time"])), MOST_DEPRESSED - float(row["BDI"])]
            for row in rows
        )
    started = {row["ID"]: int(row["med.time"]) for row in rows if int(row["med.time"]) < NEVER}
    with (folder / "attendance.csv").open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["person", "intervention", "at"])
        out.writerows([who, "medicine", first_day + timedelta(days=day)] for who, day in started.items())


@pytest.mark.parametrize("first_day", [date(2001, 1, 1), date(2001, 1, 5), date(2001, 1, 6), date(2001, 1, 7)])
def test_no_clear_benefit_is_reported_and_the_dip_is_shown(tmp_path: Path, first_day: date) -> None:
    write_as_check_ins(tmp_path, first_day)
    arguments = [
        "estimate", "--check-ins", str(tmp_path / "check_ins.csv"), "--attendance", str(tmp_path / "attendance.csv"),
        "--out", str(tmp_path / "out.json"),
    ]  # fmt: skip
    result = Flask("bare").test_cli_runner().invoke(impact_cli, arguments)
    assert result.exit_code == 0, result.output
    effect = json.loads((tmp_path / "out.json").read_text())["interventions"][0]
    assert effect["naive_change"] > 6
    assert effect["grade"] == "we cannot tell"
    assert "we cannot tell" in effect["finding"]
    assert any("dip before the start" in warning for warning in effect["warnings"])
    shape = {point["first_week"]: point["change"] for point in effect["shape"]}
    assert shape[-3] < shape[-8] < 0
    assert abs(effect["change"]) < effect["naive_change"] / 2
    drawn = [other["change"] for other in effect["alternatives"] if other["name"].startswith("person levels")]
    assert drawn[0] * effect["change"] < 0
