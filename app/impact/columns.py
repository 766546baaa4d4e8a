"""Columns of a person's own that are not spans of weeks: laid out as spans are, then filled from a table."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from app.impact.design import Block
from app.impact.values import Integers, Truths

Counts = NDArray[np.uint8]


def columns_from(block: Block, coefficient: int) -> Truths:
    """Return (K,) which of a block's columns belong to coefficients from `coefficient` on."""
    rows: Truths = np.asarray((block.coefficient >= coefficient).any(1), np.bool_)
    return rows


def with_columns(block: Block, person: Integers, table: Counts, rows: Truths) -> Block:
    """Fill `rows` (K,) of a block's columns from `table` (E, B, T), one entry an event and calendar week.

    `person` (E,), sorted, is whose the events are: those that the block's terms were laid out from, B spans each.
    """
    spans, slots = table.shape[1], int(rows.sum()) // table.shape[1]
    if slots == 0:
        return block
    first, end = (np.searchsorted(person, block.people, side) for side in ("left", "right"))
    event = first[:, None] + np.arange(slots)
    there = event < end[:, None]
    weeks = slice(block.low, block.low + block.weight.shape[0])
    values = table[np.where(there, event, 0)][:, :, :, weeks] * there[:, :, None, None]
    columns = block.columns.copy()
    columns[:, rows] = values.reshape(block.people.size, slots * spans, -1).transpose(2, 1, 0)
    return replace(block, columns=columns)
