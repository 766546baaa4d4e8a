"""Levels and bands as sheets: one line for each offer, or for each of its bands; what is withheld says so."""

from app.impact.band_presenters import BandsPage, OfferBands
from app.impact.downloads import NOT_GIVEN, WITHHELD, Sheet, Value, day_of, given
from app.impact.evidence_words import AS_RANGE
from app.impact.level_presenters import LevelRow, Levels

COUNTS = "Counts are rounded down to a multiple of 5. Withheld: groups of fewer than 10, and what would give them away."
LEVEL_COLUMNS = (
    ("Intervention", 30),
    ("Young people", 14),
    ("Answers", 12),
    ("Said yes, of 100", 14),
    ("Low", 11),
    ("High", 11),
    ("Finding", 60),
    ("As of", 14),
)
LEVEL_NOTES = (
    "Asked after a session: “Did they treat me how I asked?” Low and High: the 95% interval.",
    "Said yes: of the young people who answered, the average share of their answers that was yes.",
    "A level and no change: it is only asked after a session. Who does not answer may have been treated otherwise.",
    "95 stands for 95 and more, 5 for 5 and fewer. A line changes only once 10 young people have answered anew.",
)
BAND_COLUMNS = (("Intervention", 30), ("Band", 16), ("Before", 12), ("After", 12), ("As of", 14))
BAND_NOTES = (
    "Before: the last 12 recorded weeks of school before the first session; after: the latest 12 from it on.",
    "Full time: more than 80%, in weeks of which at least half were full-time weeks.",
    "An offer is withheld where fewer than 20 young people have three recorded weeks on both sides.",
)


def levels_sheet(shown: Levels) -> Sheet:
    notes = (shown.sentence, f"Last refreshed: {shown.refreshed}.", *LEVEL_NOTES, COUNTS)
    return Sheet("Treated as asked", LEVEL_COLUMNS, tuple(_level(row) for row in shown.rows), notes)


def _level(row: LevelRow) -> tuple[Value, ...]:
    if row.is_withheld:
        return (row.intervention, *[WITHHELD] * (len(LEVEL_COLUMNS) - 2), day_of(row.as_of))
    figures = row.figures
    people = AS_RANGE[figures.state] if figures.people is None else figures.people
    own = map(given, (figures.sessions, figures.change, figures.low, figures.high))
    return (row.intervention, people, *own, row.finding or NOT_GIVEN, day_of(row.as_of))


def bands_sheet(shown: BandsPage) -> Sheet:
    rows = tuple(line for offer in shown.offers for line in _bands(offer))
    notes = (shown.sentence, shown.flatters, f"Last refreshed: {shown.refreshed}.", *BAND_NOTES, COUNTS)
    return Sheet("Bands of attendance", BAND_COLUMNS, rows, notes)


def _bands(offer: OfferBands) -> list[tuple[Value, ...]]:
    day = day_of(offer.as_of)
    if offer.is_withheld:
        return [(offer.intervention, "All bands", WITHHELD, WITHHELD, day)]
    return [
        (offer.intervention, line.name, *(WITHHELD if one.people is None else one.people for _, one in line.sides), day)
        for line in offer.lines
    ]
