"""What is missing in a plain sentence: how much before and after, and what it would take to overturn the change."""

from __future__ import annotations

from app.impact.figure_words import amount, percent
from app.impact.missing import BY_PROMPTS
from app.impact.values import InterventionEffect, Outcome


def missing_finding(effect: InterventionEffect, outcome: Outcome) -> str:
    """Say what was answered before and after, and how far off the missing would have to lie; "" where unknown."""
    if effect.response_after is None or effect.change is None:
        return ""
    return f"{_came(effect)} {_would_it_matter(effect, outcome)}"


def _came(effect: InterventionEffect) -> str:
    after = percent(effect.response_after or 0.0)
    before = None if effect.response_before is None else percent(effect.response_before)
    if effect.response_basis == BY_PROMPTS:
        return f"After the first session {after} of prompts were answered, before it {before or 'there were none'}."
    return (
        f"After the first session check-ins came {after} as often as is usual for these young people; there is no log "
        "of prompts to count what is missing by."
    )


def _would_it_matter(effect: InterventionEffect, outcome: Outcome) -> str:
    if effect.tipping_point == 0:
        return "The interval includes zero as it is."
    if not effect.missing_after:
        return "No fewer came after the start than before, so that there is nothing more missing to ask about."
    if effect.tipping_point is None or abs(effect.tipping_point) > outcome.scale:
        return "Too little is missing after the start to bring zero into the interval, wherever on the scale it lay."
    way = "lower" if effect.tipping_point > 0 else "higher"
    said = (
        "The interval would include zero if what is missing after the start lay at least "
        f"{amount(effect.tipping_point, outcome)} {way} than expected"
    )
    if effect.tipping_point_of_sign is None or abs(effect.tipping_point_of_sign) > outcome.scale:
        return f"{said}."
    return f"{said}; the direction would turn at {amount(effect.tipping_point_of_sign, outcome)}."
