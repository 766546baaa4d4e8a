"""Delivering what waits in the outbox: claim, send, write down; safe from any number of machines at once."""

from collections.abc import Sequence
from uuid import UUID

from flask import current_app

from app import clock
from app.database import transaction
from app.notifications.mail import send_mail
from app.notifications.outbox import claim, settle
from app.notifications.queries import waiting_before
from app.notifications.values import ONLY_BY_EMAIL, Channel, Claimed, Delivered, Result
from app.notifications.web_push import is_set_up
from app.settings import Settings


def deliver() -> Delivered:
    """Send everything whose time has come, one letter for each account (`ONLY_BY_EMAIL` apart); in own transactions."""
    groups: dict[tuple[object, ...], list[UUID]] = {}
    for notice_id, account_id, channel, kind in waiting_before(clock.now()):
        is_shared = channel is Channel.EMAIL and kind not in ONLY_BY_EMAIL
        key = (account_id, channel) if is_shared else (notice_id,)
        groups.setdefault(key, []).append(notice_id)
    results = [result for ids in groups.values() if (result := _deliver(ids)) is not None]
    sent = results.count(Result.TAKEN)
    return Delivered(sent, len(results) - sent)


def _deliver(ids: Sequence[UUID]) -> Result | None:
    with transaction():
        claimed = claim(ids, clock.now())
    if not claimed:
        return None
    result = _send(claimed)
    with transaction():
        settle(claimed, result, clock.now())
    return result


def _send(claimed: Sequence[Claimed]) -> Result:
    settings: Settings = current_app.extensions["settings"]
    if claimed[0].channel is Channel.PUSH:
        if settings.push is None or not is_set_up(settings.push):
            return Result.TRY_AGAIN
        from app.notifications.push_transport import send_push  # noqa: PLC0415 (its libraries are an extra)

        return send_push(claimed[0], settings.push)
    if settings.mail is None:
        return Result.TRY_AGAIN
    return send_mail(claimed, settings.mail, settings.public_address)
