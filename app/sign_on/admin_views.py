"""The administrator's page about a council's provider: how it is reached, whom it signs in, whom to invite."""

from uuid import UUID

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from app.accounts.gate import requires, viewer
from app.accounts.queries import account_in_council, accounts_of_council, council_of
from app.accounts.values import Permission
from app.database import transaction
from app.sign_on import queries, services
from app.sign_on.forms import ProviderForm
from app.sign_on.presenters import person_lines
from app.sign_on.values import NOT_INSTALLED, AccountInUseError, NotAProviderError, is_installed
from app.web.pages import go_to, page
from app.web.refusals import only_asks

sign_on_admin = Blueprint("sign_on_admin", __name__)
IN_USE = "Somebody signs in to this account already: they connect it themselves, under “My sign-in”."


@sign_on_admin.route("/single-sign-on", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MANAGE, freshly=True)
def set_up() -> ResponseReturnValue:
    """Show the council's provider, and keep what is changed once the provider has answered."""
    provider, form, status = queries.provider_of(viewer().council_id), ProviderForm(), 200
    if not is_installed():
        return page("sign_on/set_up.html", missing=NOT_INSTALLED, form=form, back="", people=[])
    if only_asks():
        form.fill(provider.details if provider else None)
    elif form.validate() and _is_saved(form, provider.issuer if provider else None):
        flash("Saved. Your provider answers.")
        return go_to("sign_on_admin.set_up")
    else:
        status = 422
    council = council_of(viewer())
    people = (
        person_lines(
            provider,
            accounts_of_council(viewer()),
            queries.bound_accounts(viewer()),
            queries.invited_accounts(viewer()),
        )
        if provider
        else []
    )
    back = url_for("sign_on.answer", slug=council.slug, _external=True)
    return page("sign_on/set_up.html", status=status, missing="", form=form, back=back, people=people)


def _is_saved(form: ProviderForm, issuer_before: str | None) -> bool:
    """Keep what a form says; where the provider does not answer, say so beside the issuer.

    A secret goes to nobody but the issuer that it was typed for.
    """
    from app.sign_on.openid import discover, forget_what_is_known  # noqa: PLC0415 (the extra `sso` may be missing)

    details = form.details()
    if details.issuer != issuer_before and details.secret is None:
        form.secret.errors = ["Type the client secret for this issuer."]
        return False
    try:
        if details.is_open:
            discover(details.issuer)
    except NotAProviderError as error:
        form.issuer.errors = [str(error)]
        return False
    forget_what_is_known(details.issuer)
    with transaction():
        services.set_up(council_id=viewer().council_id, details=details, actor=viewer())
    return True


@sign_on_admin.post("/single-sign-on/invitations/<uuid:account_id>")
@requires(Permission.ACCOUNT_MANAGE, freshly=True)
def invite(account_id: UUID) -> ResponseReturnValue:
    """Invite an account that nobody has signed in to yet."""
    try:
        with transaction():
            account = account_in_council(viewer(), account_id)
            services.invite(account=account, actor=viewer())
            name = account.name
    except AccountInUseError:
        flash(IN_USE)
    else:
        flash(f"{name} is invited for two weeks. They sign in with the button on the sign-in page.")
    return go_to("sign_on_admin.set_up")
