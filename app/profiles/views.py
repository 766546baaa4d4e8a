"""HTTP for the one-page profile: the young person's own, and for the adults they show it to."""

from uuid import UUID

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue

from app.accounts.gate import requires, viewer
from app.accounts.queries import council_of, names_of
from app.accounts.values import Permission, Viewer
from app.database import transaction
from app.profiles import link_presenters, link_queries, presenters, printed, queries, services
from app.profiles.forms import TogetherForm, sent_sections
from app.profiles.picture_queries import picture_on, pictures_of
from app.profiles.values import SECTION_KEYS
from app.web import printing
from app.web.errors import NotFoundError, show_error
from app.web.languages import _
from app.web.pages import go_to, page
from app.young_people.queries import own_access, own_record, record_of, team_of, young_person_for
from app.young_people.services import record_seen
from app.young_people.sharing import readers
from app.young_people.values import Access, Audience, Tie

profiles = Blueprint("profiles", __name__)


@profiles.get("/profile")
@requires(Permission.PROFILE_WRITE)
def mine() -> ResponseReturnValue:
    """Show the young person their own profile, and who else sees it."""
    access, person = own_access(viewer()), own_record(viewer())
    team = team_of(viewer(), access)
    links = link_queries.links_of(access)
    works, _ = link_presenters.link_lines(links, link_queries.openings_of(access, links))
    return page(
        "profiles/mine.html",
        links=works,
        profile=shown_profile(viewer(), access),
        goes_to=readers(person.profile_audience, team),
        apart={key: readers(Audience(chosen), team) for key, chosen in person.profile_parts.items()},
        with_providers=person.shares_profile_with_providers,
        can_print=not printing.why_not(),
    )


def shown_profile(who: Viewer, access: Access) -> presenters.ProfilePage | None:
    """Return the profile as somebody may see it, or None where there is none for them."""
    profile, person = queries.current_profile(access), record_of(access)
    names = names_of(who, [profile.typed_by]) if profile else {}
    return presenters.profile_page(
        profile, picture_on(profile), name=access.name, pronouns=person.pronouns, names=names
    )


@profiles.route("/profile/edit", methods=["GET", "POST"])
@requires(Permission.PROFILE_WRITE)
def edit() -> ResponseReturnValue:
    """Save the profile as its next version."""
    access = own_access(viewer())
    problems: dict[str, str] = {}
    if request.method == "POST":
        sections, said_by = sent_sections(request.form), request.form.get("said_by", "")
        try:
            with transaction():
                services.save_profile(viewer=viewer(), access=access, sections=sections, said_by=said_by)
        except services.TooLongError as error:
            problems = error.too_long
        else:
            flash(_("Saved."))
            return go_to("profiles.mine")
    else:
        profile = queries.current_profile(access)
        sections, said_by = (profile.sections, profile.said_by) if profile else ({}, access.name)
    return page(
        "profiles/edit.html",
        status=422 if problems else 200,
        profile_parts=presenters.parts_of(sections, problems),
        said_by=said_by,
        said_by_problem=problems.get("said_by"),
    )


@profiles.get("/profile/print")
@requires(Permission.PROFILE_WRITE)
def print_mine() -> ResponseReturnValue:
    """Show the young person's own profile as one sheet of A4."""
    profile = shown_profile(viewer(), own_access(viewer()))
    if profile is None:
        return go_to("profiles.mine")
    return page("profiles/sheet.html", profile=profile, young_person_id=None)


@profiles.get("/profile/one-page.pdf")
@requires(Permission.PROFILE_WRITE)
def pdf_of_mine() -> ResponseReturnValue:
    """Give a young person their own profile as one page of PDF."""
    profile = shown_profile(viewer(), own_access(viewer()))
    if profile is None:
        return go_to("profiles.mine")
    return printed.as_file(profile, council_of(viewer()).name)


@profiles.get("/profile/versions")
@requires(Permission.PROFILE_WRITE)
def versions() -> ResponseReturnValue:
    """Show every version of the young person's own profile."""
    found = queries.versions_of(own_access(viewer()))
    names = names_of(viewer(), [version.typed_by for version in found])
    return page("profiles/versions.html", versions=presenters.version_lines(found, pictures_of(found), names))


@profiles.get("/young-people/<uuid:young_person_id>/profile")
@requires(Permission.PROFILE_READ)
def of_young_person(young_person_id: UUID) -> ResponseReturnValue:
    """Show an adult around a young person the profile, where it is shown to them; the look is noted."""
    access = _noted(young_person_id)
    return page(
        "profiles/for_adults.html",
        profile=shown_profile(viewer(), access),
        name=access.name,
        young_person_id=young_person_id,
        can_print=not printing.why_not(),
        may_type=Tie.MENTOR in access.ties and bool(queries.parts_for(access) & SECTION_KEYS),
    )


@profiles.get("/young-people/<uuid:young_person_id>/profile/print")
@requires(Permission.PROFILE_READ)
def print_of_young_person(young_person_id: UUID) -> ResponseReturnValue:
    """Show an adult around a young person the profile as one sheet of A4; the look is noted."""
    profile = shown_profile(viewer(), _noted(young_person_id))
    if profile is None:
        raise NotFoundError
    return page("profiles/sheet.html", profile=profile, young_person_id=young_person_id)


@profiles.get("/young-people/<uuid:young_person_id>/profile/one-page.pdf")
@requires(Permission.PROFILE_READ, freshly=True)
def pdf_of_young_person(young_person_id: UUID) -> ResponseReturnValue:
    """Give an adult around a young person the profile as one page of PDF; the look is noted."""
    profile = shown_profile(viewer(), _noted(young_person_id))
    if profile is None:
        raise NotFoundError
    return printed.as_file(profile, council_of(viewer()).name)


@profiles.route("/young-people/<uuid:young_person_id>/profile/edit", methods=["GET", "POST"])
@requires(Permission.PROFILE_TYPE)
def type_together(young_person_id: UUID) -> ResponseReturnValue:
    """Let a mentor type what a young person says of themself: the parts that they see, no others; the look is noted."""
    access = young_person_for(viewer(), young_person_id)
    shown = queries.parts_for(access) & SECTION_KEYS
    if Tie.MENTOR not in access.ties or not shown:
        raise NotFoundError
    profile = queries.current_profile(access)
    form = TogetherForm(data={**(profile.sections if profile else {}), "said_by": access.name})
    form.offer(shown)
    if form.validate_on_submit():
        sections, said_by = form.parts, form.said_by.data or ""
        try:
            with transaction():
                services.save_profile(viewer=viewer(), access=access, sections=sections, said_by=said_by)
        except services.TooLongError as error:
            form.show(error.too_long)
        else:
            flash(f"Saved, as said by {said_by.strip() or access.name} and typed by you.")
            return go_to("profiles.of_young_person", young_person_id=young_person_id)
    _noted(young_person_id)
    status = 422 if request.method == "POST" else 200
    return page("profiles/together.html", status=status, form=form, access=access, all_of_it=shown >= SECTION_KEYS)


@profiles.errorhandler(printing.CannotPrintError)
def cannot_print(error: printing.CannotPrintError) -> ResponseReturnValue:
    """Say why there is no PDF."""
    return show_error(503, str(error))


def _noted(young_person_id: UUID) -> Access:
    with transaction():
        access = young_person_for(viewer(), young_person_id)
        record_seen(viewer=viewer(), access=access, what="profile")
    return access
