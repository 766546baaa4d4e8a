"""Limits of what a goal may say."""

LONGEST_TITLE = 200
LONGEST_STEP = 200
RATINGS = range(11)
"""How close somebody feels to a goal: 0 not at all, 10 there."""
