"""HTTP for links to a one-page profile: a young person makes and stops them; whoever has a code reads and prints."""

from uuid import UUID

from flask import Blueprint, abort, flash, make_response, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.gate import open_to_everybody, requires, viewer
from app.accounts.queries import council_by_slug, council_of
from app.accounts.services import TooManyTriesError
from app.accounts.values import Permission
from app.database import transaction
from app.profiles import link_presenters, link_queries, link_services, printed
from app.profiles.link_forms import LinkForm
from app.profiles.link_values import Lasts
from app.profiles.values import PARTS, PICTURE
from app.profiles.views import shown_profile
from app.web import printing
from app.web.errors import show_error
from app.web.headers import allow_pictures_within
from app.web.languages import _, in_english_only
from app.web.pages import go_to, page
from app.web.qr import qr_picture
from app.web.refusals import only_asks
from app.young_people.queries import own_access

profile_links = Blueprint("profile_links", __name__)
NO_LONGER = "That link does not work now. It may have ended, or been stopped. Ask whoever gave it to you for a new one."


@profile_links.route("/profile/links", methods=["GET", "POST"])
@requires(Permission.PROFILE_WRITE)
def mine() -> ResponseReturnValue:
    """Show a young person their links with who used them, and make a new one; its code is shown this once."""
    access = own_access(viewer())
    profile = shown_profile(viewer(), access)
    written = [part.section for part in profile.written] if profile else []
    form = LinkForm(shown=[section.key for section in written], lasts=Lasts.WEEK.value)
    form.offer([part for part in PARTS if part in written or (part.key == PICTURE and profile and profile.picture)])
    made, problem = None, None
    if form.validate_on_submit():
        try:
            new = form.new_link
            with transaction():
                _, code = link_services.make_link(viewer=viewer(), access=access, new=new)
        except link_services.TooManyLinksError as error:
            problem = str(error)
        else:
            made = _made(code, new.for_whom)
    links = link_queries.links_of(access)
    works, past = link_presenters.link_lines(links, link_queries.openings_of(access, links))
    return page(
        "profiles/links.html",
        status=422 if problem or form.errors else 200,
        form=form,
        written=written,
        works=works,
        past=past,
        made=made,
        problem=problem,
    )


def _made(code: str, for_whom: str) -> dict[str, object]:
    address = url_for("profile_links.read", slug=council_of(viewer()).slug, _external=True)
    link = f"{address}#{code}"
    return {
        "for_whom": for_whom,
        "link": link,
        "address": address.partition("://")[2],
        "code": link_presenters.with_gaps(code),
        "qr": qr_picture(link),
    }


@profile_links.post("/profile/links/<uuid:link_id>/stop")
@requires(Permission.PROFILE_WRITE)
def stop(link_id: UUID) -> ResponseReturnValue:
    """Stop a link at once."""
    with transaction():
        link_services.stop_link(viewer=viewer(), access=own_access(viewer()), link_id=link_id)
    flash(_("Stopped. It does not open any more."))
    return go_to("profile_links.mine")


@profile_links.route("/c/<slug>/one-page", methods=["GET", "POST"])
@open_to_everybody
@in_english_only
def read(slug: str) -> ResponseReturnValue:
    """Ask for a link's code, which stands after the # and so reaches no log, then show what it leads to, or a PDF."""
    council = council_by_slug(slug) or abort(404)
    if only_asks():
        return page("profiles/link.html", council=council, code="", problem=None)
    code, is_copy = request.form.get("code", ""), request.form.get("as") == "pdf"
    if is_copy and printing.why_not():
        return show_error(503, printing.why_not())
    try:
        with transaction():
            link = link_services.open_link(
                council_id=council.id, code=code, address=request.remote_addr or "", is_copy=is_copy
            )
            if link is None:
                return page("profiles/link.html", status=422, council=council, code=code, problem=NO_LONGER)
            who = link_queries.maker_of(link)
            shown = link_presenters.linked(link, shown_profile(who, own_access(who)))
    except TooManyTriesError:
        return show_error(429)
    if is_copy:
        return printed.as_file(shown.profile, council.name)
    read = page("profiles/linked.html", shown=shown, code=code, can_print=not printing.why_not())
    return allow_pictures_within(make_response(read)) if shown.profile.picture else read
