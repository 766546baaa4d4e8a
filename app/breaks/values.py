"""Words for what happens at a short break."""

from enum import StrEnum


class AttendanceStatus(StrEnum):
    """Whether somebody came."""

    CAME = "came"
    PART = "part"
    DID_NOT_COME = "did_not_come"


CAME = frozenset({AttendanceStatus.CAME, AttendanceStatus.PART})
