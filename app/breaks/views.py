"""Offers, their sessions, who has a place, who came, and the organisations that run them."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue

from app.accounts.gate import requires, viewer
from app.accounts.queries import account_in_council, accounts_with_role
from app.accounts.values import Permission, Role
from app.audit import services as audit
from app.breaks import presenters, queries, services
from app.breaks.forms import OfferForm, PlaceForm, ProviderForm, SessionForm
from app.breaks.values import CAME, AttendanceStatus
from app.clock import NoSuchTimeError, today
from app.database import transaction
from app.profiles.picture_queries import picture_on
from app.profiles.presenters import profile_picture
from app.profiles.queries import profile_for_provider
from app.web.errors import NotFoundError
from app.web.pages import go_to, page
from app.web.paging import Cursor, parse_cursor
from app.young_people.queries import directory, in_directory
from app.young_people.services import record_seen

breaks = Blueprint("breaks", __name__)
TO_COME = 26
PAST = 10
MOST_FOUND = 10


def keeps_records() -> bool:
    """Say whether the viewer keeps the council's records, rather than run the sessions."""
    return viewer().may(Permission.DIRECTORY_WRITE)


def status_now() -> int:
    """Return the status of a page with a form on it: 422 where what was sent did not do."""
    return 422 if request.method == "POST" else 200


@breaks.get("/offers")
@requires(Permission.OFFER_READ)
def offers() -> ResponseReturnValue:
    """List the offers: a council's staff see all, a provider's people their own."""
    rows = presenters.offer_rows(queries.offers_visible_to(viewer()), queries.next_sessions(viewer()))
    return page("breaks/offers.html", rows=rows, keeps_records=keeps_records())


@breaks.route("/offers/new", methods=["GET", "POST"])
@requires(Permission.OFFER_WRITE)
def new_offer() -> ResponseReturnValue:
    form = OfferForm()
    form.offer_providers(provider_choices())
    if form.validate_on_submit():
        try:
            with transaction():
                made = services.create_offer(
                    council_id=viewer().council_id,
                    provider_id=form.provider_id,
                    details=form.details(),
                    actor=viewer(),
                )
                offer_id = made.id
        except services.NameIsTakenError as error:
            form.name.errors = [f"{error} Choose another."]
        else:
            flash("Added. Now say when it runs.")
            return go_to("breaks.offer", offer_id=offer_id)
    return page("breaks/offer_form.html", status=status_now(), form=form, offer=None, keeps_records=keeps_records())


def provider_choices() -> list[tuple[str, str]]:
    return [(str(provider.id), provider.name) for provider in queries.providers_visible_to(viewer())]


@breaks.get("/offers/<uuid:offer_id>")
@requires(Permission.OFFER_READ)
def offer(offer_id: UUID) -> ResponseReturnValue:
    """Show one offer: what it is, its sessions to come and past, and who has a place."""
    with transaction():
        found = queries.offer_for(viewer(), offer_id)
        placements = queries.places_on(found)
        placed = [placement.young_person_id for placement in placements]
        names = presenters.names_on_a_list(queries.young_people_with(viewer(), placed))
        places = presenters.place_rows(placements, names, with_dates=keeps_records())
        audit.record_for_each(
            council_id=found.council_id, actor_id=viewer().account_id, action="places:seen", young_person_ids=placed
        )
        to_come = queries.sessions_to_come(found, TO_COME)
        past = queries.sessions_past(found, parse_cursor(request.args.get("before")), PAST + 1)
        came = queries.counts_of([*to_come, *past])
        context: dict[str, Any] = {
            "offer": presenters.offer_page(found, queries.provider_of(found)),
            "to_come": presenters.session_rows(to_come, came),
            "past": presenters.session_rows(past[:PAST], came),
            "older": Cursor(past[PAST - 1].starts_at, past[PAST - 1].id) if len(past) > PAST else None,
        }
    return page("breaks/offer.html", block="past", places=places, keeps_records=keeps_records(), **context)


