"""HTTP for what hangs on an entry: adding it, the page of one, its bytes, taking it away and putting it back."""

import io
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, flash, make_response, request, send_file, url_for
from flask.typing import ResponseReturnValue

from app.accounts.gate import requires, viewer
from app.accounts.values import Permission, Role
from app.attachments import queries, services
from app.attachments.forms import DescriptionForm, WordlessPostForm
from app.attachments.presenters import kinds_to_add, who_will_see
from app.database import transaction
from app.feed.services import write_post
from app.media.cleaning import clean, received
from app.media.presenters import media_view
from app.media.queries import contents_of, place_of
from app.media.scanning import checked
from app.media.services import describe, record_media_seen
from app.media.values import CONTENT_TYPES, LONGEST_VOICE_NOTE, HangsOn, MediaKind, NotTakenError, Place
from app.profiles.picture_queries import picture_place
from app.profiles.picture_services import NewPicture
from app.web.errors import NotFoundError
from app.web.headers import FILE_POLICY, allow_previews
from app.web.languages import _, _l
from app.web.pages import go_to, page
from app.web.typed import sent_id
from app.web.uploads import LARGEST_FILE, sent_file, takes_a_file
from app.young_people.queries import own_access, own_record, team_of
from app.young_people.sharing import audience_choices
from app.young_people.values import Access

ADDED = {
    MediaKind.PHOTO: _l("Photo added."),
    MediaKind.DRAWING: _l("Drawing added."),
    MediaKind.VOICE: _l("Voice note added."),
}
attachments = Blueprint("attachments", __name__)
attachments.add_app_template_global(kinds_to_add)
KINDS = "<any(photo,drawing,voice):kind>"


@attachments.route(f"/check-ins/<uuid:check_in_id>/add/{KINDS}", methods=["GET", "POST"])
@requires(Permission.MEDIA_ADD)
@takes_a_file
def add_to_check_in(check_in_id: UUID, kind: str) -> ResponseReturnValue:
    """Add to a check-in of one's own."""
    return _add(MediaKind(kind), lambda: queries.own_entry(viewer(), HangsOn.CHECK_IN, check_in_id))


@attachments.route(f"/posts/<uuid:post_id>/add/{KINDS}", methods=["GET", "POST"])
@requires(Permission.MEDIA_ADD)
@takes_a_file
def add_to_post(post_id: UUID, kind: str) -> ResponseReturnValue:
    """Add to a post of one's own."""
    return _add(MediaKind(kind), lambda: queries.own_entry(viewer(), HangsOn.POST, post_id))


@attachments.route("/profile/add/<any(photo,drawing):kind>", methods=["GET", "POST"])
@requires(Permission.MEDIA_ADD)
@takes_a_file
def add_to_profile(kind: str) -> ResponseReturnValue:
    """Put a picture on one's own one-page profile, instead of the one that is there."""
    return _add(MediaKind(kind), lambda: picture_place(own_access(viewer())))


def _add(kind: MediaKind, find: Callable[[], Place]) -> ResponseReturnValue:
    form, place = DescriptionForm(id=str(uuid4())), find()
    if form.validate_on_submit() and _kept(form, kind, find):
        return _go_back(place)
    return _form_page(form, kind, back=_entry_url(place), goes_to=who_will_see(viewer(), place))


@attachments.route(f"/posts/new/{KINDS}", methods=["GET", "POST"])
@requires(Permission.MEDIA_ADD)
@takes_a_file
def post_without_words(kind: str) -> ResponseReturnValue:
    """Make a post that is a photo, a drawing or a voice note; it has the id of what hangs on it."""
    access = own_access(viewer())
    choices = audience_choices(team_of(viewer(), access))
    chosen = request.args.get("audience") or own_record(viewer()).default_audience.value
    form = WordlessPostForm(id=str(uuid4()), audience=chosen)
    form.offer(choices)
    place = Place(access.council_id, access.young_person_id, HangsOn.POST, sent_id(form.id.data))

    def post() -> Place:
        write_post(
            viewer=viewer(),
            access=own_access(viewer()),
            words="",
            audience=form.chosen,
            post_id=place.entry_id,
            needs_words=False,
        )
        return place

    if form.validate_on_submit() and _kept(form, MediaKind(kind), post):
        return _go_back(place)
    return _form_page(form, MediaKind(kind), back=(_("My posts"), url_for("feed.write")), audiences=choices)


def _kept(form: DescriptionForm, kind: MediaKind, find: Callable[[], Place]) -> bool:
    """Clean what was sent and keep it where `find` says; False where it cannot be taken, the reason in the form."""
    try:
        cleaned = clean(checked(received(sent_file())), kind)
        with transaction():
            new = NewPicture(sent_id(form.id.data), kind, cleaned, form.description.data or "")
            services.keep(viewer=viewer(), place=find(), new=new)
    except NotTakenError as error:
        form.file_problem = str(error)
        return False
    flash(str(ADDED[kind]))
    return True


