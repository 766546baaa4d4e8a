"""The names of the published tables: what councils compare by, and what is said of each offer beside its figure."""

from itertools import combinations

USUAL_OUTCOME = "wellbeing"
"""The outcome that every council has: how young people say they are, from 0 to 10."""

GOALS, SCHOOL, CARERS = "goal_ratings", "school_attendance", "carer_wellbeing"
"""Further outcomes of which a change is published, on the same footing."""

TREATED = "treated_as_asked"
"""What is only asked after a session: it has no before, so its level is published, and no change."""

EVERYONE = "everyone"
TOTALS = "totals"
SHAPE = "shape"
REMAINS = "remains"
DOSE = "dose"
RESPONSE = "response"
STAYED = "stayed"
PAIRED = "pairs"
LEVEL = "level"
BANDS_BEFORE, BANDS_AFTER = "bands_before", "bands_after"
NOT_RECORDED = ""
REST = "Another, or not recorded"
MORE_THAN_ONE = "More than one"

BY_AGE = "by_age"
COLUMNS = {
    "by_sex": "sex",
    "by_ethnicity": "ethnicity",
    "by_need": "primary_need",
    "by_presenting_need": "presenting_needs",
    "by_diagnosis": "diagnoses",
    BY_AGE: "date_of_birth",
    "by_locality": "locality",
    "by_route": "entry_route",
}
"""Each table by one column, and the field of a young person's record that it goes by."""

GROUPED = tuple(COLUMNS)
BANDED = (BANDS_BEFORE, BANDS_AFTER)
"""People by band of school attendance, on either side of the first session."""

COUNTED = (*GROUPED, STAYED, *BANDED)
"""Tables whose groups add up to everyone: they show counts, which are protected together."""
BESIDE = (SHAPE, DOSE, REMAINS, RESPONSE)
"""Tables that say more of an offer's own figure; their groups are spans of weeks, of sessions, and parts."""

PAIRS = {f"{first}_and_{second.removeprefix('by_')}": (first, second) for first, second in combinations(GROUPED, 2)}
"""Each table by two columns, and the tables of those columns: "by_sex_and_need" is by_sex and by_need."""

TABLES = (EVERYONE, *COUNTED, *BESIDE, LEVEL)
BOTH = "\x1f"


def pair_group(*labels: str) -> str:
    """Return the name of the group that one label of each column makes."""
    return BOTH.join(labels)


def labels_of(group: str) -> tuple[str, ...]:
    """Return the label of each column that makes a group."""
    return tuple(group.split(BOTH))
