"""HTTP for how somebody is told: which browsers, e-mail or not, and opening what the app has for them."""

from uuid import UUID

from flask import Blueprint, current_app, flash, request
from flask.typing import ResponseReturnValue

from app.accounts.gate import requires, viewer
from app.accounts.passwords import hash_token
from app.accounts.queries import own_account, own_devices
from app.accounts.values import Permission, Role
from app.accounts.views import device_cookie
from app.crypto.push_key import public_half, push_key
from app.database import transaction
from app.notifications import presenters, queries, services
from app.notifications.values import Channel, Kind, PushTarget
from app.notifications.web_push import is_set_up
from app.settings import Settings
from app.web.languages import _
from app.web.pages import go_to, page

notifications = Blueprint("notifications", __name__)


@notifications.get("/notifications")
@requires(Permission.NOTIFICATIONS_CHOOSE)
def ways() -> ResponseReturnValue:
    """Show the viewer how they are told, and let them choose."""
    return _ways()


def _ways(*, address: str | None = None, problem: str = "") -> ResponseReturnValue:
    settings: Settings = current_app.extensions["settings"]
    account = own_account(viewer())
    key = push_key(settings.push) if is_set_up(settings.push) else None
    shown = presenters.ways_view(
        account,
        queries.subscriptions_of(account.id),
        push_key=public_half(key) if key else "",
        has_mail=settings.mail is not None,
        wants_mail=bool(problem) or queries.is_wanted(account, Channel.EMAIL),
        address=queries.address_of(account) if address is None else address,
        problem=problem,
    )
    template = "notifications/mine.html" if viewer().role is Role.YOUNG_PERSON else "notifications/for_adults.html"
    return page(template, status=422 if problem else 200, ways=shown, covers=viewer().may(Permission.CONCERN_COVER))


@notifications.post("/notifications/browsers")
@requires(Permission.NOTIFICATIONS_CHOOSE)
def add_browser() -> ResponseReturnValue:
    """Let the browser in hand take push."""
    target = PushTarget(*(request.form.get(name, "") for name in ("endpoint", "p256dh", "auth")))
    token = hash_token(request.cookies.get(device_cookie(), ""))
    device_id = next((one.id for one in own_devices(viewer()) if one.token_hash == token), None)
    try:
        with transaction():
            services.add_browser(viewer=viewer(), target=target, device_id=device_id)
    except services.UnusableTargetError as error:
        return _ways(problem=str(error))
    flash(_("Saved. This one is on."))
    return go_to("notifications.ways")


@notifications.post("/notifications/browsers/<uuid:subscription_id>/forget")
@requires(Permission.NOTIFICATIONS_CHOOSE)
def forget_browser(subscription_id: UUID) -> ResponseReturnValue:
    """Send nothing to one of the viewer's browsers any more."""
    with transaction():
        found = queries.own_subscription(viewer(), subscription_id)
        services.forget_browser(subscription=found, actor_id=viewer().account_id)
    flash(_("Saved. That one is off."))
    return go_to("notifications.ways")


@notifications.post("/notifications/email")
@requires(Permission.NOTIFICATIONS_CHOOSE)
def choose_email() -> ResponseReturnValue:
    """Keep whether the viewer wants e-mail, and where to for a young person."""
    address = request.form.get("address", "")
    try:
        with transaction():
            services.choose_channel(
                viewer=viewer(), channel=Channel.EMAIL, wanted="wanted" in request.form, address=address
            )
    except services.NotAnAddressError as error:
        return _ways(address=address, problem=str(error))
    flash(_("Saved. It counts from now."))
    return go_to("notifications.ways")


@notifications.post("/notifications/replies")
@requires(Permission.NOTIFICATIONS_CHOOSE)
def open_replies() -> ResponseReturnValue:
    """Take the notice of new replies off the viewer's first page, and show them."""
    with transaction():
        services.mark_seen(viewer=viewer(), kind=Kind.REPLY)
    return go_to("feed.posts" if viewer().role is Role.YOUNG_PERSON else "dashboards.caseload")
