"""`flask impact estimate` on anyone's spreadsheets: no database, no keys, all or nothing."""

import csv
import json
import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from app.impact import commands
from app.impact.commands import impact_cli
from bench.panels import MadePanel
from tests.capabilities.impact.made import small_panel

FIRST_DAY = date(2025, 9, 1)
KEYS = {
    "intervention", "people", "sessions", "check_ins_after", "change", "standard_error", "low", "high",
    "low_with_referral_allowance", "high_with_referral_allowance", "withheld", "p", "q", "naive_change", "grade",
    "finding", "warnings", "naive_finding", "would_change", "follow_up_weeks", "missing",
}  # fmt: skip
MODEL_KEYS = {"people", "check_ins", "weeks", "rho", "sd_mood", "sd_check_in", "used_referrals", "minimum_group"}
POOLED_KEYS = {"pooled_change", "pooled_low", "pooled_high", "shrinkage", "difference_p", "difference_q"}
GROUP_KEYS = {"by", "intervention", "people", "change", "low", "high", "withheld"} | POOLED_KEYS


def write(path: Path, header: list[str], rows: list[tuple[object, ...]]) -> None:
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(header)
        out.writerows(rows)


def day(number: int) -> date:
    return FIRST_DAY + timedelta(days=int(number))


def write_panel(folder: Path, made: MadePanel) -> None:
    panel = made.panel
    entries, sessions, referrals, prompts = panel.check_ins, panel.sessions, panel.referrals, panel.prompts
    assert referrals is not None
    assert prompts is not None
    names = panel.interventions
    write(folder / "check_ins.csv", ["person", "at", "score"], [
        (f"p{who}", f"{day(when)}T09:00:00", int(score))
        for who, when, score in zip(entries.person, entries.time, entries.score, strict=True)
    ])  # fmt: skip
    write(folder / "attendance.csv", ["person", "intervention", "at"], [
        (f"p{who}", names[kind], day(when))
        for who, kind, when in zip(sessions.person, sessions.intervention, sessions.time, strict=True)
    ])  # fmt: skip
    write(folder / "referrals.csv", ["person", "intervention", "referred_on"], [
        (f"p{who}", names[kind], day(when))
        for who, kind, when in zip(referrals.person, referrals.intervention, referrals.time, strict=True)
    ])  # fmt: skip
    write(folder / "prompts.csv", ["person", "at", "answered"], [
        (f"p{who}", day(when), int(answered))
        for who, when, answered in zip(prompts.person, prompts.time, prompts.answered, strict=True)
    ])  # fmt: skip
    write(folder / "people.csv", ["person", "need", "place"], [
        (f"p{who}", need, "North" if who % 3 else "South") for who, need in enumerate(panel.groups["need"])
    ])  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("panel")
    write_panel(made, small_panel(3))
    return made


def estimate(folder: Path, out: Path, *more: str) -> Result:
    paths = ["--check-ins", str(folder / "check_ins.csv"), "--attendance", str(folder / "attendance.csv")]
    return Flask("bare").test_cli_runner().invoke(impact_cli, ["estimate", *paths, "--out", str(out), *more])


def read(path: Path) -> dict[str, Any]:
    def refuse(constant: str) -> float:
        raise AssertionError(constant)

    found: dict[str, Any] = json.loads(path.read_text(), parse_constant=refuse)
    return found


