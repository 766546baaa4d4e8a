"""What a budget would buy, told from published figures: places, people reached, and points only where they are sure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from app import clock
from app.impact.budget_form import Question
from app.impact.evidence_words import Evidence, evidence_of, in_list
from app.impact.money import Bought, bought_with, why_no_points
from app.impact.published_values import PublishedTable, ShownCell
from app.impact.scales import Mark, Scale, span_of
from app.web.dates import whole_date

ALL_AS_BEFORE = "If all goes as it did before"
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Points:
    """Points gained by all young people together, in whole points, with their 95% interval."""

    middle: int
    low: int
    high: int

    @property
    def words(self) -> str:
        return f"{self.middle:,} {'point' if self.middle == 1 else 'points'} (likely {self.low:,} to {self.high:,})"


@dataclass(frozen=True, slots=True)
class Line:
    """One intervention’s share of the budget; `warning` stands in place of points that are not sure."""

    intervention: str
    provider: str
    evidence: Evidence
    share: int
    places: int | None
    people: int | None
    points: Points | None
    warning: str
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    """The answer: a sentence first, then a line for each intervention, and a sum where every line has points."""

    pounds: int
    sentence: str
    lines: tuple[Line, ...]
    scale: Scale
    total: Points | None
    people: int | None
    refreshed: str

    @property
    def is_shared(self) -> bool:
        return len(self.lines) > 1

    @property
    def has_points(self) -> bool:
        return any(line.points for line in self.lines)


def choices_of(table: PublishedTable) -> list[tuple[UUID, str]]:
    """Return the interventions that a budget can be spent on, by name."""
    return sorted(((cell.intervention.id, cell.intervention.name) for cell in table.cells), key=lambda one: one[1])


def budget_of(question: Question, table: PublishedTable) -> Budget:
    """Answer a question over the published table of everyone, each chosen intervention with an equal share."""
    chosen = [cell for cell in table.cells if cell.intervention.id in question.offers]
    chosen.sort(key=lambda cell: cell.intervention.name)
    share = question.pounds // len(chosen)
    found = [(cell, bought_with(share, cell.figures, cell.intervention.cost_per_place)) for cell in chosen]
    points = [_points(bought) for _, bought in found]
    scale = span_of([float(end) for one in points if one for end in (one.low, one.high)])
    lines = tuple(_line(cell, share, bought, scale) for cell, bought in found)
    total = _sum(points)
    people = [line.people for line in lines]
    reached = None if None in people else sum(number or 0 for number in people)
    sentence = _sentence(question.pounds, lines, total, reached)
    day = whole_date(clock.in_britain(table.refreshed_at).date()) if table.refreshed_at else ""
    return Budget(question.pounds, sentence, lines, scale, total, reached, day)


def _points(bought: Bought | None) -> Points | None:
    if bought is None or bought.points is None or bought.low is None or bought.high is None:
        return None
    return Points(round(bought.points), round(bought.low), round(bought.high))


def _sum(points: Sequence[Points | None]) -> Points | None:
    """Add up; the ends too, which is as wide as the sum can be: whether the figures err together is not known."""
    held = [one for one in points if one is not None]
    if len(held) < len(points):
        return None
    return Points(sum(one.middle for one in held), sum(one.low for one in held), sum(one.high for one in held))


def _line(cell: ShownCell, share: int, bought: Bought | None, scale: Scale) -> Line:
    offer, figures, points = cell.intervention, cell.figures, _points(bought)
    return Line(
        offer.name,
        offer.provider,
        evidence_of(figures),
        share,
        bought.places if bought else None,
        bought.people if bought else None,
        points,
        "" if points else why_no_points(figures, offer.cost_per_place),
        _mark(points, scale) if points else None,
    )


def _mark(points: Points, scale: Scale) -> Mark:
    middle, low, high = (scale.at(float(value)) for value in (points.middle, points.low, points.high))
    return Mark(middle, low, high, None, "better", points.words)


def _sentence(pounds: int, lines: Sequence[Line], total: Points | None, reached: int | None) -> str:
    if len(lines) == 1:
        return _of_one(pounds, lines[0])
    names = [line.intervention for line in lines]
    between = in_list(names) if len(names) <= MOST_NAMED else f"{len(names)} interventions"
    said = [f"£{pounds:,}, shared equally between {between}{_would_reach(reached)}."]
    if total is not None:
        said.append(f"{ALL_AS_BEFORE}, they gain {total.words} between them.")
    return " ".join([*said, *_unsure(lines)])


def _of_one(pounds: int, line: Line) -> str:
    if line.people is None or line.places is None:
        return f"What £{pounds:,} on {line.intervention} would buy cannot be told. {line.warning}"
    places = f"{line.places:,} {'place' if line.places == 1 else 'places'}"
    said = f"£{pounds:,} would buy {places} at {line.intervention}, enough for about {_people(line.people)}."
    if line.points is None:
        return f"{said} {line.warning}"
    return f"{said} {ALL_AS_BEFORE}, they gain {line.points.words} between them."


def _would_reach(reached: int | None) -> str:
    if reached is None:
        return ": how many it would reach is not known for all of them"
    return f", would reach about {_people(reached)}"


def _unsure(lines: Iterable[Line]) -> list[str]:
    without = [line.intervention for line in lines if line.points is None]
    if not without:
        return []
    return [f"For {in_list(without)} there is no number of points to count on."]


def _people(number: int) -> str:
    return f"{number:,} young {'person' if number == 1 else 'people'}"
