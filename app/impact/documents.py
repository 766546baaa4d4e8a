"""The public JSON of an estimate: stable keys, plain numbers, null where there is no figure."""

from __future__ import annotations

import json
import math
import os
import tempfile
from pathlib import Path
from typing import Any

from app.impact.analysis import Analysis, ValueOf
from app.impact.course import AfterCourse, Figure
from app.impact.dose import DoseEffect
from app.impact.values import Estimate, GroupEffect, InterventionEffect

DECIMALS = 6


def as_document(found: Estimate) -> dict[str, Any]:
    """Return the document that `impact estimate` writes."""
    model = found.model
    return {
        "interventions": [_intervention(effect) for effect in found.interventions],
        "groups": [_group(effect) for effect in found.groups],
        "model": {
            "people": model.people,
            "check_ins": model.check_ins,
            "weeks": model.weeks,
            "rho": _number(model.rho),
            "sd_mood": _number(model.sd_mood),
            "sd_check_in": _number(model.sd_check_in),
            "used_referrals": model.used_referrals,
            "minimum_group": model.minimum_group,
        },
    }


def as_document_of(analysis: Analysis) -> dict[str, Any]:
    """Return the document of an estimate with the keys of what was asked for beside it, and of nothing else."""
    document = as_document(analysis.estimate)
    if analysis.dose is not None:
        document["dose"] = [_dose(one) for one in analysis.dose]
    if analysis.after_course is not None:
        document["after_course"] = [_after_course(one) for one in analysis.after_course]
    if analysis.value is not None:
        document["value"] = [_value(one) for one in analysis.value]
    return document


def write_document(document: dict[str, Any], path: Path) -> None:
    """Write whole or not at all: a reader sees the old file or the new one."""
    text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else round(value, DECIMALS)


def _intervention(effect: InterventionEffect) -> dict[str, Any]:
    return {
        "intervention": effect.intervention,
        "people": effect.people,
        "sessions": effect.sessions,
        "check_ins_after": effect.check_ins_after,
        "change": _number(effect.change),
        "standard_error": _number(effect.standard_error),
        "low": _number(effect.low),
        "high": _number(effect.high),
        "low_with_referral_allowance": _number(effect.low_with_referral_allowance),
        "high_with_referral_allowance": _number(effect.high_with_referral_allowance),
        "withheld": effect.withheld,
        "p": _number(effect.p),
        "q": _number(effect.q),
        "naive_change": _number(effect.naive_change),
        "grade": effect.grade,
        "finding": effect.finding,
        "warnings": list(effect.warnings),
        "shape": [
            {
                "first_week": point.first_week,
                "last_week": point.last_week,
                "change": _number(point.change),
                "low": _number(point.low),
                "high": _number(point.high),
            }
            for point in effect.shape
        ],
        "alternatives": [
            {"name": other.name, "change": _number(other.change), "standard_error": _number(other.standard_error)}
            for other in effect.alternatives
        ],
        "naive_finding": effect.naive_finding,
        "would_change": list(effect.would_change),
        "follow_up_weeks": _number(effect.follow_up_weeks),
        "missing": _missing(effect),
    }


def _missing(effect: InterventionEffect) -> dict[str, Any]:
    return {
        "basis": effect.response_basis,
        "response_before": _number(effect.response_before),
        "response_after": _number(effect.response_after),
        "missing_after": _number(effect.missing_after),
        "tipping_point": _number(effect.tipping_point),
        "tipping_point_of_sign": _number(effect.tipping_point_of_sign),
        "finding": effect.missing_finding,
        "if_lower": [
            {
                "by": _number(one.lower_by),
                "change": _number(one.change),
                "low": _number(one.low),
                "high": _number(one.high),
            }
            for one in effect.if_missing_lower
        ],
    }


def _group(effect: GroupEffect) -> dict[str, Any]:
    return {
        "by": dict(effect.by),
        "intervention": effect.intervention,
        "people": effect.people,
        "change": _number(effect.change),
        "low": _number(effect.low),
        "high": _number(effect.high),
        "withheld": effect.withheld,
        "pooled_change": _number(effect.pooled_change),
        "pooled_low": _number(effect.pooled_low),
        "pooled_high": _number(effect.pooled_high),
        "shrinkage": _number(effect.shrinkage),
        "difference_p": _number(effect.difference_p),
        "difference_q": _number(effect.difference_q),
    }


def _figure(figure: Figure | None) -> dict[str, Any]:
    if figure is None:
        return {"change": None, "low": None, "high": None}
    return {"change": _number(figure.change), "low": _number(figure.low), "high": _number(figure.high)}


def _dose(dose: DoseEffect) -> dict[str, Any]:
    return {
        "intervention": dose.intervention,
        "people": dose.people,
        "withheld": dose.withheld,
        "per_session": _figure(dose.per_session) | {"p": _number(dose.per_session_p)},
        "bands": [
            {
                "first": band.first,
                "last": band.last,
                "people": None if band.withheld else band.people,
                "withheld": band.withheld,
                "change": _number(band.change),
                "low": _number(band.low),
                "high": _number(band.high),
            }
            for band in dose.bands
        ],
        "more": _figure(dose.more) | {"p": _number(dose.more_p)},
        "warning": dose.warning,
    }


def _after_course(course: AfterCourse) -> dict[str, Any]:
    return {
        "intervention": course.intervention,
        "people": course.people,
        "withheld": course.withheld,
        "during": _figure(course.during),
        "after": _figure(course.after),
        "difference": _figure(course.difference) | {"p": _number(course.difference_p)},
    }


def _value(one: ValueOf) -> dict[str, Any]:
    value, budget = one.value, one.budget
    return {
        "intervention": one.intervention,
        "cost_per_session": _number(value.per_session) if value else None,
        "cost_per_person": _number(value.per_person) if value else None,
        "cost_per_point": _number(value.per_point) if value else None,
        "cost_per_point_low": _number(value.per_point_low) if value else None,
        "cost_per_point_high": _number(value.per_point_high) if value else None,
        "finding": value.finding if value else "",
        "budget": None
        if budget is None
        else {
            "people": budget.people,
            "points": _number(budget.points),
            "low": _number(budget.low),
            "high": _number(budget.high),
            "finding": budget.finding,
        },
    }
