"""What the tests of notices share."""

from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import select, update

from app.accounts.values import Viewer
from app.database import db, transaction
from app.notifications.models import Notice
from app.notifications.services import add_browser, notify
from app.notifications.values import Kind
from tests.capabilities.notifications.services_of_the_world import Browser, PushService


def take_push(viewer: Viewer, service: PushService, name: str = "phone") -> Browser:
    """Let a browser of the viewer's take push."""
    browser = Browser(name)
    with transaction():
        add_browser(viewer=viewer, target=browser.target(service.url), device_id=None)
    return browser


def tell(viewer: Viewer, kind: Kind = Kind.PROMPT) -> UUID:
    """Put one event into the outbox; return what it is about."""
    about_id = uuid4()
    with transaction():
        notify(account_id=viewer.account_id, kind=kind, about_id=about_id)
    return about_id


def let_pass(by: timedelta) -> None:
    """Let every notice have been made, and tried, that much earlier."""
    for notice in notices():
        moved = {"made_at": notice.made_at - by, "next_try_at": notice.next_try_at - by}
        db.session.execute(update(Notice).where(Notice.id == notice.id).values(moved))
    db.session.commit()


def notices() -> list[Notice]:
    db.session.rollback()
    return list(db.session.execute(select(Notice).order_by(Notice.made_at, Notice.channel)).scalars())
