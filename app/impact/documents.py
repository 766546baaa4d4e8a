"""The public JSON of an estimate: stable keys, plain numbers, null where there is no figure."""

from __future__ import annotations

import json
import math
import os
import tempfile
from pathlib import Path
from typing import Any

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
