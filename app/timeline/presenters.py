"""What the timeline's list may show: each entry decrypted, permitted and in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from uuid import UUID

from app import clock
from app.accounts.queries import names_of
from app.accounts.values import Viewer
from app.breaks.feedback_presenters import feedback_words
from app.breaks.feedback_queries import feedback_visible_to
from app.breaks.models import SessionFeedback
from app.breaks.values import AttendanceStatus, SessionAttended
from app.checkins.measures import UnknownMeasureError, measure
from app.checkins.models import CheckIn
from app.checkins.presenters import with_words
from app.checkins.values import ALL_FEELINGS, GOING_ON
from app.clock import in_britain
from app.feed.models import Post
from app.feed.presenters import Thread, authors_of, threads_for
from app.feed.queries import replies_to
from app.goals.models import GoalRating
from app.goals.queries import goals_visible_to, ratings_of
from app.media.presenters import MediaView, views_by_entry
from app.media.queries import media_on
from app.timeline.queries import Entry, GoalMoment
from app.timeline.values import Kind
from app.timeline.words import short_day, week_words
from app.web.dates import time_in_words
from app.young_people.models import LifeEvent, Note
from app.young_people.queries import team_of
from app.young_people.sharing import TeamMember, readers
from app.young_people.values import Access, Audience

FACES = 5


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry of the list. `face` is 1 to 5, or 0 where there is none; `number` stands in it where it was no face."""

    id: UUID
    kind: Kind
    day: str
    time: str
    title: str
    words: str = ""
    said: str = ""
    chips: tuple[str, ...] = ()
    face: int = 0
    number: str = ""
    thread: Thread | None = None
    media: tuple[MediaView, ...] = ()


@dataclass(frozen=True, slots=True)
class Week:
    """The entries of one week, under its heading."""

    heading: str
    entries: tuple[EntryView, ...]


@dataclass(frozen=True, slots=True)
class Around:
    """What entries need to know of one another: names, threads, and what a goal was rated before."""

    names: dict[UUID, str]
    threads: dict[UUID, Thread]
    titles: dict[UUID, str]
    rated_before: dict[UUID, GoalRating]
    feedback: dict[UUID, SessionFeedback]
    media: dict[UUID, list[MediaView]]
    team: tuple[TeamMember, ...]
    viewer: Viewer
    whose: str

    def shared_with(self, audience: Audience) -> str:
        return f"Shared with {readers(audience, self.team)}"

    def name(self, account_id: UUID) -> str:
        return "You" if account_id == self.viewer.account_id else self.names.get(account_id, "Somebody")


def weeks_of(viewer: Viewer, access: Access, entries: Sequence[Entry]) -> tuple[Week, ...]:
    """Return the entries in words, by week, in the order given."""
    around = _around(viewer, access, entries)
    today = clock.today()
    shown = [(week_words(in_britain(entry.at).date(), today), view_of(entry, around)) for entry in entries]
    return tuple(
        Week(heading, tuple(view for _, view in group)) for heading, group in groupby(shown, key=lambda pair: pair[0])
    )


def _around(viewer: Viewer, access: Access, entries: Sequence[Entry]) -> Around:
    sources = [entry.source for entry in entries]
    replies = replies_to([one for one in sources if isinstance(one, Post)])
    authors = {one.author_id for one in sources if isinstance(one, Note | LifeEvent)}
    typists = {one.typed_by for one in sources if isinstance(one, CheckIn) and one.typed_by is not None}
    names = names_of(viewer, authors | typists | authors_of(replies))
    goals = goals_visible_to(access) if any(isinstance(one, GoalRating) for one in sources) else []
    ratings = ratings_of(goals)
    return Around(
        names=names,
        threads=threads_for(viewer, replies, names, may_answer=not access.in_emergency),
        titles={goal.id: goal.title for goal in goals},
        rated_before={new.id: old for rated in ratings.values() for old, new in pairwise(rated)},
        feedback=feedback_visible_to(access, [one.session_id for one in sources if isinstance(one, SessionAttended)]),
        media=views_by_entry(media_on(one.id for one in sources if isinstance(one, CheckIn | Post))),
        team=tuple(_with_you_first(viewer, team_of(viewer, access))),
        viewer=viewer,
        whose=access.name,
    )


