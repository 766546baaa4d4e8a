"""HTTP for the feed: a young person's own posts, and replies by them and by those who see them."""

from uuid import UUID, uuid4

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue

from app.accounts.gate import requires, viewer
from app.accounts.queries import names_of
from app.accounts.values import Permission
from app.database import transaction
from app.feed import presenters, queries, services
from app.feed.forms import PostForm
from app.media.presenters import kind_to_add
from app.safeguarding.views import tell_if_found
from app.web.languages import _
from app.web.pages import go_to, is_fragment_request, page
from app.web.paging import Cursor, parse_cursor
from app.web.typed import NothingWrittenError, TooLongError, sent_id, sent_moment, with_plain_line_ends
from app.young_people.queries import own_access, own_record, team_of
from app.young_people.services import record_seen
from app.young_people.sharing import audience_choices
from app.young_people.values import Audience

feed = Blueprint("feed", __name__)
ON_A_PAGE = 10


@feed.get("/posts")
@requires(Permission.POST_WRITE)
def posts() -> ResponseReturnValue:
    """Show the young person's own posts, newest first."""
    access = own_access(viewer())
    before = parse_cursor(request.args.get("before"))
    found = queries.posts_visible_to(access, before, ON_A_PAGE + 1)
    shown, team = found[:ON_A_PAGE], team_of(viewer(), access)
    replies = queries.replies_to(shown)
    threads = presenters.threads_for(viewer(), replies, names_of(viewer(), presenters.authors_of(replies)))
    return page(
        "feed/posts.html",
        block="entries",
        cards=presenters.post_cards(shown, threads, queries.seen_of(viewer(), shown), team, queries.media_of(shown)),
        audiences=audience_choices(team),
        more=Cursor(shown[-1].at, shown[-1].id) if len(found) > ON_A_PAGE else None,
        is_first_page=before is None,
    )


@feed.route("/posts/new", methods=["GET", "POST"])
@requires(Permission.POST_WRITE)
def write() -> ResponseReturnValue:
    """Write a post for the audience of one's choice; the same id twice is one post."""
    access = own_access(viewer())
    team = team_of(viewer(), access)
    form = PostForm(id=str(uuid4()), audience=own_record(viewer()).default_audience.value)
    form.offer(audience_choices(team))
    then = kind_to_add(request.form)
    if form.validate_on_submit():
        if then and not (form.words.data or "").strip():
            return go_to("attachments.post_without_words", kind=then, audience=form.chosen.value)
        try:
            with transaction():
                made = services.write_post(
                    viewer=viewer(),
                    access=access,
                    words=form.words.data or "",
                    audience=form.chosen,
                    post_id=sent_id(form.id.data),
                    at=sent_moment(request.form),
                )
                post_id = made.id
        except (NothingWrittenError, TooLongError) as error:
            form.words.errors = [str(error)]
        else:
            place = None if tell_if_found(post_id) else f"post-{post_id}"
            if then:
                return go_to("attachments.add_to_post", post_id=post_id, kind=then)
            return go_to("feed.posts", _anchor=place)
    status = 422 if request.method == "POST" else 200
    return page("feed/write.html", status=status, form=form, audiences=audience_choices(team), post_id=None)


@feed.route("/posts/<uuid:post_id>/edit", methods=["GET", "POST"])
@requires(Permission.POST_WRITE)
def edit(post_id: UUID) -> ResponseReturnValue:
    """Change a post's words and who sees it."""
    access, post = queries.post_visible_to(viewer(), post_id)
    form = PostForm(words=post.words, audience=post.audience.value)
    choices = audience_choices(team_of(viewer(), access))
    form.offer(choices)
    if form.validate_on_submit():
        try:
            with transaction():
                services.edit_post(viewer=viewer(), post_id=post_id, words=form.words.data or "", audience=form.chosen)
        except (NothingWrittenError, TooLongError) as error:
            form.words.errors = [str(error)]
        else:
            flash(_("Saved."))
            return go_to("feed.posts", _anchor=None if tell_if_found(post_id) else f"post-{post_id}")
    status = 422 if request.method == "POST" else 200
    return page("feed/write.html", status=status, form=form, audiences=choices, post_id=post_id)


