"""What the feed, and the timeline under it, may show of posts and replies."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from app.accounts.values import Role, Viewer
from app.feed.models import Post, Reply
from app.feed.values import Seen
from app.media.models import Media
from app.media.presenters import MediaView, media_views
from app.web.dates import moment_in_words, on_moment
from app.web.languages import _, ngettext
from app.young_people.sharing import TeamMember, first_names, in_words, members_in, readers
from app.young_people.values import Audience


@dataclass(frozen=True, slots=True)
class ReplyLine:
    """One reply."""

    id: UUID
    who: str
    when: str
    words: str
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Thread:
    """The replies under one post, with the form for another; `reply_id` is the id that the next one will have."""

    post_id: UUID
    lines: list[ReplyLine]
    reply_id: UUID
    typed: str = ""
    problem: str | None = None
    is_own: bool = False
    may_answer: bool = True


@dataclass(frozen=True, slots=True)
class PostCard:
    """One post as its young person reads it."""

    id: UUID
    when: str
    words: str
    audience: Audience
    for_whom: str
    is_changed: bool
    seen: list[str]
    thread: Thread
    media: list[MediaView]


def threads_for(
    viewer: Viewer,
    replies: Mapping[UUID, Sequence[Reply]],
    names: Mapping[UUID, str],
    *,
    typed: str = "",
    problem: str | None = None,
    may_answer: bool = True,
) -> dict[UUID, Thread]:
    """Return what `feed/_replies.html` shows, by post; `names` from `accounts.queries.names_of`."""
    is_own = viewer.role is Role.YOUNG_PERSON
    called = first_names(names.values()) if is_own else {}
    shown = {account: called.get(name, name) for account, name in names.items()}
    return {
        post_id: Thread(
            post_id=post_id,
            lines=[_line(viewer, reply, shown) for reply in under],
            reply_id=uuid4(),
            typed=typed,
            problem=problem,
            is_own=is_own,
            may_answer=may_answer,
        )
        for post_id, under in replies.items()
    }


def _line(viewer: Viewer, reply: Reply, names: Mapping[UUID, str]) -> ReplyLine:
    is_mine = reply.author_id == viewer.account_id
    who = _("You") if is_mine else names.get(reply.author_id, _("Somebody"))
    return ReplyLine(reply.id, who, moment_in_words(reply.at), reply.words, is_mine)


def authors_of(replies: Mapping[UUID, Sequence[Reply]]) -> set[UUID]:
    return {reply.author_id for under in replies.values() for reply in under}


def post_cards(
    posts: Iterable[Post],
    threads: Mapping[UUID, Thread],
    seen: Mapping[UUID, Sequence[Seen]],
    team: Sequence[TeamMember],
    media: Mapping[UUID, Sequence[Media]],
) -> list[PostCard]:
    return [
        PostCard(
            id=post.id,
            when=moment_in_words(post.at),
            words=post.words,
            audience=post.audience,
            for_whom=readers(post.audience, team),
            is_changed=post.edited_at is not None,
            seen=seen_lines(post.audience, seen[post.id], team),
            thread=threads[post.id],
            media=media_views(media[post.id]),
        )
        for post in posts
    ]


def seen_lines(audience: Audience, seen: Sequence[Seen], team: Sequence[TeamMember]) -> list[str]:
    """Return who has opened a post and when, then who could and has not."""
    called = first_names([one.name for one in seen] + [name for _, name, _ in team])
    lines = [_("%(name)s saw this %(when)s.", name=called[one.name], when=on_moment(one.at)) for one in seen]
    opened = {one.account_id for one in seen}
    waiting = [name for account, name in members_in(audience, team).items() if account not in opened]
    if waiting:
        lines.append(
            ngettext(
                "%(names)s has not opened it yet.",
                "%(names)s have not opened it yet.",
                len(waiting),
                names=in_words(waiting),
            )
        )
    return lines
