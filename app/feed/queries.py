"""Reading posts and replies: each read starts from what the viewer may see."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select

from app.accounts.queries import names_of
from app.accounts.values import Viewer
from app.database import db
from app.feed.models import Post, PostSeen, Reply
from app.feed.values import Seen
from app.media.models import Media
from app.media.queries import media_on
from app.web.errors import NotFoundError
from app.web.languages import _
from app.web.paging import Cursor, older_than
from app.young_people.queries import young_person_for
from app.young_people.values import Access


def posts_visible_to(
    access: Access, before: Cursor | None = None, limit: int = 20, since: datetime | None = None
) -> list[Post]:
    """Return a young person's posts, newest first, without those taken away and those for somebody else's eyes."""
    query = _visible(access).order_by(Post.at.desc(), Post.id.desc()).limit(limit)
    if before is not None:
        query = query.where(older_than(before, Post.at, Post.id))
    if since is not None:
        query = query.where(Post.at >= since)
    return list(db.session.execute(query).scalars())


def _visible(access: Access) -> Select[Post]:
    return select(Post).where(
        Post.young_person_id == access.young_person_id,
        Post.deleted_at.is_(None),
        Post.audience.in_(access.audiences),
    )


def post_visible_to(viewer: Viewer, post_id: UUID) -> tuple[Access, Post]:
    """Return a post and the viewer's access to its young person; raises NotFoundError where they may not see it."""
    query = select(Post.young_person_id).where(Post.id == post_id, Post.council_id == viewer.council_id)
    young_person_id = db.session.execute(query).scalar_one_or_none()
    if young_person_id is None:
        raise NotFoundError
    access = young_person_for(viewer, young_person_id)
    post = db.session.execute(_visible(access).where(Post.id == post_id)).scalar_one_or_none()
    if post is None:
        raise NotFoundError
    return access, post


def replies_to(posts: Iterable[Post]) -> dict[UUID, list[Reply]]:
    """Return the replies under posts that were already fetched for their viewer, oldest first, by post."""
    found: dict[UUID, list[Reply]] = {post.id: [] for post in posts}
    query = select(Reply).where(Reply.post_id.in_(found), Reply.deleted_at.is_(None)).order_by(Reply.at, Reply.id)
    for reply in db.session.execute(query).scalars():
        found[reply.post_id].append(reply)
    return found


def media_of(posts: Iterable[Post]) -> dict[UUID, list[Media]]:
    """Return what hangs on posts that were already fetched for their viewer, by post."""
    return media_on(post.id for post in posts)


def seen_of(viewer: Viewer, posts: Iterable[Post]) -> dict[UUID, list[Seen]]:
    """Return who has opened posts that were already fetched for their viewer, first opened first, by post."""
    found: dict[UUID, list[Seen]] = {post.id: [] for post in posts}
    query = select(PostSeen).where(PostSeen.post_id.in_(found)).order_by(PostSeen.at, PostSeen.id)
    rows = list(db.session.execute(query).scalars())
    names = names_of(viewer, [row.account_id for row in rows])
    for row in rows:
        found[row.post_id].append(Seen(row.account_id, names.get(row.account_id, _("Somebody")), row.at))
    return found
