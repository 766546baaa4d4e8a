"""Writing, changing and taking away posts and replies, and noting who has opened them."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import clock
from app.accounts.values import Viewer
from app.database import db
from app.feed.models import Post, PostSeen, Reply
from app.feed.queries import post_visible_to
from app.feed.values import LONGEST_POST, LONGEST_REPLY
from app.media.queries import media_on
from app.notifications.services import notify
from app.notifications.values import Kind
from app.safeguarding.services import look_for_words
from app.safeguarding.values import Source
from app.web.errors import NotFoundError
from app.web.typed import words_within
from app.young_people.queries import own_access, record_of
from app.young_people.services import record_written
from app.young_people.values import Access, Audience


def write_post(
    *,
    viewer: Viewer,
    access: Access,
    words: str,
    audience: Audience | None,
    at: datetime | None = None,
    post_id: UUID | None = None,
    needs_words: bool = True,
) -> Post:
    """Keep what a young person wrote; the same id again gives the post that is there, unchanged.

    `needs_words`: False where a photo, a drawing or a voice note says it.

    Raises NothingWrittenError, TooLongError, and NotFoundError for anybody but the young person.
    """
    if not access.is_self:
        raise NotFoundError
    post_id = post_id or uuid4()
    earlier = db.session.get(Post, post_id)
    if earlier is not None:
        return _own(earlier, access)
    post = Post(
        id=post_id,
        council_id=access.council_id,
        young_person_id=access.young_person_id,
        author_id=viewer.account_id,
        audience=audience or record_of(access).default_audience,
        at=at or clock.now(),
        words=words_within(words, LONGEST_POST) if words or needs_words else "",
    )
    try:
        with db.session.begin_nested():
            db.session.add(post)
            record_written(viewer=viewer, action="post:written", about=post)
            look_for_words(viewer=viewer, access=access, words=words, source=Source.POST, entry_id=post.id)
    except IntegrityError:
        return _own(db.session.get_one(Post, post_id), access)
    return post


def _own(earlier: Post, access: Access) -> Post:
    if earlier.young_person_id != access.young_person_id:
        raise NotFoundError
    return earlier


def edit_post(*, viewer: Viewer, post_id: UUID, words: str, audience: Audience) -> Post:
    """Change the words of a young person's own post and who sees it, at once.

    Raises NothingWrittenError, TooLongError and NotFoundError.
    """
    post = _own_post(viewer, post_id)
    if words.strip() or not media_on([post_id])[post_id]:
        words = words_within(words, LONGEST_POST)
    if (words, audience) == (post.words, post.audience):
        return post
    if words != post.words:
        post.words, post.edited_at = words, clock.now()
    post.audience = audience
    record_written(viewer=viewer, action="post:edited", about=post)
    access = own_access(viewer)
    look_for_words(viewer=viewer, access=access, words=words, source=Source.POST, entry_id=post_id)
    return post


def choose_audience(*, viewer: Viewer, post_id: UUID, audience: Audience) -> Post:
    """Change who sees a young person's own post, at once."""
    post = _own_post(viewer, post_id)
    if post.audience is not audience:
        post.audience = audience
        record_written(viewer=viewer, action="post:shared", about=post)
    return post


def delete_post(*, viewer: Viewer, post_id: UUID) -> None:
    """Take a young person's own post off every page, its replies with it."""
    post = _own_post(viewer, post_id)
    post.deleted_at = clock.now()
    record_written(viewer=viewer, action="post:deleted", about=post)


def _own_post(viewer: Viewer, post_id: UUID) -> Post:
    access, post = post_visible_to(viewer, post_id)
    if not access.is_self:
        raise NotFoundError
    return post


def write_reply(
    *, viewer: Viewer, post_id: UUID, words: str, at: datetime | None = None, reply_id: UUID | None = None
) -> Reply:
    """Answer under a post that the viewer may see, but only read in an emergency.

    The same id again gives the reply that is there, unchanged.

    Raises NothingWrittenError, TooLongError and NotFoundError.
    """
    access, post = post_visible_to(viewer, post_id)
    if access.in_emergency:
        raise NotFoundError
    earlier = db.session.get(Reply, reply_id) if reply_id else None
    if earlier is not None:
        return _own_reply(earlier, post, viewer)
    reply = Reply(
        id=reply_id or uuid4(),
        council_id=access.council_id,
        young_person_id=access.young_person_id,
        post_id=post.id,
        author_id=viewer.account_id,
        at=at or clock.now(),
        words=words_within(words, LONGEST_REPLY),
    )
    try:
        with db.session.begin_nested():
            db.session.add(reply)
            record_written(viewer=viewer, action="reply:written", about=reply)
            look_for_words(viewer=viewer, access=access, words=words, source=Source.REPLY, entry_id=reply.id)
    except IntegrityError:
        return _own_reply(db.session.get_one(Reply, reply.id), post, viewer)
    whose = record_of(access).account_id
    if at is None and whose is not None and not access.is_self:
        notify(account_id=whose, kind=Kind.REPLY, about_id=reply.id)
    return reply


def _own_reply(earlier: Reply, post: Post, viewer: Viewer) -> Reply:
    if (earlier.post_id, earlier.author_id) != (post.id, viewer.account_id):
        raise NotFoundError
    return earlier


def record_posts_seen(*, viewer: Viewer, access: Access, posts: Iterable[Post], at: datetime | None = None) -> None:
    """Note that an adult has opened posts that were fetched for them; the young person is told who and when.

    Their own reading is not noted, and the first time counts.
    """
    if access.is_self:
        return
    ids = {post.id for post in posts}
    query = select(PostSeen.post_id).where(PostSeen.post_id.in_(ids), PostSeen.account_id == viewer.account_id)
    for post_id in sorted(ids - set(db.session.execute(query).scalars())):
        seen = PostSeen(council_id=access.council_id, post_id=post_id, account_id=viewer.account_id)
        seen.at = at or clock.now()
        try:
            with db.session.begin_nested():
                db.session.add(seen)
        except IntegrityError:
            continue
