"""Council staff's directory: who the council's young people are, and who is around them."""

from uuid import UUID

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue

from app.accounts.gate import requires, viewer
from app.accounts.queries import account_in_council, accounts_of_council, names_of
from app.accounts.values import Permission
from app.audit import services as audit
from app.database import transaction
from app.web.errors import NotFoundError
from app.web.pages import go_to, page
from app.young_people import directory_presenters as presenters
from app.young_people import queries, services
from app.young_people.directory_forms import PersonForm
from app.young_people.directory_queries import tie_for, ties_of

directory = Blueprint("directory", __name__)
ON_A_PAGE = 25


@directory.route("/young-people", methods=["GET", "POST"])
@requires(Permission.DIRECTORY_READ)
def young_people() -> ResponseReturnValue:
    """List the council's young people; a name to look for comes in a form, so that no address or log holds it."""
    wanted = request.form.get("wanted", "").strip()[:120]
    number = max(request.values.get("page", 1, type=int), 1)
    with transaction():
        found = presenters.matching(queries.directory(viewer()), wanted)
        pages = -(-len(found) // ON_A_PAGE)
        number = min(number, max(pages, 1))
        shown = found[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
        ids = [person.id for person in shown]
        ties = ties_of(viewer(), ids)
        rows = presenters.directory_rows(shown, ties, names_of(viewer(), [tie.account_id for tie in ties]))
        audit.record_for_each(
            council_id=viewer().council_id,
            actor_id=viewer().account_id,
            action="directory:seen",
            young_person_ids=ids,
        )
    return page(
        "young_people/directory.html",
        block="results",
        rows=rows,
        wanted=wanted,
        count=len(found),
        number=number,
        pages=pages,
    )


@directory.route("/young-people/new", methods=["GET", "POST"])
@requires(Permission.DIRECTORY_WRITE)
def new_young_person() -> ResponseReturnValue:
    form = PersonForm()
    if form.validate_on_submit():
        try:
            with transaction():
                person = services.add_young_person(
                    council_id=viewer().council_id, details=form.details(), actor=viewer()
                )
                person_id = person.id
        except services.ReferenceIsTakenError as error:
            form.reference.errors = [str(error)]
        else:
            flash("Added. Now say who is around them.")
            return go_to("directory.record", young_person_id=person_id)
    status = 422 if request.method == "POST" else 200
    return page("young_people/directory_form.html", status=status, form=form, person=None)


@directory.get("/young-people/<uuid:young_person_id>/record")
@requires(Permission.DIRECTORY_READ)
def record(young_person_id: UUID) -> ResponseReturnValue:
    """Show who a young person is, what they need and who is around them."""
    with transaction():
        person = queries.in_directory(viewer(), young_person_id)
        services.record_identity_seen(viewer=viewer(), person=person)
        ties = ties_of(viewer(), [person.id])
        lines = presenters.tie_lines(ties, names_of(viewer(), [tie.account_id for tie in ties]))
        shown = presenters.record_page(person)
        adults = presenters.adult_choices(accounts_of_council(viewer()), ties)
    return page("young_people/directory_record.html", person=shown, ties=lines, adults=adults)


@directory.route("/young-people/<uuid:young_person_id>/record/edit", methods=["GET", "POST"])
@requires(Permission.DIRECTORY_WRITE)
def edit_young_person(young_person_id: UUID) -> ResponseReturnValue:
    """Change what the council knows; the reference stays."""
    with transaction():
        person = queries.in_directory(viewer(), young_person_id)
        shown, typed = presenters.record_page(person), presenters.typed_details(person)
        form = PersonForm(data=typed)
        del form.reference
        is_good = form.validate_on_submit()
        if is_good:
            services.update_details(person=person, details=form.details(shown.reference), actor=viewer())
        else:
            services.record_identity_seen(viewer=viewer(), person=person)
    if is_good:
        flash("Saved.")
        return go_to("directory.record", young_person_id=young_person_id)
    status = 422 if request.method == "POST" else 200
    return page("young_people/directory_form.html", status=status, form=form, person=shown)


def id_from(text: str) -> UUID:
    """Return the id that a form sent; raises NotFoundError for what is none."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFoundError from None


@directory.post("/young-people/<uuid:young_person_id>/ties")
@requires(Permission.DIRECTORY_WRITE)
def add_tie(young_person_id: UUID) -> ResponseReturnValue:
    """Put a mentor, another of the team or a parent carer around a young person, from now on."""
    chosen, _, wanted = request.form.get("account", "").partition(":")
    with transaction():
        person = queries.in_directory(viewer(), young_person_id)
        account = account_in_council(viewer(), id_from(chosen))
        tie = presenters.chosen_tie(account, wanted)
        if tie is None:
            raise NotFoundError
        services.tie_adult(person=person, account=account, tie=tie, actor=viewer())
        flash(f"{account.name} can now see what {person.known_as} shares with them.")
    return go_to("directory.record", young_person_id=young_person_id)


@directory.post("/young-people/<uuid:young_person_id>/ties/<uuid:relationship_id>/end")
@requires(Permission.DIRECTORY_WRITE)
def end_tie(young_person_id: UUID, relationship_id: UUID) -> ResponseReturnValue:
    """Take an adult out of a young person's team: from the next request they see nothing."""
    with transaction():
        services.end_relationship(relationship=tie_for(viewer(), young_person_id, relationship_id), actor=viewer())
    flash("They no longer see anything of this young person.")
    return go_to("directory.record", young_person_id=young_person_id)
