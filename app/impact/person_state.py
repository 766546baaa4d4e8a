"""The model that single persons' estimates take from everybody, as it is kept from one night to the next."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import numpy as np

from app.impact.panel import Adjustment
from app.impact.person_model import PersonModel, Whole
from app.impact.pooling import Mixture
from app.impact.response import Answering
from app.impact.state_space import Mood
from app.impact.values import Floats

VERSION = 1


@dataclass(frozen=True)
class PersonState:
    """A model whose interventions are these offers, in their order."""

    offers: tuple[UUID, ...]
    model: PersonModel

    def renewed(self, fresh: PersonState, *, offers_anew: Collection[UUID], shared_anew: bool) -> PersonState:
        """Return this state with only those parts of a fresh one that may be let go from one day to the next.

        What all share (weeks, variances) is taken where `shared_anew`; what is known of an offer where it is one of
        `offers_anew`, or is known for the first time.
        """
        known = dict(zip(self.offers, self.model.wholes, strict=True))
        shared = fresh.model if shared_anew else self.model
        if not np.array_equal(self.model.starts, fresh.model.starts):
            return fresh
        wholes = [
            whole if offer in offers_anew else known.get(offer, whole)
            for offer, whole in zip(fresh.offers, fresh.model.wholes, strict=True)
        ]
        return PersonState(fresh.offers, replace(shared, wholes=tuple(wholes)))

    def as_text(self) -> str:
        model, answering = self.model, self.model.answering
        return json.dumps(
            {
                "offers": [offer.hex for offer in self.offers],
                "centre": model.adjustment.centre,
                "weekday": model.adjustment.weekday.tolist(),
                "weeks": model.weeks.tolist(),
                "levels": model.levels.tolist(),
                "starts": model.starts.tolist(),
                "wholes": [_of_whole(whole) for whole in model.wholes],
                "recovery": model.recovery.tolist(),
                "mood": _of_mood(model.mood),
                "check_in": model.check_in,
                "answering": None if answering is None else vars(answering) | {"mood": _of_mood(answering.mood)},
                "allowance": model.allowance,
            },
            separators=(",", ":"),
        )

    @classmethod
    def from_text(cls, text: str) -> PersonState:
        held = json.loads(text)
        answering = held["answering"]
        model = PersonModel(
            adjustment=Adjustment(held["centre"], _floats(held["weekday"])),
            weeks=np.array(held["weeks"], np.int64),
            levels=_floats(held["levels"]),
            starts=np.array(held["starts"], np.int64),
            wholes=tuple(_whole(whole) for whole in held["wholes"]),
            recovery=_floats(held["recovery"]),
            mood=Mood(**held["mood"]),
            check_in=held["check_in"],
            answering=None if answering is None else Answering(**answering | {"mood": Mood(**answering["mood"])}),
            allowance=held["allowance"],
        )
        return cls(tuple(UUID(offer) for offer in held["offers"]), model)


def _of_mood(mood: Mood) -> dict[str, float]:
    return dict(vars(mood))


def _of_whole(whole: Whole) -> dict[str, object]:
    kept = whole.departures
    return {
        "shape": whole.shape.tolist(),
        "people": whole.people,
        "departures": None if kept is None else {name: value.tolist() for name, value in vars(kept).items()},
        "others": list(whole.others),
        "mean": whole.mean if np.isfinite(whole.mean) else None,
    }


def _whole(held: Mapping[str, Any]) -> Whole:
    kept, mean = held["departures"], held["mean"]
    return Whole(
        shape=_floats(held["shape"]),
        people=held["people"],
        departures=None if kept is None else Mixture(**{name: _floats(value) for name, value in kept.items()}),
        others=(held["others"][0], held["others"][1]),
        mean=float("nan") if mean is None else mean,
    )


def _floats(values: list[float]) -> Floats:
    return np.array(values, np.float64)
