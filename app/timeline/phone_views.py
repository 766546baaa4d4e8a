"""A mentor lets a young person’s new phone in, by the numbers that the phone shows."""

from uuid import UUID

from flask import flash, request
from flask.typing import ResponseReturnValue

from app.accounts import letting_in_services as services
from app.accounts.gate import requires, viewer
from app.accounts.services import TooManyTriesError
from app.accounts.values import Permission
from app.database import transaction
from app.timeline.blueprint import timeline
from app.timeline.forms import LetInForm
from app.timeline.team_views import mentored
from app.web.dates import on_moment
from app.web.errors import NotFoundError
from app.web.pages import go_to, page
from app.young_people.queries import accesses_around, account_of
from app.young_people.values import Tie

NO_PHONE = "No phone shows these numbers now. Look again: they last ten minutes, and work once."
TOO_MANY = "Too many tries. Wait 15 minutes, then try again."


@timeline.route("/let-a-phone-in", methods=["GET", "POST"])
@requires(Permission.SIGN_IN_CARD_MAKE, freshly=True)
def let_phone_in() -> ResponseReturnValue:
    """Find the phone by its numbers, say what it is and when it asked, then let it in as one of the mentor's own."""
    form, problem, asked = LetInForm(), None, ""
    form.offer([one for one in accesses_around(viewer()) if Tie.MENTOR in one.ties])
    is_found = False
    if request.method == "POST" and form.has_code():
        try:
            with transaction():
                found = services.find_request(viewer=viewer(), code=form.code.data or "")
                if found is not None:
                    is_found = True
                    asked = f"{found.browser or 'A phone'}. It asked {on_moment(found.made_at)}."
        except TooManyTriesError:
            problem = TOO_MANY
        else:
            problem = None if is_found else NO_PHONE
        if is_found and request.form.get("do") == "let-in" and form.has_person():
            return _let_in(form.code.data or "", UUID(form.whose.data))
    return page(
        "young_people/let_in.html",
        status=422 if problem or form.errors else 200,
        form=form,
        problem=problem,
        is_found=is_found,
        asked=asked,
    )


def _let_in(code: str, young_person_id: UUID) -> ResponseReturnValue:
    with transaction():
        access = mentored(young_person_id)
        account, found = account_of(access), services.find_request(viewer=viewer(), code=code)
        if account is None or found is None:
            raise NotFoundError
        services.let_in(viewer=viewer(), request=found, account=account)
    flash(f"Let in, as {access.name}’s. They tap their four pictures on it now.")
    return go_to("timeline.sign_in_card", young_person_id=young_person_id)
