"""Variances that are kept from one night to the next: what few people bring moves them less than they are unsure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.impact.state_space import Mood
from app.impact.variance import Variances


@dataclass(frozen=True)
class Held:
    """The variances of one fit: of the check-ins `as_came`, once `answered` is allowed for, and for single persons."""

    as_came: Variances
    answered: Variances
    persons: Variances | None = None

    def values(self) -> dict[str, Any]:
        """Return what can be written as JSON."""
        return {
            name: None if found is None else vars(found) | {"mood": vars(found.mood)}
            for name, found in vars(self).items()
        }

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Held:
        """Return what `values` gave."""
        persons = values["persons"]
        return cls(
            _variances(values["as_came"]),
            _variances(values["answered"]),
            None if persons is None else _variances(persons),
        )


def _variances(values: Mapping[str, Any]) -> Variances:
    return Variances(Mood(**values["mood"]), values["check_in"], values["criterion"], values["level"])


@dataclass(frozen=True)
class Kept:
    """What is kept of one outcome: its variances, where any were learnt, and how many people have brought news since.

    `since_shared` counts them since what all single persons' estimates share was last let go.
    """

    held: Held | None = None
    since: int = 0
    since_shared: int = 0

    def values(self) -> dict[str, Any]:
        """Return what can be written as JSON."""
        return vars(self) | {"held": self.held and self.held.values()}

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Kept:
        """Return what `values` gave."""
        return cls(values["held"] and Held.of(values["held"]), values["since"], values["since_shared"])
