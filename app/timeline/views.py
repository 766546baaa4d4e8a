"""The timeline page: reading it, and taking on a concern."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import flash, request
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts.gate import requires, viewer
from app.accounts.values import Permission
from app.clock import in_britain
from app.database import transaction
from app.feed import services as feed
from app.feed.queries import posts_visible_to
from app.notifications.services import withdraw
from app.safeguarding import services as safeguarding
from app.safeguarding.decision_services import record_read
from app.safeguarding.queries import open_concerns
from app.timeline import phone_views, team_views
from app.timeline.blueprint import timeline
from app.timeline.charts import Chart, chart_of
from app.timeline.cursors import cursor_from_url, cursor_in_url
from app.timeline.forms import NoteForm
from app.timeline.person import person_view
from app.timeline.presenters import Week, weeks_of
from app.timeline.queries import EntryPage, entries_visible_to, story_of
from app.timeline.values import Kind, Period
from app.web.pages import go_to, is_fragment_request, page
from app.web.paging import Cursor
from app.young_people.queries import young_person_for
from app.young_people.services import record_seen
from app.young_people.values import Access

__all__ = ["phone_views", "team_views", "timeline"]
PAGE = 30


@dataclass(frozen=True, slots=True)
class RecordView:
    """The record under its filters: one part of the list, the way on, and the chart where it is shown."""

    id: UUID
    weeks: tuple[Week, ...]
    older: str | None
    is_first_part: bool
    kind: Kind | None
    period: Period
    kinds: tuple[Kind, ...]
    chart: Chart | None
    periods: tuple[Period, ...] = tuple(Period)

    @property
    def show(self) -> str | None:
        """Return the kind as it stands in a URL."""
        return self.kind.value if self.kind else None


@timeline.get("/young-people/<uuid:young_person_id>", endpoint="timeline")
@requires(Permission.TIMELINE_READ)
def show_timeline(young_person_id: UUID) -> ResponseReturnValue:
    """Show a young person's timeline; for htmx the record under new filters, or the next part of its list."""
    access = young_person_for(viewer(), young_person_id)
    before = cursor_from_url(access, request.args.get("before"))
    kinds, period = kinds_for(access), chosen_period()
    kind = chosen_kind(kinds)
    since = period.since(clock.now())
    found = entries_visible_to(access, kinds=(kind,) if kind else kinds, before=before, since=since, limit=PAGE)
    only_more = before is not None and is_fragment_request()
    record = RecordView(
        id=young_person_id,
        weeks=weeks_of(viewer(), access, found.entries),
        older=cursor_in_url(access, found.older) if found.older else None,
        is_first_part=before is None,
        kind=kind,
        period=period,
        kinds=kinds,
        chart=None if only_more else chart_for(access, since),
    )
    person = None if is_fragment_request() else person_view(viewer(), access)
    note_seen(young_person_id, found, before)
    block = "record" if before is None else "part"
    return page("timeline/timeline.html", block=block, record=record, person=person, note=NoteForm(formdata=None))


def chart_for(access: Access, since: datetime | None) -> Chart | None:
    return chart_of(story_of(access, since), access.name, in_britain(since).date() if since else None)


def chosen_kind(kinds: tuple[Kind, ...]) -> Kind | None:
    """Return the kind that the URL names, or None where it names none that is shown."""
    return next((kind for kind in kinds if kind.value == request.args.get("show")), None)


def chosen_period() -> Period:
    return next((one for one in Period if one.value == request.args.get("period")), Period.EVERYTHING)


def kinds_for(access: Access) -> tuple[Kind, ...]:
    return tuple(kind for kind in Kind if kind is not Kind.NOTES or access.reads_as_mentor)


def note_seen(young_person_id: UUID, found: EntryPage, before: Cursor | None) -> None:
    """Write down that the viewer has looked, and which posts they were shown."""
    shown = {entry.id for entry in found.entries if entry.kind is Kind.POSTS}
    with transaction():
        access = young_person_for(viewer(), young_person_id)
        record_seen(viewer=viewer(), access=access, what="timeline")
        if not is_fragment_request() and not access.is_self:
            for concern in open_concerns(access):
                record_read(viewer=viewer(), concern=concern)
        if shown:
            posts = [post for post in posts_visible_to(access, before=before, limit=PAGE) if post.id in shown]
            feed.record_posts_seen(viewer=viewer(), access=access, posts=posts)


@timeline.post("/young-people/<uuid:young_person_id>/concerns/<uuid:concern_id>/acknowledge")
@requires(Permission.CONCERN_ANSWER)
def acknowledge_concern(young_person_id: UUID, concern_id: UUID) -> ResponseReturnValue:
    """Say that the viewer has seen a concern and is acting on it."""
    with transaction():
        access = young_person_for(viewer(), young_person_id)
        safeguarding.acknowledge(viewer=viewer(), access=access, concern_id=concern_id)
        withdraw(about_id=concern_id)
    flash(f"You have this. {access.name} is told that you have seen it. Write down here what you decide.")
    return go_to("concerns.one", concern_id=concern_id)