def test_the_document_has_the_public_keys(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    people = ["--people", str(folder / "people.csv"), "--by", "need", "--by", "place"]
    result = estimate(folder, out, *people)
    assert result.exit_code == 0, result.output
    found = read(out)
    assert set(found) == {"interventions", "groups", "model"}
    assert [row["intervention"] for row in found["interventions"]] == ["break-a", "break-b"]
    for row in found["interventions"]:
        assert set(row) >= KEYS
        assert isinstance(row["change"], float)
    assert set(found["model"]) == MODEL_KEYS
    assert all(set(row) >= GROUP_KEYS for row in found["groups"])
    columns = {tuple(row["by"]) for row in found["groups"]}
    assert columns == {("need",), ("place",), ("need", "place")}
    assert "break-a" in result.output


def test_dose_what_remains_and_value_are_given_where_asked_for(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    costs = tmp_path / "costs.csv"
    write(costs, ["intervention", "cost_per_session"], [("break-a", 30), ("break-b", "£45.50"), ("chess", 5)])
    result = estimate(
        folder, out, "--dose", "--after-course", "--costs", str(costs), "--budget", "20000",
        "--prompts", str(folder / "prompts.csv"),
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "chess has a cost and was not attended" in result.stderr
    found = read(out)
    assert set(found) == {"interventions", "groups", "model", "dose", "after_course", "value"}
    dose, course, value = found["dose"][1], found["after_course"][1], found["value"][1]
    assert set(dose) == {"intervention", "people", "withheld", "per_session", "bands", "more", "warning"}
    assert [band["first"] for band in dose["bands"]] == [1, 4, 8]
    assert set(course) == {"intervention", "people", "withheld", "during", "after", "difference"}
    assert value["cost_per_session"] == pytest.approx(45.5)
    assert value["cost_per_point_low"] < value["cost_per_point"] < value["cost_per_point_high"]
    assert value["budget"]["people"] > 0
    assert "for each point gained" in result.output
    missing = found["interventions"][1]["missing"]
    assert missing["basis"] == "share of prompts answered"
    assert 0 < missing["response_after"] < 1
    assert len(missing["if_lower"]) == 9
    too_few = estimate(folder, out, "--dose", "--costs", str(costs), "--minimum-group", "500")
    assert too_few.exit_code == 0, too_few.output
    hidden = read(out)
    assert all(one["cost_per_point"] is one["budget"] is None for one in hidden["value"])
    assert all(one["withheld"] and one["bands"] == [] for one in hidden["dose"])


def test_costs_that_cannot_be_used_are_reported_by_line(folder: Path, tmp_path: Path) -> None:
    costs = tmp_path / "costs.csv"
    rows: list[tuple[object, ...]] = [("break-a", -3), ("break-b", "cheap"), ("break-b", 2), ("break-b", 3)]
    write(costs, ["intervention", "cost_per_session"], rows)
    result = estimate(folder, tmp_path / "out.json", "--costs", str(costs))
    assert result.exit_code == 2
    assert "line 2, column cost_per_session: '-3' is less than nothing" in result.stderr
    assert "line 3, column cost_per_session: 'cheap' is not a number" in result.stderr
    assert "line 5, column intervention: is given twice" in result.stderr
    assert estimate(folder, tmp_path / "out.json", "--budget", "100").exit_code == 2


def test_the_outcome_its_scale_and_its_measures_may_be_named(folder: Path, tmp_path: Path) -> None:
    out, scored = tmp_path / "out.json", tmp_path / "scored.csv"
    with (folder / "check_ins.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    measures = ["faces" if number % 50 < 25 else "line" for number in range(len(rows) - 1)]
    write(scored, ["person", "at", "score", "asked on"], [
        (*row, measure) for row, measure in zip(rows[1:], measures, strict=True)
    ])  # fmt: skip
    result = estimate(
        folder, out, "--check-ins", str(scored), "--measure", "asked on", "--outcome", "goal-rating",
        "--scale", "0", "20", "--lower-is-better",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "changed measure" in result.stderr
    effect = read(out)["interventions"][1]
    assert "the goal rating" in effect["finding"]
    assert effect["low"] - effect["low_with_referral_allowance"] > 0.05
    assert estimate(folder, out, "--scale", "10", "0").exit_code == 2
    assert estimate(folder, out, "--measure", "nowhere").exit_code == 2


def test_everything_optional_may_be_given(folder: Path, tmp_path: Path) -> None:
    more = ["--referrals", str(folder / "referrals.csv"), "--prompts", str(folder / "prompts.csv")]
    plain, full = tmp_path / "plain.json", tmp_path / "full.json"
    assert estimate(folder, plain).exit_code == 0
    assert estimate(folder, full, *more).exit_code == 0
    one, other = read(plain)["interventions"][1], read(full)["interventions"][1]
    assert one["change"] != other["change"]
    assert other["change"] == pytest.approx(one["change"], abs=0.2)


def test_small_interventions_and_groups_are_withheld(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    people = ["--people", str(folder / "people.csv"), "--by", "place"]
    assert estimate(folder, out, "--minimum-group", "20", *people).exit_code == 0
    found = read(out)
    for row in found["interventions"] + found["groups"]:
        if row["withheld"]:
            assert row["change"] is row["low"] is row["high"] is None
    assert {row["withheld"] for row in found["groups"]} == {True, False}
    assert all(row["people"] is None for row in found["groups"] if row["withheld"])
    assert all(row[key] is None for row in found["groups"] if row["withheld"] for key in POOLED_KEYS)


def test_all_figures_come_with_a_warning(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    people = ["--people", str(folder / "people.csv"), "--by", "place"]
    result = estimate(folder, out, "--all-figures", *people)
    assert result.exit_code == 0
    assert "Warning" in result.stderr
    assert not any(row["withheld"] for row in read(out)["interventions"] + read(out)["groups"])
    assert "Warning" not in estimate(folder, out).stderr


def test_bad_rows_end_with_status_2_and_nothing_written(folder: Path, tmp_path: Path) -> None:
    for name in ("check_ins.csv", "attendance.csv"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    with (tmp_path / "check_ins.csv").open("a") as file:
        file.write("p1,2026-01-01,sad\np2,never,3\n")
    last = (tmp_path / "check_ins.csv").read_text().count("\n")
    out = tmp_path / "out.json"
    out.write_text("as it was")
    result = estimate(tmp_path, out)
    assert result.exit_code == 2
    assert f"check_ins.csv: line {last - 1}, column score: 'sad' is not a number" in result.stderr
    assert f"check_ins.csv: line {last}, column at:" in result.stderr
    assert "nothing was written" in result.stderr
    assert out.read_text() == "as it was"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["attendance.csv", "check_ins.csv", "out.json"]


@pytest.mark.parametrize(
    "more",
    [["--by", "need"], ["--people", "nowhere.csv"], ["--minimum-group", "0"], ["--minimum-group", "few"]],
)
def test_options_that_do_not_fit_are_refused_before_anything_is_read(
    folder: Path, tmp_path: Path, more: list[str]
) -> None:
    out = tmp_path / "out.json"
    result = estimate(folder, out, *more)
    assert result.exit_code == 2
    assert "Error" in result.stderr
    assert not out.exists()


def test_the_file_to_write_may_not_be_one_to_read_nor_lie_nowhere(folder: Path, tmp_path: Path) -> None:
    before = (folder / "attendance.csv").read_bytes()
    assert estimate(folder, folder / "attendance.csv").exit_code == 2
    assert (folder / "attendance.csv").read_bytes() == before
    assert estimate(folder, tmp_path / "no" / "such" / "folder.json").exit_code == 2


def test_a_pipe_or_a_device_is_neither_read_nor_replaced(folder: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for done in (estimate(folder, tmp_path / "out.json", "--check-ins", str(pipe)), estimate(folder, pipe)):
        assert done.exit_code == 2
        assert "is not a plain file" in done.output
    assert pipe.is_fifo()


def test_long_input_shows_that_it_is_being_read(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Reading" not in estimate(folder, tmp_path / "out.json").stderr
    monkeypatch.setattr(commands, "LONG_INPUT", 1)
    assert "Reading" in estimate(folder, tmp_path / "out.json").stderr


def test_header_rows_alone_give_an_empty_document(tmp_path: Path) -> None:
    (tmp_path / "check_ins.csv").write_text("person,at,score\n")
    (tmp_path / "attendance.csv").write_text("person,intervention,at\n")
    result = estimate(tmp_path, tmp_path / "out.json")
    assert result.exit_code == 0, result.output
    assert read(tmp_path / "out.json")["interventions"] == []