@breaks.route("/offers/<uuid:offer_id>/edit", methods=["GET", "POST"])
@requires(Permission.OFFER_WRITE)
def edit_offer(offer_id: UUID) -> ResponseReturnValue:
    found = queries.offer_for(viewer(), offer_id)
    form = OfferForm(data=presenters.offer_typed(found))
    del form.provider
    if form.validate_on_submit():
        try:
            with transaction():
                changed = queries.offer_for(viewer(), offer_id)
                services.change_offer(offer=changed, details=form.details(), actor=viewer())
        except services.NameIsTakenError as error:
            form.name.errors = [f"{error} Choose another."]
        else:
            flash("Saved.")
            return go_to("breaks.offer", offer_id=offer_id)
    shown = presenters.offer_page(queries.offer_for(viewer(), offer_id), queries.provider_of(found))
    return page("breaks/offer_form.html", status=status_now(), form=form, offer=shown)


@breaks.route("/offers/<uuid:offer_id>/sessions/new", methods=["GET", "POST"])
@requires(Permission.OFFER_WRITE)
def new_session(offer_id: UUID) -> ResponseReturnValue:
    """Add a session, or the same one for some weeks running."""
    form = SessionForm()
    shown = presenters.offer_page(found := queries.offer_for(viewer(), offer_id), queries.provider_of(found))
    if form.validate_on_submit():
        try:
            with transaction():
                made = services.create_weekly_sessions(
                    offer=queries.offer_for(viewer(), offer_id),
                    times=form.times(),
                    place=(form.place.data or "").strip(),
                    who_will_be_there=(form.who_will_be_there.data or "").strip(),
                    actor=viewer(),
                )
        except services.SessionExistsError as error:
            form.on.errors = [f"{error} Choose another day or time."]
        except (NoSuchTimeError, services.BackToFrontError) as error:
            form.starts.errors = [f"{error} Choose another time."]
        else:
            flash("Added the session." if len(made) == 1 else f"Added {len(made)} sessions.")
            return go_to("breaks.offer", offer_id=offer_id)
    return page("breaks/session_form.html", status=status_now(), form=form, offer=shown)


@breaks.route("/offers/<uuid:offer_id>/places/new", methods=["GET", "POST"])
@requires(Permission.DIRECTORY_WRITE)
def place(offer_id: UUID) -> ResponseReturnValue:
    """Give a young person of the council a place: search for a name, choose, say when they were referred."""
    form, searching = PlaceForm(), request.form.get("do") == "search"
    if form.is_submitted() and not searching and form.validate():
        with transaction():
            offer = queries.offer_for(viewer(), offer_id)
            person = in_directory(viewer(), form.young_person_id)
            services.place_young_person(offer=offer, young_person_id=person.id, referred_on=form.day, actor=viewer())
            flash(f"{person.known_as} has a place on {offer.name}.")
        return go_to("breaks.offer", offer_id=offer_id)
    with transaction():
        offer = queries.offer_for(viewer(), offer_id)
        shown = presenters.offer_page(offer, queries.provider_of(offer))
        found = _search(form.wanted.data or "")
    return page(
        "breaks/place_form.html",
        block="results",
        status=422 if form.errors else 200,
        form=form,
        offer=shown,
        found=found[:MOST_FOUND],
        more=len(found) - MOST_FOUND,
        latest=today().isoformat(),
    )


def _search(wanted: str) -> list[presenters.FoundPerson]:
    """Return whom the words find; what is shown of them is written down."""
    if not wanted.strip():
        return []
    found = presenters.found_people(directory(viewer()), wanted)
    audit.record_for_each(
        council_id=viewer().council_id,
        actor_id=viewer().account_id,
        action="directory:seen",
        young_person_ids=[person.id for person in found[:MOST_FOUND]],
    )
    return found


@breaks.post("/places/<uuid:placement_id>/end")
@requires(Permission.DIRECTORY_WRITE)
def end_place(placement_id: UUID) -> ResponseReturnValue:
    """Take a young person off the registers to come."""
    with transaction():
        placement = queries.placement_for(viewer(), placement_id)
        services.end_placement(placement=placement, ended_on=today(), actor=viewer())
        offer_id = placement.offer_id
    flash("The place has ended. What was recorded stays.")
    return go_to("breaks.offer", offer_id=offer_id)