def _with_you_first(viewer: Viewer, team: Iterable[TeamMember]) -> list[TeamMember]:
    named = [(one, "you" if one == viewer.account_id else name, tie) for one, name, tie in team]
    return sorted(named, key=lambda member: member[1] != "you")


def view_of(entry: Entry, around: Around) -> EntryView:  # noqa: PLR0911 (one return for each kind of entry)
    """Return one entry in words."""
    source = entry.source
    if isinstance(source, CheckIn):
        return _check_in(entry, source, around)
    if isinstance(source, Post):
        edited = ". Changed since" if source.edited_at else ""
        return _view(
            entry,
            title="Post",
            words=source.words,
            said=around.shared_with(source.audience) + edited,
            thread=around.threads.get(source.id),
            media=around.media[source.id],
        )
    if isinstance(source, GoalRating):
        return _rating(entry, source, around)
    if isinstance(source, GoalMoment):
        return _view(entry, title="Goal reached" if source.is_reached else "New goal", words=f"“{source.goal.title}”")
    if isinstance(source, SessionAttended):
        return _session(entry, source, around)
    if isinstance(source, Note):
        return _view(entry, title=f"Note by {_plain(around, source.author_id)}", words=source.words)
    return _view(entry, title=source.title, said=f"Added by {_plain(around, source.author_id)}")


def _plain(around: Around, account_id: UUID) -> str:
    name = around.name(account_id)
    return "you" if name == "You" else name


def _view(
    entry: Entry,
    *,
    title: str,
    words: str = "",
    said: str = "",
    chips: Iterable[str] = (),
    face: int = 0,
    number: str = "",
    thread: Thread | None = None,
    media: Iterable[MediaView] = (),
) -> EntryView:
    return EntryView(
        id=entry.id,
        kind=entry.kind,
        day=short_day(in_britain(entry.at).date(), clock.today()),
        time="" if entry.kind is Kind.EVENTS else time_in_words(entry.at),
        title=title,
        words=words,
        said=said,
        chips=tuple(chips),
        face=face,
        number=number,
        thread=thread,
        media=tuple(media),
    )


def _check_in(entry: Entry, source: CheckIn, around: Around) -> EntryView:
    title, face, number = answer_words(source.measure, source.answer)
    feelings = [ALL_FEELINGS.get(code, code) for code in source.feelings]
    going_on = [GOING_ON.get(code, code) for code in source.going_on]
    edited = ". Changed since" if source.edited_at else ""
    together = f"Said by {around.whose}, typed by {_plain(around, source.typed_by)}. " if source.typed_by else ""
    return _view(
        entry,
        title=title,
        words=source.words,
        said=together + around.shared_with(source.audience) + edited,
        chips=[*feelings, *going_on, *with_words(source.who_with)],
        face=face,
        number=number,
        media=around.media[source.id],
    )


def answer_words(code: str, answer: float | None) -> tuple[str, int, str]:
    """Return an answer in words, the nearest of five faces (0: none), and a number where it was no face."""
    if answer is None:
        return "(we can’t read this answer)", 0, ""
    try:
        asked = measure(code)
    except UnknownMeasureError:
        return f"{answer:g}", 0, ""
    face = min(max(round(asked.to_0_10(answer) / 10 * (FACES - 1)), 0), FACES - 1) + 1
    words = asked.words_for(answer)
    if not asked.is_mood:
        return f"{asked.name}: {words}", face, f"{answer:g}"
    return words, face, "" if asked.words else f"{answer:g}"


def _session(entry: Entry, source: SessionAttended, around: Around) -> EntryView:
    part = "Came for part of it" if source.status is AttendanceStatus.PART else "Came"
    chips = feedback_words(around.feedback.get(source.session_id))
    return _view(entry, title=source.offer_name, said=" · ".join(filter(None, (part, source.place))), chips=chips)


def _rating(entry: Entry, source: GoalRating, around: Around) -> EntryView:
    earlier = around.rated_before.get(source.id)
    now_words = "not readable" if source.rating is None else f"{source.rating:g} out of 10"
    if earlier is not None and earlier.rating is not None and earlier.rating != source.rating:
        now_words = f"from {earlier.rating:g} to {now_words}"
    return _view(entry, title="Goal rated", words=f"“{around.titles.get(source.goal_id, '')}”: {now_words}")
