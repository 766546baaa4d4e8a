"""HTTP for young people: what they choose to share, and the records about them."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts.gate import requires, viewer
from app.accounts.my_sign_in_presenters import passkey_lines
from app.accounts.queries import adults_among, names_of, own_device, own_devices, passkeys_of
from app.accounts.services import revoke_device
from app.accounts.values import Permission
from app.database import transaction
from app.web.languages import _
from app.web.pages import go_to, page
from app.young_people import services
from app.young_people.decision_presenters import decision_lines
from app.young_people.decision_queries import decisions_that_hold
from app.young_people.emergency_queries import OPENED
from app.young_people.queries import looks_at_own_record, own_access, own_record, sharing_decisions_of, team_of
from app.young_people.sharing import (
    audience_choices,
    look_days,
    phone_lines,
    sharing_table,
    team_lines,
)
from app.young_people.sharing_form import SharingForm

young_people = Blueprint("young_people", __name__)
LOOKED_BACK = timedelta(weeks=8)


@young_people.route("/me", methods=["GET", "POST"])
@requires(Permission.SHARING_CHOOSE)
def me() -> ResponseReturnValue:
    """Show a young person who sees what, with every choice they made, and save a new one."""
    person, access = own_record(viewer()), own_access(viewer())
    team = team_of(viewer(), access)
    form = SharingForm(
        default_audience=person.default_audience.value,
        profile_audience=person.profile_audience.value,
        shares_profile_with_providers=person.shares_profile_with_providers,
        in_group_figures=person.in_group_figures,
    )
    form.offer(audience_choices(team))
    if form.validate_on_submit():
        default_audience, profile_audience = form.audiences
        with transaction():
            services.choose_sharing(
                viewer=viewer(),
                default_audience=default_audience,
                profile_audience=profile_audience,
                shares_profile_with_providers=form.shares_profile_with_providers.data,
                in_group_figures=form.in_group_figures.data,
            )
        flash(_("Saved. It counts from now."))
        return go_to("young_people.me", _anchor="sharing")
    made, phones = sharing_decisions_of(access), own_devices(viewer())
    names = names_of(viewer(), [one.decided_by for one in made])
    holding = decision_lines(decisions_that_hold(access).values(), names)
    return page(
        "young_people/me.html",
        status=422 if form.errors else 200,
        name=access.name,
        form=form,
        audiences=audience_choices(team),
        table=sharing_table(),
        team=team_lines(team),
        decisions=decision_lines(made, names),
        for_them=[line for line in holding if line.is_for_them],
        phones=phone_lines(phones, names_of(viewer(), [one.let_in_by for one in phones if one.let_in_by])),
        passkeys=passkey_lines(passkeys_of(viewer().account_id)),
    )


@young_people.get("/me/who-looked")
@requires(Permission.OWN_TRAIL_READ)
def who_looked() -> ResponseReturnValue:
    """Show a young person which adults looked at what of theirs in the last weeks."""
    looks = looks_at_own_record(viewer(), since=clock.now() - LOOKED_BACK)
    adults = adults_among(viewer(), [look.actor_id for look in looks if look.actor_id])
    return page(
        "young_people/who_looked.html",
        days=look_days(looks, adults),
        weeks=LOOKED_BACK.days // 7,
        was_emergency=any(look.action == OPENED for look in looks),
    )


@young_people.post("/me/phones/<uuid:device_id>/forget")
@requires(Permission.SHARING_CHOOSE)
def forget_phone(device_id: UUID) -> ResponseReturnValue:
    """Let a young person shut out a phone that opens with their pictures; every phone asks for the pictures again."""
    with transaction():
        revoke_device(device=own_device(viewer(), device_id), actor=viewer())
    return go_to("accounts.welcome")
