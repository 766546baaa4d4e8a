"""One person's record as one list and one story, merged from the other capabilities; each read starts from access."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid5

from app.breaks.queries import sessions_attended
from app.breaks.values import SessionAttended
from app.checkins.models import CheckIn
from app.checkins.queries import check_ins_visible_to, scores_of
from app.clock import BRITAIN, in_britain
from app.feed.models import Post
from app.feed.queries import posts_visible_to
from app.goals.models import Goal, GoalRating
from app.goals.queries import goals_visible_to, ratings_of, ratings_visible_to
from app.timeline.values import Event, Intervention, Kind, RatedGoal, Score, Story
from app.web.paging import Cursor
from app.young_people.models import LifeEvent, Note
from app.young_people.queries import life_events_of, notes_visible_to
from app.young_people.school_queries import school_weeks_on_timeline
from app.young_people.values import Access

EVERY_ONE = 100_000
LEAD_IN = timedelta(weeks=16)
GOAL_REACHED = UUID("6f1c3c52-8a8e-4d8e-9a52-6ac1d3b7c001")


@dataclass(frozen=True, slots=True)
class GoalMoment:
    """That a goal was set, or reached."""

    goal: Goal
    is_reached: bool


Source = CheckIn | Post | GoalRating | GoalMoment | SessionAttended | Note | LifeEvent


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in the list, with the key by which the list goes on."""

    at: datetime
    id: UUID
    kind: Kind
    source: Source

    @property
    def key(self) -> tuple[datetime, UUID]:
        return self.at, self.id


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Some entries, newest first, and where the next ones go on (None at the end)."""

    entries: tuple[Entry, ...]
    older: Cursor | None


@dataclass(frozen=True, slots=True)
class Slice:
    """Which part of a list is wanted: older than a cursor, not older than a moment, and at most so many."""

    before: Cursor | None
    since: datetime | None
    limit: int

    def cut(self, entries: Iterable[Entry]) -> list[Entry]:
        """Return what of a whole list belongs to this part."""
        before = (self.before.at, self.before.id) if self.before else None
        inside = [
            entry
            for entry in entries
            if (before is None or entry.key < before) and (self.since is None or entry.at >= self.since)
        ]
        return sorted(inside, key=lambda entry: entry.key, reverse=True)[: self.limit]


def entries_visible_to(
    access: Access,
    *,
    kinds: Collection[Kind] = tuple(Kind),
    before: Cursor | None = None,
    since: datetime | None = None,
    limit: int = 30,
) -> EntryPage:
    """Return the newest entries of these kinds after the cursor, by (moment, id); each stream brings one too many.

    So nothing is lost or doubled between one page and the next, whatever moments entries share.
    """
    part = Slice(before, since, limit + 1)
    found = [entry for kind in Kind if kind in kinds for entry in STREAMS[kind](access, part)]
    found.sort(key=lambda entry: entry.key, reverse=True)
    shown = tuple(found[:limit])
    return EntryPage(shown, Cursor(*shown[-1].key) if len(found) > limit else None)


def _check_ins(access: Access, part: Slice) -> list[Entry]:
    rows = check_ins_visible_to(access, before=part.before, limit=part.limit, since=part.since)
    return [Entry(row.at, row.id, Kind.CHECK_INS, row) for row in rows]


def _posts(access: Access, part: Slice) -> list[Entry]:
    rows = posts_visible_to(access, before=part.before, limit=part.limit, since=part.since)
    return [Entry(row.at, row.id, Kind.POSTS, row) for row in rows]


def _goals(access: Access, part: Slice) -> list[Entry]:
    rows = ratings_visible_to(access, before=part.before, limit=part.limit, since=part.since)
    goals = goals_visible_to(access)
    moments = [Entry(goal.set_at, goal.id, Kind.GOALS, GoalMoment(goal, is_reached=False)) for goal in goals]
    moments += [
        Entry(goal.reached_at, uuid5(GOAL_REACHED, str(goal.id)), Kind.GOALS, GoalMoment(goal, is_reached=True))
        for goal in goals
        if goal.reached_at is not None
    ]
    return [*(Entry(row.at, row.id, Kind.GOALS, row) for row in rows), *part.cut(moments)]


def _sessions(access: Access, part: Slice) -> list[Entry]:
    rows = sessions_attended(access, before=part.before, limit=part.limit, since=part.since)
    return [Entry(row.at, row.id, Kind.SESSIONS, row) for row in rows]


def _notes(access: Access, part: Slice) -> list[Entry]:
    rows = notes_visible_to(access, since=part.since)
    return part.cut(Entry(row.at, row.id, Kind.NOTES, row) for row in rows)


def _events(access: Access, part: Slice) -> list[Entry]:
    return part.cut(Entry(start_of(row.on), row.id, Kind.EVENTS, row) for row in life_events_of(access))


STREAMS: dict[Kind, Callable[[Access, Slice], list[Entry]]] = {
    Kind.CHECK_INS: _check_ins,
    Kind.POSTS: _posts,
    Kind.GOALS: _goals,
    Kind.SESSIONS: _sessions,
    Kind.NOTES: _notes,
    Kind.EVENTS: _events,
}


def start_of(day: date) -> datetime:
    """Return the moment at which a day begins in Britain."""
    return datetime.combine(day, time(), BRITAIN).astimezone(UTC)


def story_of(access: Access, since: datetime | None = None) -> Story:
    """Return what the time axis shows; scores begin sixteen weeks earlier, so that the first weeks have a past."""
    goals = goals_visible_to(access)
    ratings = ratings_of(goals)
    scores = scores_of(access, since - LEAD_IN if since else None)
    return Story(
        scores=tuple(Score(one.at, one.score_0_10) for one in scores),
        interventions=_interventions(access),
        goals=tuple(
            RatedGoal(goal.title, rated) for goal in goals if (rated := _rated(ratings[goal.id], since)) is not None
        ),
        posts=tuple(sorted(post.at for post in posts_visible_to(access, limit=EVERY_ONE, since=since))),
        events=tuple(Event(event.on, event.title) for event in life_events_of(access)),
        school=tuple(school_weeks_on_timeline(access, in_britain(since).date() if since else None)),
    )


def _interventions(access: Access) -> tuple[Intervention, ...]:
    by_offer: dict[UUID, list[SessionAttended]] = defaultdict(list)
    for attended in reversed(sessions_attended(access, limit=EVERY_ONE)):
        by_offer[attended.offer_id].append(attended)
    return tuple(Intervention(rows[0].offer_name, tuple(row.at for row in rows)) for rows in by_offer.values())


def _rated(ratings: Iterable[GoalRating], since: datetime | None) -> tuple[Score, ...] | None:
    rows = [rating for rating in ratings if since is None or rating.at >= since]
    return tuple(Score(row.at, row.rating) for row in rows if row.rating is not None) or None
