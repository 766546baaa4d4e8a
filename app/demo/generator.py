"""Nine months of moods with known true effects, made with the trap that real data has: referral after a dip.

A week's mood is a person's own level, plus a calendar that all share, plus a sticky weekly deviation (AR(1)), plus the
true effects of what they have begun to attend. A check-in adds noise of its own, is rounded to the answers of the
person's measure, and goes missing more often when the mood is low: of those that Tidemark asks at agreed times, and of
those that come by themselves alike. Free places go to those whose recent check-ins lie
lowest against their own earlier ones, so that moods would have recovered anyway. Pure: numpy in, numpy out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from app.demo.terms import WEEK, is_holiday
from app.demo.values import Floats, Integers, MadeUpOffer, Moods
from app.prompts.values import AgreedTimes

WEEKS = 39
NEVER = 10_000
FIRST_REFERRAL, LAST_REFERRAL = 4, 29
LONGEST_WAIT = 6
NOT_YET_SHARE = 0.3
MOST_OFFERS = 3
WEEKS_BETWEEN = 4
MIDDLE = 5.3
LEVEL_SPREAD = 1.1
STICKINESS = 0.5
NOISE = 1.1
EFFECT_SPREAD = 0.25
MISSING_WHEN_LOW = 0.5
HOLIDAY_RATE = 0.55
WEEKDAYS = np.array([0.18, 0.15, 0.16, 0.16, 0.13, 0.08, 0.14])
WEEKDAY_SHIFT = np.array([-0.25, -0.05, 0.0, 0.05, 0.2, 0.25, -0.1])
SMALL_OFFER = 30
KEEN_ENOUGH = 1.2
DIP_SCALE = 0.3
FACE_STEP = 2.5
MORNING_SHARE = 0.2
USUAL_DELAY, LATEST_MINUTE = 75, 1310
BY_ITSELF = 2.9
TOP = 10


@dataclass(frozen=True, slots=True)
class Script:
    """A person whose deviation from their own level, and whose courses, are written by hand.

    `state` is (weeks,); `courses` gives offer index: (week referred, week begun); `level` is from 0 to 10.
    """

    level: float
    state: Floats
    courses: dict[int, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Setting:
    """Everything that the moods are made from; `by_number` (people,) tells who answers from 0 to 10, not by face.

    `agreed` (people,) says when each is asked; nobody of `scripts` is.
    """

    offers: Sequence[MadeUpOffer]
    monday: date
    today: date
    by_number: Sequence[bool]
    agreed: Sequence[AgreedTimes]
    scripts: dict[int, Script] = field(default_factory=dict)

    @property
    def people(self) -> int:
        return len(self.by_number)


def answer_of(latent: Floats, by_number: Sequence[bool] | np.ndarray) -> Integers:
    """Return the answer given for a mood from 0 to 10: a face (1 to 5), or the number itself (0 to 10)."""
    number = np.clip(np.rint(latent), 0, TOP)
    face = np.clip(np.rint(latent / FACE_STEP), 0, TOP / FACE_STEP) + 1
    return np.where(by_number, number, face).astype(np.int64)


def score_of(answer: Integers, by_number: Sequence[bool] | np.ndarray) -> Floats:
    """Return an answer as a score from 0 to 10."""
    return np.where(by_number, answer, (answer - 1) * FACE_STEP).astype(np.float64)


class _Simulation:
    """The state of the simulation as it goes from week to week."""

    def __init__(self, setting: Setting, rng: np.random.Generator) -> None:
        people, kinds = setting.people, len(setting.offers)
        self.setting, self.rng = setting, rng
        self.by_number = np.asarray(setting.by_number, bool)
        self.level = MIDDLE + rng.normal(0, LEVEL_SPREAD, people)
        stated = np.array([offer.effect for offer in setting.offers])
        self.effect = stated + rng.normal(0, EFFECT_SPREAD, (people, kinds))
        self.asked = np.array([[day in times.days for day in range(7)] for times in setting.agreed], bool)
        self.is_asked = self.asked.sum(1) > 0
        self.asked_at = np.array([times.at.hour * 60 + times.at.minute for times in setting.agreed])
        self.keenness = np.clip(BY_ITSELF * rng.gamma(3, 1 / 3, people), 0.35, 6.0)
        self.keenness = np.where(self.is_asked, self.asked.sum(1), self.keenness)
        self.rests = np.zeros((people, WEEKS), bool)
        self.start = np.full((people, kinds), NEVER)
        self.referred = np.full((people, kinds), NEVER)
        self.length = rng.integers(8, 15, (people, kinds))
        self.state = np.zeros((people, WEEKS))
        self.scores = np.full((people, WEEKS), np.nan)
        self.given = np.zeros(kinds, np.int64)
        self.not_yet = rng.random(people) < NOT_YET_SHARE
        self.quiet = rng.integers(0, WEEKS, people), rng.choice([0, 0, 2, 3, 5], people)
        for person, script in setting.scripts.items():
            self.level[person], self.keenness[person] = script.level, BY_ITSELF
            self.quiet[1][person] = 0
            for kind, (referred, begun) in script.courses.items():
                self.referred[person, kind], self.start[person, kind] = referred, begun
                self.given[kind] += 1
                self.effect[person, kind] = stated[kind]

    def runs(self, kind: int, week: int) -> bool:
        """Say whether an offer has its session in a week."""
        offer = self.setting.offers[kind]
        return not (offer.term_only and is_holiday(self.setting.monday + WEEK * week))

    def step_state(self, week: int) -> None:
        fresh = self.rng.normal(0, 1, self.setting.people)
        before = self.state[:, week - 1] if week else self.rng.normal(0, 1, self.setting.people)
        self.state[:, week] = STICKINESS * before + np.sqrt(1 - STICKINESS**2) * fresh
        for person, script in self.setting.scripts.items():
            self.state[person, week] = script.state[week]

    def give_places(self, week: int) -> None:
        """Refer people this week, the places of each offer spread evenly over the weeks in which there are any."""
        weeks = LAST_REFERRAL - FIRST_REFERRAL + 1
        for kind in self.rng.permutation(len(self.setting.offers)):
            wanted = -(-self.setting.offers[kind].people * (week - FIRST_REFERRAL + 1) // weeks)
            for _ in range(min(wanted, self.setting.offers[kind].people) - self.given[kind]):
                self._give_place(week, int(kind))

    def _give_place(self, week: int, kind: int) -> None:
        free = self._free(week, kind)
        if not free.size:
            return
        pull = np.clip(-self._dip(week)[free] / DIP_SCALE, -8, 8)
        weight = np.exp(pull - pull.max())
        person = int(self.rng.choice(free, p=weight / weight.sum()))
        begun = week + int(self.rng.integers(1, LONGEST_WAIT + 1))
        while not self.runs(kind, begun) and begun < WEEKS - 1:
            begun += 1
        self.referred[person, kind], self.start[person, kind] = week, begun
        self.given[kind] += 1

    def _free(self, week: int, kind: int) -> Integers:
        """Return who could be given a place: none of it yet, not too many others, nothing else just begun."""
        begun = np.where(self.start < NEVER, self.start, -99)
        free = (begun.max(1) <= week - WEEKS_BETWEEN) & ((self.start < NEVER).sum(1) < MOST_OFFERS)
        free &= (self.start[:, kind] == NEVER) & (np.isfinite(self.scores[:, :week]).sum(1) >= 1)
        if self.setting.offers[kind].people < SMALL_OFFER:
            free &= (self.keenness >= KEEN_ENOUGH) & (np.isfinite(self.scores[:, :week]).sum(1) >= FIRST_REFERRAL)
        free[list(self.setting.scripts)] = False
        free &= ~self.not_yet
        return np.flatnonzero(free)

    def _dip(self, week: int) -> Floats:
        """Return each person's last three weeks against all that came before, as staff can see them."""
        scores = self.scores[:, :week]
        seen = np.isfinite(scores)
        recent, early = seen[:, -3:], seen[:, :-3]
        late_mean = np.where(recent, scores[:, -3:], 0).sum(1) / np.maximum(recent.sum(1), 1)
        early_mean = np.where(early, scores[:, :-3], 0).sum(1) / np.maximum(early.sum(1), 1)
        known = (recent.sum(1) > 0) & (early.sum(1) > 0)
        return np.where(known, late_mean - early_mean, 0.0)

    def _occasions(self, week: int, rate: float) -> tuple[Integers, Integers]:
        """Return who could check in on which day of a week: on agreed days, all of a week or none; else by chance."""
        rng, people = self.rng, self.setting.people
        begins, lasts = self.quiet
        quiet = (week >= begins) & (week < begins + lasts)
        self.rests[:, week] = self.is_asked & (quiet | (rng.random(people) > rate))
        who, day = np.nonzero(self.asked & ~self.rests[:, week, np.newaxis])
        others = np.repeat(np.arange(people), rng.poisson(np.where(self.is_asked | quiet, 0, self.keenness * rate)))
        by_chance = rng.choice(7, others.size, p=WEEKDAYS / WEEKDAYS.sum())
        return np.concatenate([who, others]), np.concatenate([day, by_chance])

    def _minutes(self, who: Integers) -> Integers:
        """Return the minutes of the day of check-ins: soon after being asked, or on a morning or an evening."""
        rng = self.rng
        morning, evening = rng.integers(430, 540, who.size), rng.integers(940, LATEST_MINUTE, who.size)
        by_chance = np.where(rng.random(who.size) < MORNING_SHARE, morning, evening)
        after = self.asked_at[who] + 1 + rng.exponential(USUAL_DELAY, who.size).astype(np.int64)
        return np.where(self.is_asked[who], np.minimum(after, LATEST_MINUTE), by_chance)

    def check_ins(self, week: int) -> dict[str, np.ndarray]:
        """Return a week's check-ins, with what each score would have been without the effects."""
        setting, rng = self.setting, self.rng
        monday = setting.monday + WEEK * week
        holiday = is_holiday(monday)
        who, day = self._occasions(week, HOLIDAY_RATE if holiday else 1.0)
        noise = rng.normal(0, NOISE, who.size)
        shift = (self.effect * (self.start <= week))[who]
        deviation = self.state[who, week] + shift.sum(1) + noise
        kept = rng.random(who.size) < 1 / (1 + np.exp(-(1.1 + MISSING_WHEN_LOW * deviation)))
        kept &= day <= np.where(week == WEEKS - 1, setting.today.weekday(), 6)
        who, noise, day, shift = who[kept], noise[kept], day[kept], shift[kept]
        calendar = 0.45 * holiday + 0.25 * np.cos(2 * np.pi * (monday.timetuple().tm_yday - 182) / 365)
        latent = self.level[who] + calendar + self.state[who, week] + shift.sum(1) + WEEKDAY_SHIFT[day] + noise
        return {
            "person": who,
            "week": np.full(who.size, week),
            "day": day,
            "minute": self._minutes(who),
            "answer": answer_of(latent, self.by_number[who]),
            "latent": latent,
            "shift": shift,
        }

    def keep_means(self, week: int, made: dict[str, np.ndarray]) -> None:
        number = np.bincount(made["person"], minlength=self.setting.people)
        score = score_of(made["answer"], self.by_number[made["person"]])
        total = np.bincount(made["person"], score, self.setting.people)
        self.scores[:, week] = np.where(number > 0, total / np.maximum(number, 1), np.nan)


