"""What mentors do for a young person: notes, life events, sign-in cards and lost phones."""

from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import services as accounts
from app.accounts.gate import requires, viewer
from app.accounts.queries import council_of
from app.accounts.values import Permission
from app.breaks.queries import open_offers_for
from app.database import transaction
from app.notifications.services import forget_browsers
from app.timeline.blueprint import timeline
from app.timeline.forms import LifeEventForm, NoteForm
from app.web.errors import NotFoundError
from app.web.pages import go_to, page
from app.web.qr import qr_picture
from app.web.refusals import only_asks
from app.young_people import services
from app.young_people.queries import account_of, young_person_for
from app.young_people.values import Access, Tie


def mentored(young_person_id: UUID) -> Access:
    """Return access to a young person whose mentor the viewer is; raises NotFoundError for anybody else."""
    access = young_person_for(viewer(), young_person_id)
    if Tie.MENTOR not in access.ties:
        raise NotFoundError
    return access


@timeline.route("/young-people/<uuid:young_person_id>/note", methods=["GET", "POST"])
@requires(Permission.NOTE_WRITE)
def write_note(young_person_id: UUID) -> ResponseReturnValue:
    """Write a note after a visit or a call; `about` in the URL names an offer that was talked about."""
    access = mentored(young_person_id)
    form = NoteForm(data={"words": talked_about(access)})
    if form.validate_on_submit():
        with transaction():
            access = mentored(young_person_id)
            services.write_note(viewer=viewer(), access=access, words=(form.words.data or "").strip())
        flash("Saved the note.")
        return go_to("timeline.timeline", young_person_id=young_person_id)
    status = 422 if request.method == "POST" else 200
    return page("young_people/note.html", status=status, form=form, access=access)


def talked_about(access: Access) -> str:
    """Return how a note begins; empty where the URL names no open offer of the young person's council."""
    about = request.args.get("about", "")
    name = next((offer.name for offer in open_offers_for(access) if str(offer.offer_id) == about), "") if about else ""
    return f"We talked about {name}. " if name else ""


@timeline.route("/young-people/<uuid:young_person_id>/life-event", methods=["GET", "POST"])
@requires(Permission.NOTE_WRITE)
def add_life_event(young_person_id: UUID) -> ResponseReturnValue:
    """Put something that happened on the time axis."""
    access, form = mentored(young_person_id), LifeEventForm()
    if form.validate_on_submit():
        new = form.details()
        with transaction():
            access = mentored(young_person_id)
            services.add_life_event(viewer=viewer(), access=access, on=new.on, title=new.title)
        flash(f"Added “{new.title}”.")
        return go_to("timeline.timeline", young_person_id=young_person_id)
    status = 422 if request.method == "POST" else 200
    return page("young_people/life_event.html", status=status, form=form, access=access)


@timeline.route("/young-people/<uuid:young_person_id>/sign-in-card", methods=["GET", "POST"])
@requires(Permission.SIGN_IN_CARD_MAKE, freshly=True)
def sign_in_card(young_person_id: UUID) -> ResponseReturnValue:
    """Explain the card; when asked, make one and show it once, since nothing keeps its code."""
    access = mentored(young_person_id)
    if only_asks():
        return page("young_people/sign_in_card.html", access=access, code=None)
    with transaction():
        access = mentored(young_person_id)
        account = account_of(access)
        if account is None:
            raise NotFoundError
        code = accounts.make_sign_in_card(account=account, actor=viewer())
        slug = council_of(viewer()).slug
    address = url_for("accounts.card", slug=slug, _external=True)
    qr = qr_picture(f"{address}#{code}")
    return page("young_people/sign_in_card.html", access=access, code=code, address=address, qr=qr)


@timeline.post("/young-people/<uuid:young_person_id>/phones/forget")
@requires(Permission.SIGN_IN_CARD_MAKE)
def forget_phones(young_person_id: UUID) -> ResponseReturnValue:
    """Forget every phone of a young person, and sign them out: for a lost phone."""
    with transaction():
        access = mentored(young_person_id)
        account = account_of(access)
        if account is None:
            raise NotFoundError
        accounts.revoke_devices(account=account, actor=viewer())
        forget_browsers(account_id=account.id, actor_id=viewer().account_id)
    flash(f"{access.name}’s phones are forgotten. A new card lets them in again.")
    return go_to("timeline.sign_in_card", young_person_id=young_person_id)
