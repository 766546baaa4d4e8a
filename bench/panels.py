"""Makes panels of check-ins and attendance with known true effects, the way real data goes wrong.

A person's mood is a level of their own, a sticky weekly state, a calendar trend with school holidays, and the effects
of what they attend, which differ from person to person (sd 0.3). Check-ins are rounded to 0..10, swing with the
weekday, are fewer in holidays and go missing more often when mood is low. Young people are referred when mood has
dipped for three weeks, so that most would have recovered anyway. The order in which random numbers are drawn is part of
what is made: the same seed and options always give the same panel.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from app.impact.values import CheckIns, Panel, Prompts, Referrals, Sessions

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

NEVER = 10**6
HOLIDAYS = (7, 15, 16, 23, 30, 31, 38, 46, 47, 48, 49, 50, 51)
WEEKDAY_SHIFT = np.array([-0.3, 0.0, 0.0, 0.1, 0.2])
CHECK_IN_NOISE = 1.2
WEEK = 7
SHARE_IN_NEED = 0.2
WEEKS_BETWEEN = 4
MOST_BREAKS = 3
WEEKS_TO_SEE_A_DIP = 6
SHARE_ATTENDED = 0.9
LETTERS = 26


@dataclass(frozen=True)
class World:
    """One world's rules; `selection` is what staff act on: "observed" check-ins, "latent" mood, or "none".

    `shifts` divides people by lot into as many groups, whose effects lie that far from `effects`.
    """

    people: int = 600
    weeks: int = 52
    effects: tuple[float, ...] = (0.0, 0.0, 0.4, 0.7, -0.5)
    rho: float = 0.5
    selection: str = "observed"
    wait: int = 0
    ramp: int = 0
    missing_low: float = 0.5
    shifts: tuple[float, ...] = ()


SCENARIOS = {
    "observed": World(),
    "latent": World(selection="latent"),
    "none": World(selection="none"),
    "waiting": World(wait=8),
    "sticky": World(rho=0.8),
    "fading-in": World(ramp=6),
    "few": World(people=80),
}
STANDARD_EFFECTS = (0.0, 0.0, 0.3, 0.6, 1.0, -0.3)


@dataclass(frozen=True)
class MadePanel:
    """A panel and its `truth` (interventions,): the realised mean effect over the check-ins after the first session.

    `drawn` (people, interventions) is everybody's own effect, attended or not; `gained` and `check_ins_after` (people,
    interventions) what it came to in all over their check-ins after the first session, and over how many.
    """

    panel: Panel
    truth: Floats
    weekday_minutes: Integers
    drawn: Floats
    gained: Floats
    check_ins_after: Floats

    def truth_of(self, column: str) -> dict[str, Floats]:
        """Return `truth` for each label of one of the panel's columns; NaN where nobody has a check-in after."""
        label = np.array(self.panel.groups[column])
        return {str(one): _mean_gain(self, label == one) for one in np.unique(label)}


def recorded(mood: Floats) -> Floats:
    """Turn a mood into the score that is stored."""
    return np.clip(np.rint(mood), 0, 10)


