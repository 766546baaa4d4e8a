"""Figures as sentences show them: in the outcome's unit, with as many decimals as they bear."""

from __future__ import annotations

from app.impact.values import Outcome

NARROW = 0.015
MINUS = "\N{MINUS SIGN}"


def decimals_for(width: float, outcome: Outcome) -> int:
    """Return one decimal, or two where one would make an interval of this width look like a point."""
    return 1 if width >= NARROW * outcome.scale else 2


def amount(value: float, outcome: Outcome, decimals: int = 1) -> str:
    """Return a size with its unit, without a sign."""
    number = f"{abs(value * outcome.times):.{decimals}f}"
    return f"{number} {outcome.unit}" if float(number) == 1 else f"{number} {outcome.unit}s"


def signed(value: float, outcome: Outcome, decimals: int = 1) -> str:
    """Return a figure with its sign and without its unit."""
    text = f"{value * outcome.times:+.{decimals}f}"
    return text[1:] if float(text) == 0 else text.replace("-", MINUS)


def between(low: float, high: float, outcome: Outcome, decimals: int = 1) -> str:
    """Return an interval in words."""
    return f"likely between {signed(low, outcome, decimals)} and {signed(high, outcome, decimals)}"


def percent(share: float) -> str:
    """Return a share in whole per cent."""
    return f"{share:.0%}"


def young_people(number: int) -> str:
    return "1 young person" if number == 1 else f"{number} young people"
