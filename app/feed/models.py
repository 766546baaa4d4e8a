"""Posts, replies, and who has opened them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto.fields import SealedText
from app.database import CouncilRow, one_of
from app.young_people.models import PersonRow
from app.young_people.values import Audience


class Post(PersonRow):
    """Something a young person wrote, for the audience they chose."""

    __tablename__ = "posts"
    __table_args__ = (Index("ix_posts_young_person_id_at_id", "young_person_id", "at", "id"),)

    author_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    audience: Mapped[Audience] = mapped_column(one_of(Audience))
    at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    words = SealedText()


class Reply(PersonRow):
    """What somebody in the audience, or the young person, wrote under a post."""

    __tablename__ = "replies"

    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id"), index=True)
    author_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
    words = SealedText()


class PostSeen(CouncilRow):
    """The first time an adult opened a post."""

    __tablename__ = "post_seen"
    __table_args__ = (UniqueConstraint("post_id", "account_id"),)

    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]