def simulate(setting: Setting, seed: int) -> Moods:
    """Make the moods; the same setting and seed give the same moods."""
    rng = np.random.default_rng(seed)
    simulation = _Simulation(setting, rng)
    weeks = []
    for week in range(WEEKS):
        simulation.step_state(week)
        if FIRST_REFERRAL <= week <= LAST_REFERRAL:
            simulation.give_places(week)
        made = simulation.check_ins(week)
        simulation.keep_means(week, made)
        weeks.append(made)
    made = {name: np.concatenate([week[name] for week in weeks]) for name in weeks[0]}
    truth, people_after = _truth(simulation, made)
    columns = {name: made[name].astype(np.int64) for name in ("person", "week", "day", "minute", "answer")}
    return Moods(
        **columns,
        start=simulation.start,
        referred=simulation.referred,
        length=simulation.length,
        state=simulation.state,
        rests=simulation.rests,
        truth=truth,
        people_after=people_after,
    )


def _truth(simulation: _Simulation, made: dict[str, np.ndarray]) -> tuple[Floats, Integers]:
    """Return the realised mean effect of each offer on recorded scores, and the people it rests on.

    Realised: the score that was recorded less the one that the same moment would have had without this one effect,
    rounding and the ends of the scale included, over the check-ins from the week of the first session on.
    """
    person, by_number = made["person"], simulation.by_number[made["person"]]
    scripted = np.isin(person, list(simulation.setting.scripts))
    score = score_of(made["answer"], by_number)
    truth = np.zeros(len(simulation.setting.offers))
    people = np.zeros(truth.size, np.int64)
    for kind in range(truth.size):
        after = (simulation.start[person, kind] <= made["week"]) & ~scripted
        without = score_of(answer_of(made["latent"] - made["shift"][:, kind], by_number), by_number)
        truth[kind] = (score - without)[after].mean() if after.any() else 0.0
        people[kind] = np.unique(person[after]).size
    return truth, people
