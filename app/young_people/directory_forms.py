"""Questions about who a young person is."""

from datetime import date

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput, GovTextArea, GovTextInput
from wtforms import Field, StringField, SubmitField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app import clock
from app.young_people.values import PersonDetails

EARLIEST = date(1930, 1, 1)
WORDS = (
    "first_name",
    "last_name",
    "preferred_name",
    "pronouns",
    "sex",
    "ethnicity",
    "primary_need",
    "locality",
    "entry_route",
    "contact",
)
AT_MOST_120 = Length(max=120, message="Use at most 120 letters.")


def line(label: str, description: str = "", needed: str = "") -> StringField:
    """Return a question that takes one line; `needed` is what to say where it is empty."""
    validators = [InputRequired(needed), AT_MOST_120] if needed else [AT_MOST_120]
    return StringField(label, widget=GovTextInput(), description=description, validators=validators)


def parts(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split(";") if part.strip())


class PersonForm(FlaskForm):  # type: ignore[misc]
    """What the council knows of a young person."""

    reference = line("Reference", "The council’s own number for them.", "Type the council’s reference for them.")
    first_name = line("First name", needed="Type a first name.")
    last_name = line("Last name", needed="Type a last name.")
    preferred_name = line("Likes to be called", "Leave it empty if it is the first name.")
    pronouns = line("Pronouns")
    date_of_birth = StringField(
        "Date of birth", widget=GovTextInput(), render_kw={"type": "date"}, validators=[Optional()]
    )
    sex = line("Sex")
    ethnicity = line("Ethnicity")
    primary_need = line("SEN primary need", "Such as ASD, SEMH or MLD.")
    presenting_needs = line("Presenting needs", "Put a semicolon between them.")
    diagnoses = line("Diagnoses", "Put a semicolon between them. Providers never see them.")
    locality = line("Locality")
    entry_route = line("Came to us through")
    contact = StringField(
        "Contact",
        widget=GovTextArea(),
        description="Whom to ring or write to.",
        validators=[Length(max=400, message="Use at most 400 letters.")],
    )
    submit = SubmitField("Save", widget=GovSubmitInput())

    def validate_date_of_birth(self, field: Field) -> None:
        try:
            born = date.fromisoformat(field.data)
        except ValueError:
            raise ValidationError("Type a date of birth, such as 2012-03-27.") from None
        if not EARLIEST <= born <= clock.today():
            raise ValidationError("Type a date of birth that has been.")

    def details(self, reference: str | None = None) -> PersonDetails:
        """Return what was typed; `reference` where the form does not ask for it."""
        words = {name: (self[name].data or "").strip() for name in WORDS}
        born = self.date_of_birth.data
        return PersonDetails(
            reference=reference or (self.reference.data or "").strip(),
            **words,
            date_of_birth=date.fromisoformat(born) if born else None,
            presenting_needs=parts(self.presenting_needs.data),
            diagnoses=parts(self.diagnoses.data),
        )