@dataclass
class _Simulation:
    """The state of a panel in the making."""

    world: World
    rng: np.random.Generator
    need: NDArray[np.bool_] = field(init=False)
    level: Floats = field(init=False)
    effect: Floats = field(init=False)
    keenness: Floats = field(init=False)
    state: Floats = field(init=False)

    def __post_init__(self) -> None:
        world, rng = self.world, self.rng
        kinds = len(world.effects)
        self.need = rng.random(world.people) < SHARE_IN_NEED
        self.level = rng.normal(0, 1.2, world.people) - 0.5 * self.need
        self.effect = np.asarray(world.effects) + rng.normal(0, 0.3, (world.people, kinds))
        self.keenness = 1.95 * rng.gamma(3, 1 / 3, world.people)
        self.start = np.full((world.people, kinds), NEVER)
        self.referred = np.full((world.people, kinds), NEVER)
        self.waiting_until = np.full(world.people, NEVER)
        self.waiting_for = np.zeros(world.people, np.int64)
        self.state = rng.normal(0, 1, world.people)
        self.true_mood = np.zeros((world.people, world.weeks))
        self.sums = np.zeros((world.people, world.weeks))
        self.count = np.zeros((world.people, world.weeks))
        self.gained, self.gained_number = np.zeros((world.people, kinds)), np.zeros((world.people, kinds))
        self.entries: list[tuple[Integers, Integers, Integers, Floats]] = []
        self.prompts: list[tuple[Integers, Integers, NDArray[np.bool_]]] = []
        week = np.arange(world.weeks)
        self.holiday = np.isin(week % 52, HOLIDAYS)
        self.calendar = 0.3 * np.sin(2 * np.pi * week / 52) - 0.008 * week + 0.5 * self.holiday

    def dip(self, week: int) -> Floats:
        """How far the last three weeks lie below what staff compare them with."""
        if self.world.selection == "latent":
            earlier = self.true_mood[:, max(0, week - 15) : week - 3]
            found: Floats = self.true_mood[:, week - 3 : week].mean(1) - earlier.mean(1)
            return found
        with np.errstate(all="ignore"):
            recent = self.sums[:, week - 3 : week].sum(1) / self.count[:, week - 3 : week].sum(1)
        dip = recent - self.sums.sum(1) / np.maximum(self.count.sum(1), 1)
        return np.where(np.isfinite(dip), dip, 0.0)

    def refer(self, week: int) -> None:
        """Decide who is put forward for what this week."""
        world, rng = self.world, self.rng
        hazard = np.full(world.people, 0.018)
        if world.selection != "none":
            hazard = 0.003 + 0.12 / (1 + np.exp((self.dip(week) + 0.9) / 0.15))
        hazard = np.minimum(hazard * np.where(self.need, 1.8, 1.0), 0.9)
        begun = self.start < NEVER
        latest = np.where(begun, self.start, -99).max(1)
        free = (week - latest >= WEEKS_BETWEEN) & (self.waiting_until == NEVER)
        free &= begun.sum(1) < min(MOST_BREAKS, len(world.effects))
        for person in np.flatnonzero((rng.random(world.people) < hazard) & free):
            chosen = rng.choice(np.flatnonzero(self.start[person] == NEVER))
            self.waiting_until[person] = week + (rng.integers(0, world.wait + 1) if world.wait else 0)
            self.waiting_for[person] = chosen
            self.referred[person, chosen] = week

    def begin(self, week: int) -> None:
        """Start what was waited for."""
        ready = np.flatnonzero(self.waiting_until == week)
        self.start[ready, self.waiting_for[ready]] = week
        self.waiting_until[ready] = NEVER

    def live(self, week: int) -> None:
        """One week of mood, prompts and check-ins."""
        world, rng = self.world, self.rng
        on = self.start <= week
        share = np.clip((week - self.start + 1) / world.ramp, 0, 1) if world.ramp else on
        shift = (self.effect * np.where(on, share, 0.0)).sum(1)
        self.true_mood[:, week] = 6 + self.level + self.calendar[week] + self.state + shift
        prompted = rng.poisson(self.keenness * (0.25 if self.holiday[week] else 1.0))
        who = np.repeat(np.arange(world.people), prompted)
        noise = rng.normal(0, CHECK_IN_NOISE, who.size)
        day = rng.integers(0, 5, who.size)
        deviation = self.state[who] + shift[who] + noise
        kept = rng.random(who.size) < 1 / (1 + np.exp(-(1 + world.missing_low * deviation)))
        self.prompts.append((who, WEEK * week + day, kept))
        who, noise, day = who[kept], noise[kept], day[kept]
        mood = self.true_mood[who, week] + WEEKDAY_SHIFT[day] + noise
        score = recorded(mood)
        self.count[:, week] = np.bincount(who, minlength=world.people)
        self.sums[:, week] = np.bincount(who, score, world.people)
        minute = rng.integers(7 * 60, 22 * 60, who.size)
        self.entries.append((who, WEEK * week + day, minute, score))
        part = self.effect * np.where(on, share, 0.0)
        for kind in range(len(world.effects)):
            after = on[who, kind]
            without = recorded(mood[after] - part[who[after], kind])
            self.gained[:, kind] += np.bincount(who[after], score[after] - without, world.people)
            self.gained_number[:, kind] += np.bincount(who[after], minlength=world.people)

    def run(self) -> None:
        """Live through every week."""
        spread = np.sqrt(1 - self.world.rho**2)
        for week in range(self.world.weeks):
            self.state = self.world.rho * self.state + spread * self.rng.normal(0, 1, self.world.people)
            if week >= WEEKS_TO_SEE_A_DIP and not self.holiday[week]:
                self.refer(week)
            self.begin(week)
            self.live(week)

    def sessions(self) -> tuple[Integers, Integers, Integers]:
        """Weekly sessions of every course, of which one in ten is missed."""
        made = []
        for person, kind in zip(*np.nonzero(self.start < NEVER), strict=True):
            length = self.rng.integers(8, 15)
            for number in range(length):
                week = self.start[person, kind] + number
                if week < self.world.weeks and (number == 0 or self.rng.random() < SHARE_ATTENDED):
                    made.append((person, kind, WEEK * week))
        table = np.array(made, np.int64).reshape(-1, 3)
        return table[:, 0], table[:, 1], table[:, 2]


def _mean_gain(made: MadePanel, who: NDArray[np.bool_]) -> Floats:
    with np.errstate(invalid="ignore"):
        found: Floats = made.gained[who].sum(0) / made.check_ins_after[who].sum(0)
    return found


def make_panel(seed: int, world: World) -> MadePanel:
    """Make one panel; times are days, of which day 0 is a Monday."""
    simulation = _Simulation(world, np.random.default_rng(seed))
    groups = {"need": tuple("SEMH" if need else "ASD" for need in simulation.need)}
    if world.shifts:
        # Drawn apart, so that panels without groups stay what they were.
        member = np.random.default_rng([seed, 1]).integers(0, len(world.shifts), world.people)
        simulation.effect += np.array(world.shifts)[member][:, None]
        groups["group"] = tuple(f"group-{number + 1}" for number in member)
    simulation.run()
    entries = simulation.entries
    person, day, minute, score = (np.concatenate([week[part] for week in entries]) for part in range(4))
    asked, asked_day, answered = (np.concatenate([week[part] for week in simulation.prompts]) for part in range(3))
    attended, kind, attended_day = simulation.sessions()
    referred, referred_kind = np.nonzero(simulation.referred < NEVER)
    panel = Panel(
        check_ins=CheckIns(person, day, score),
        sessions=Sessions(attended, kind, attended_day),
        interventions=tuple(f"break-{chr(97 + k) if k < LETTERS else k}" for k in range(len(world.effects))),
        people=world.people,
        referrals=Referrals(referred, referred_kind, WEEK * simulation.referred[referred, referred_kind]),
        prompts=Prompts(asked, asked_day, answered),
        groups=groups,
    )
    gained, number = simulation.gained, simulation.gained_number
    truth = gained.sum(0) / np.maximum(number.sum(0), 1)
    return MadePanel(panel, truth, minute, simulation.effect, gained, number)


def scenario(name: str, **changes: object) -> World:
    """Return a named scenario's world with some of its rules changed."""
    return replace(SCENARIOS[name], **changes)  # type: ignore[arg-type]
