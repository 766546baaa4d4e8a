"""Ratings of several goals, or answers of several parent carers, as one series for each young person.

Goals start at different levels, and so do adults. A plain mean over them would jump when a goal is set or put away, or
when one adult stops answering, and changes counted from each goal's first rating would start anew with every goal. So
each source keeps a level of its own: within a person the levels are told apart by the months (four weeks) in which two
sources were both rated, and taken off. Sources that no such month links cannot be put on one level; the linked ones
that were rated in the most weeks are kept, the others left out.

Goals also come closer as time passes, sessions or none, and are often set in the weeks in which something begins. The
usual course of a goal since it was first rated is learnt from those who have not begun anything yet, and taken off.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from app.impact.baselines import TwoWay
from app.impact.panel import DAYS, days_of
from app.impact.sums import sum_by
from app.impact.values import CheckIns, Floats, Integers, Sessions, Times, Truths

WEEKS_TOGETHER = 4
SPANS = np.array([0, 1, 4, 8, 16])
LEAST_GOALS = 20
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Rated:
    """Ratings, one a row: whose, of which source (numbered from 0, each one person's), when, and how high, all (N,)."""

    person: Integers
    source: Integers
    time: Times
    score: Floats

    @property
    def week(self) -> Integers:
        """The week number of every rating, (N,)."""
        return days_of(self.time) // DAYS


def first_weeks(sessions: Sessions, people: int) -> Integers:
    """Return the week number in which each person first came to anything, (people,), NEVER where they did not."""
    first = np.full(people, NEVER)
    np.minimum.at(first, np.asarray(sessions.person, np.int64), days_of(sessions.time) // DAYS)
    return first


def without_course(rated: Rated, begun: Integers) -> Rated:
    """Take off the usual course of a goal by weeks since its first rating; a goal's first span is what it is set to.

    `begun` (people,): the week number in which each person first came to anything, NEVER where they did not. The course
    is learnt from ratings before that; a span that fewer than 20 such goals reach continues the one before it.
    """
    if rated.person.size == 0:
        return rated
    week = rated.week
    first = np.full(int(rated.source.max()) + 1, NEVER)
    np.minimum.at(first, rated.source, week)
    span = np.searchsorted(SPANS, week - first[rated.source], "right") - 1
    free = week < begun[rated.person]
    return replace(rated, score=rated.score - _course(rated.source[free], span[free], rated.score[free])[span])


def _course(goal: Integers, span: Integers, score: Floats) -> Floats:
    """Return by how much goals stand above their first span in each span, (spans,), from goals in two spans or more."""
    course = np.zeros(SPANS.size)
    held = np.unique(np.stack([goal, span]), axis=1)
    several = np.bincount(held[0]) > 1 if held.size else np.zeros(0, np.bool_)
    reached = np.bincount(held[1][several[held[0]]], minlength=SPANS.size) if held.size else course
    if reached[0] < LEAST_GOALS:
        return course
    found = TwoWay.of(goal, span, np.ones(goal.size)).levels(
        sum_by(goal, score, int(goal.max()) + 1), sum_by(span, score, int(span.max()) + 1)
    )[1]
    for at in range(1, SPANS.size):
        course[at] = found[at] - found[0] if reached[at] >= LEAST_GOALS else course[at - 1]
    return course


def on_one_level(rated: Rated) -> CheckIns:
    """Return each person's ratings with the levels of their sources off, about the mean level of those kept."""
    off, kept = np.zeros(rated.score.size), np.ones(rated.score.size, np.bool_)
    pairs = np.unique(np.stack([rated.person, rated.source]), axis=1)
    several = np.flatnonzero(np.bincount(pairs[0]) > 1) if pairs.size else pairs
    order = np.argsort(rated.person, kind="stable")
    edges = np.searchsorted(rated.person[order], np.stack([several, several + 1]))
    week = rated.week
    for begin, end in edges.T:
        rows = order[begin:end]
        off[rows], kept[rows] = _levels(rated.source[rows], week[rows], rated.score[rows])
    return CheckIns(rated.person[kept], rated.time[kept], (rated.score - off)[kept])


def _levels(source: Integers, week: Integers, score: Floats) -> tuple[Floats, Truths]:
    """Return one person's levels, row by row, about their mean, and which rows lie in the largest linked part."""
    part = _parts(source, week // WEEKS_TOGETHER)
    weeks = [np.unique(week[part == one]).size for one in range(int(part.max()) + 1)]
    kept: Truths = part == int(np.argmax(weeks))
    off = np.zeros(score.size)
    own, when = (np.unique(values[kept], return_inverse=True)[1] for values in (source, week // WEEKS_TOGETHER))
    sources = int(own.max()) + 1
    if sources > 1:
        design = np.zeros((own.size, sources + int(when.max()) + 1))
        design[np.arange(own.size), own] = 1.0
        design[np.arange(own.size), sources + when] = 1.0
        level = np.linalg.lstsq(design, score[kept], rcond=None)[0][own]
        off[kept] = level - level.mean()
    return off, kept


def _parts(source: Integers, month: Integers) -> Integers:
    """Return (N,) which linked part each row's source is in."""
    source, month = (np.unique(values, return_inverse=True)[1] for values in (source, month))
    rated = np.zeros((int(source.max()) + 1, int(month.max()) + 1))
    rated[source, month] = 1.0
    linked = sparse.csr_array(rated @ rated.T > 0)
    part: Integers = connected_components(linked, directed=False)[1].astype(np.int64)[source]
    return part