@breaks.route("/sessions/<uuid:session_id>/register", methods=["GET", "POST"])
@requires(Permission.REGISTER_WRITE)
def register(session_id: UUID) -> ResponseReturnValue:
    """Show who has a place at a session, and save who came: as often as somebody likes."""
    problem = None
    with transaction():
        session, offer = queries.session_for(viewer(), session_id)
        saved = queries.register_of(session)
        row = presenters.session_row(session)
        if request.method == "POST":
            statuses, problem = _read_register(saved)
            problem = problem if row.can_record else "You can fill in this register from the day of the session."
            if problem is None:
                services.record_register(session=session, statuses=statuses, actor=viewer())
                flash(_count_words(statuses))
        people = queries.young_people_with(viewer(), saved)
        audit.record_for_each(
            council_id=viewer().council_id,
            actor_id=viewer().account_id,
            action="register:seen",
            young_person_ids=[person.id for person in people],
        )
        lines = presenters.register_lines(saved, people, with_profiles=viewer().role is Role.PROVIDER)
        shown = presenters.offer_page(offer, queries.provider_of(offer))
    if request.method == "POST" and problem is None:
        return go_to("breaks.register", session_id=session_id)
    typed = {line.young_person_id: request.form.get(f"status-{line.young_person_id}", line.status) for line in lines}
    return page(
        "breaks/register.html",
        status=422 if problem else 200,
        problem=problem,
        session=row,
        offer=shown,
        lines=lines,
        typed=typed,
        choices=[(status.value, status.words) for status in AttendanceStatus],
    )


def _read_register(
    saved: dict[UUID, AttendanceStatus | None],
) -> tuple[dict[UUID, AttendanceStatus], str | None]:
    """Return what was answered for those on this register, and what is wrong with it; other ids count for nothing."""
    answers = {id_: request.form.get(f"status-{id_}", "") for id_ in saved}
    if any(answer and answer not in set(AttendanceStatus) for answer in answers.values()):
        return {}, "Choose one of the three answers for each young person."
    given = {id_: AttendanceStatus(answer) for id_, answer in answers.items() if answer}
    return given, None if given else "Choose an answer for at least one young person."


def _count_words(statuses: dict[UUID, AttendanceStatus]) -> str:
    came = sum(1 for status in statuses.values() if status in CAME)
    return f"Saved: {came} came, {len(statuses) - came} did not."


@breaks.get("/sessions/<uuid:session_id>/profiles/<uuid:young_person_id>")
@requires(Permission.PROFILE_READ)
def shared_profile(session_id: UUID, young_person_id: UUID) -> ResponseReturnValue:
    """Show a one-page profile to the people who run the session, where the young person lets them see it."""
    with transaction():
        session, offer = queries.session_for(viewer(), session_id)
        placed = queries.placed_with(viewer()) & set(queries.register_of(session))
        access, profile = profile_for_provider(viewer(), young_person_id, placed=placed)
        record_seen(viewer=viewer(), access=access, what="profile")
        parts = presenters.profile_parts(profile)
        picture = profile_picture(picture_on(profile), access.name)
        row, offer_name = presenters.session_row(session), offer.name
    return page(
        "breaks/profile.html", name=access.name, parts=parts, picture=picture, session=row, offer_name=offer_name
    )


@breaks.route("/providers", methods=["GET", "POST"])
@requires(Permission.DIRECTORY_WRITE)
def providers() -> ResponseReturnValue:
    """List the organisations that run short breaks and who signs in for them; add one."""
    form = ProviderForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.create_provider(
                    council_id=viewer().council_id, name=(form.name.data or "").strip(), actor=viewer()
                )
        except services.NameIsTakenError as error:
            form.name.errors = [str(error)]
        else:
            flash("Added the provider.")
            return go_to("breaks.providers")
    accounts = accounts_with_role(viewer(), Role.PROVIDER)
    rows = presenters.provider_rows(
        queries.providers_visible_to(viewer()), queries.provider_members(viewer()), accounts
    )
    return page("breaks/providers.html", status=status_now(), form=form, rows=rows)


@breaks.post("/providers/<uuid:provider_id>/members")
@requires(Permission.DIRECTORY_WRITE)
def add_member(provider_id: UUID) -> ResponseReturnValue:
    """Let somebody with a provider's account act for this provider."""
    with transaction():
        provider = queries.provider_for(viewer(), provider_id)
        account_id = request.form.get("account", type=UUID)
        if account_id is None:
            raise NotFoundError
        account = account_in_council(viewer(), account_id)
        if account.role is not Role.PROVIDER:
            raise NotFoundError
        services.add_member(provider=provider, account=account, actor=viewer())
        flash(f"{account.name} can now act for {provider.name}.")
    return go_to("breaks.providers")
