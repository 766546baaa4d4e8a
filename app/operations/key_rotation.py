"""Changing every data key, or proving that everything opens: the crypto steps in order, told to the audit trail."""

import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from app import clock
from app.accounts.queries import councils
from app.audit import services as audit
from app.crypto.data_keys import (
    Progress,
    add_versions,
    begin_rotation,
    finish_rotation,
    retire_versions,
    settles_at,
)
from app.crypto.resealing import Sealed, count_sealed_rows, seal_anew
from app.database import transaction

Bar = Callable[[str, int], AbstractContextManager[Progress]]
"""Shows how far something long has come: its name and how many rows there are."""


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a change of data keys did: owners with a new key, values sealed anew, owners whose old key was retired."""

    keys: int
    values: int
    retired: int
    unreadable: Counter[str]


def rotate_data_keys(*, bar: Bar, wait: Callable[[float], None] = time.sleep) -> Rotated:
    """Give every owner a new data key, seal every value under it, then destroy the old keys.

    Old values stay readable until the last step. Stopped anywhere, the next call goes on from there. It waits until no
    server can still seal under an old key.
    """
    made = add_versions(begin_rotation())
    _tell("keys:rotation_begun")
    values = 0
    while (passed := _pass(bar, "Sealing anew")).anew:
        values += passed.anew
    _wait_until_settled(wait)
    while (passed := _pass(bar, "Looking once more")).anew:
        values += passed.anew
    retired = retire_versions(passed.left_old)
    finish_rotation()
    _tell("keys:rotation_finished")
    return Rotated(made, values, retired, passed.unreadable)


def _pass(bar: Bar, label: str) -> Sealed:
    with bar(label, count_sealed_rows()) as progress:
        return seal_anew(progress)


def _wait_until_settled(wait: Callable[[float], None]) -> None:
    until = settles_at()
    if until is not None and (seconds := (until - clock.now()).total_seconds()) > 0:
        wait(seconds)


def _tell(action: str) -> None:
    with transaction():
        for council in councils():
            audit.record(council_id=council.id, actor_id=None, action=action)
