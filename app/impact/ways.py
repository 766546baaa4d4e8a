"""The ways of comparing, as they stand in addresses and on pages."""

from dataclasses import dataclass

from app.impact.tables import EVERYONE, GROUPED, PAIRS


@dataclass(frozen=True, slots=True)
class By:
    """One way of comparing, as a pill: `code` stands in the URL."""

    code: str
    table: str
    words: str
    column: str
    also: str = ""
    """The code of the second column, where there are two."""


ALL = By("", EVERYONE, "Everyone", "Everyone")
COLUMN_WAYS = (
    By("need", "by_need", "By need", "SEN primary need"),
    By("presenting-need", "by_presenting_need", "By presenting need", "Presenting need"),
    By("diagnosis", "by_diagnosis", "By diagnosis", "Diagnosis"),
    By("age", "by_age", "By age", "Age"),
    By("sex", "by_sex", "By sex", "Sex"),
    By("ethnicity", "by_ethnicity", "By ethnicity", "Ethnicity"),
    By("locality", "by_locality", "By locality", "Locality"),
    By("route", "by_route", "By entry route", "Entry route"),
)
WAYS = (ALL, *COLUMN_WAYS)
BY_TABLE = {way.table: way for way in WAYS}


def way_of(code: str, also: str = "") -> By | None:
    """Return the way that an address names, by one column or by two; None where there is none."""
    first, second = (next((way for way in WAYS if way.code == one), None) for one in (code, also))
    if not also or first is None or second is None:
        return None if also else first
    return _pair(first, second)


def _pair(first: By, second: By) -> By | None:
    both = tuple(table for table in GROUPED if table in (first.table, second.table))
    table = next((table for table, columns in PAIRS.items() if columns == both), None)
    if table is None:
        return None
    names = " and ".join(BY_TABLE[column].column for column in both)
    words = f"{first.words} and {second.words.removeprefix('By ')}"
    return By(first.code, table, words, names, second.code)