def _form_page(form: DescriptionForm, kind: MediaKind, **more: Any) -> ResponseReturnValue:  # noqa: ANN401 (a template’s context)
    status = 422 if request.method == "POST" else 200
    more |= {"form": form, "kind": kind, "largest": LARGEST_FILE, "longest": LONGEST_VOICE_NOTE}
    made = page("attachments/add.html", block="problems", status=status, **more)
    return allow_previews(make_response(made), microphone=kind is MediaKind.VOICE)


def _entry_url(place: Place) -> tuple[str, str]:
    """Return what an entry of one's own is called on the way back to it, and where it is."""
    if place.hangs_on is HangsOn.CHECK_IN:
        return _("Your check-in"), url_for("checkins.one", check_in_id=place.entry_id)
    if place.hangs_on is HangsOn.PROFILE:
        return _("My one page"), url_for("profiles.mine")
    return _("My posts"), url_for("feed.posts", show=place.entry_id, _anchor=f"post-{place.entry_id}")


def _go_back(place: Place) -> ResponseReturnValue:
    if place.hangs_on is HangsOn.CHECK_IN:
        return go_to("checkins.one", check_in_id=place.entry_id)
    if place.hangs_on is HangsOn.PROFILE:
        return go_to("profiles.mine")
    return go_to("feed.posts", show=place.entry_id, _anchor=f"post-{place.entry_id}")


@attachments.route("/media/<uuid:media_id>", methods=["GET", "POST"])
@requires(Permission.MEDIA_READ)
def one(media_id: UUID) -> ResponseReturnValue:
    """Show one large, with what is said of it; its young person may say it anew."""
    access, media = _seen(media_id)
    form = DescriptionForm(description=media.description)
    if request.method == "POST" and not access.is_self:
        raise NotFoundError
    if form.validate_on_submit():
        with transaction():
            media = queries.own_media(viewer(), media_id)
            describe(viewer=viewer(), media=media, description=form.description.data or "")
            place = place_of(media)
        flash(_("Saved."))
        return _go_back(place)
    return page(
        "attachments/one.html",
        status=422 if request.method == "POST" else 200,
        media=media_view(media),
        form=form,
        name=access.name,
        is_self=access.is_self,
        back=_entry_url(place_of(media)) if access.is_self else _their_url(access, media.hangs_on),
    )


def _their_url(access: Access, hangs_on: HangsOn) -> tuple[str, str]:
    """Return where an adult goes back to from what somebody else made."""
    if viewer().role is Role.PROVIDER:
        return "your offers", url_for("breaks.offers")
    if hangs_on is HangsOn.PROFILE:
        page_of = url_for("profiles.of_young_person", young_person_id=access.young_person_id)
        return f"{access.name} on one page", page_of
    return f"{access.name}’s timeline", url_for("timeline.timeline", young_person_id=access.young_person_id)


@attachments.get("/media/<uuid:media_id>/file")
@requires(Permission.MEDIA_READ)
def file(media_id: UUID) -> ResponseReturnValue:
    """Give the bytes, or a range of them."""
    _, media = _seen(media_id)
    return _file(contents_of(media), media.facts.get("content_type", ""), media.kind)


@attachments.get("/media/<uuid:media_id>/small")
@requires(Permission.MEDIA_READ)
def small(media_id: UUID) -> ResponseReturnValue:
    """Give a picture's thumbnail."""
    _, media = _seen(media_id)
    return _file(media.thumbnail, "image/webp", media.kind)


def _seen(media_id: UUID) -> queries.SeenMedia:
    """Return media that the viewer may see, and write down that they looked where it is somebody else's."""
    seen = queries.media_visible_to(viewer(), media_id)
    if not seen.access.is_self:
        with transaction():
            seen = queries.media_visible_to(viewer(), media_id)
            record_media_seen(viewer=viewer(), media=seen.media)
    return seen


def _file(contents: bytes, content_type: str, kind: MediaKind) -> ResponseReturnValue:
    """Answer with bytes that a browser neither runs nor guesses about, wherever they are opened."""
    ending = CONTENT_TYPES.get(content_type)
    if not contents or ending is None:
        raise NotFoundError
    name = f"{kind.words.lower().replace(' ', '-')}.{ending}"
    response = send_file(io.BytesIO(contents), content_type, as_attachment=True, download_name=name, etag=False)
    response.headers["Content-Security-Policy"] = FILE_POLICY
    return response


@attachments.post("/media/<uuid:media_id>/take-away")
@requires(Permission.MEDIA_ADD)
def take_away(media_id: UUID) -> ResponseReturnValue:
    """Take one's own off every page, and offer to put it back."""
    with transaction():
        media = queries.own_media(viewer(), media_id)
        services.take_away(viewer=viewer(), media=media)
        place, kind = place_of(media), media.kind
    back = _entry_url(place)
    return page("attachments/taken_away.html", media_id=media_id, kind=kind, back=back)


@attachments.post("/media/<uuid:media_id>/put-back")
@requires(Permission.MEDIA_ADD)
def put_back(media_id: UUID) -> ResponseReturnValue:
    """Undo taking away."""
    place = place_of(queries.own_media(viewer(), media_id))
    try:
        with transaction():
            services.put_back(viewer=viewer(), media=queries.own_media(viewer(), media_id))
    except NotTakenError as error:
        flash(str(error))
    else:
        flash(_("Put back."))
    return _go_back(place)