@feed.post("/posts/<uuid:post_id>/audience")
@requires(Permission.POST_WRITE)
def choose_audience(post_id: UUID) -> ResponseReturnValue:
    """Change who sees a post."""
    queries.post_visible_to(viewer(), post_id)
    try:
        audience = Audience(request.form.get("audience", ""))
    except ValueError:
        return go_to("feed.edit", post_id=post_id)
    with transaction():
        services.choose_audience(viewer=viewer(), post_id=post_id, audience=audience)
    flash(_("Saved. It counts from now."))
    return go_to("feed.posts", _anchor=f"post-{post_id}")


@feed.route("/posts/<uuid:post_id>/delete", methods=["GET", "POST"])
@requires(Permission.POST_WRITE)
def delete(post_id: UUID) -> ResponseReturnValue:
    """Ask once, then take a post away."""
    if request.method == "POST":
        with transaction():
            services.delete_post(viewer=viewer(), post_id=post_id)
        flash(_("Taken away."))
        return go_to("feed.posts")
    _access, post = queries.post_visible_to(viewer(), post_id)
    return page("feed/delete.html", post_id=post_id, words=post.words)


@feed.get("/posts/<uuid:post_id>")
@requires(Permission.REPLY_WRITE)
def post(post_id: UUID) -> ResponseReturnValue:
    """Show one post with its replies, to whoever it is for; an adult's look is noted."""
    _note_seen(post_id)
    return _one_post(post_id)


def _note_seen(post_id: UUID) -> None:
    with transaction():
        access, found = queries.post_visible_to(viewer(), post_id)
        record_seen(viewer=viewer(), access=access, what="post")
        services.record_posts_seen(viewer=viewer(), access=access, posts=[found])


def _one_post(post_id: UUID, *, typed: str = "", problem: str | None = None) -> ResponseReturnValue:
    access, found = queries.post_visible_to(viewer(), post_id)
    replies, team = queries.replies_to([found]), team_of(viewer(), access)
    names = names_of(viewer(), presenters.authors_of(replies))
    threads = presenters.threads_for(
        viewer(), replies, names, typed=typed, problem=problem, may_answer=not access.in_emergency
    )
    seen = queries.seen_of(viewer(), [found])
    return page(
        "feed/post.html",
        block="replies",
        status=422 if problem else 200,
        card=presenters.post_cards([found], threads, seen, team, queries.media_of([found]))[0],
        thread=threads[post_id],
        name=access.name,
        young_person_id=access.young_person_id,
        is_self=access.is_self,
    )


@feed.post("/posts/<uuid:post_id>/replies")
@requires(Permission.REPLY_WRITE)
def reply(post_id: UUID) -> ResponseReturnValue:
    """Answer under a post; htmx gets the replies, a plain form goes back to the feed or the timeline."""
    words = with_plain_line_ends(request.form.get("words"))
    try:
        with transaction():
            made = services.write_reply(
                viewer=viewer(),
                post_id=post_id,
                words=words,
                reply_id=sent_id(request.form.get("id")),
                at=sent_moment(request.form),
            )
            reply_id = made.id
    except (NothingWrittenError, TooLongError) as error:
        _note_seen(post_id)
        return _one_post(post_id, typed=words, problem=str(error))
    if viewer().may(Permission.HELP_ASK) and tell_if_found(reply_id):
        return go_to("feed.posts")
    if is_fragment_request():
        return _one_post(post_id)
    access, _ = queries.post_visible_to(viewer(), post_id)
    if access.is_self:
        return go_to("feed.posts", _anchor=f"post-{post_id}")
    return go_to("timeline.timeline", young_person_id=access.young_person_id, _anchor=f"post-{post_id}")
