"""What an adult writes down about a young person."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput, GovTextArea, GovTextInput
from wtforms import DateField, StringField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from app import clock

LONGEST_NOTE = 5_000
LONGEST_EVENT = 120
EARLIEST = date(1990, 1, 1)
FURTHEST = timedelta(days=730)


class DateInput(GovTextInput):  # type: ignore[misc]
    """The browser's own date field in govuk-frontend's markup (the library ships no types)."""

    input_type = "date"


def something(form: FlaskForm, field: Any) -> None:  # noqa: ANN401 (WTForms calls it with any field)
    """Refuse an answer of spaces only."""
    del form
    if not (field.data or "").strip():
        raise ValidationError("Write something first.")


class NoteForm(FlaskForm):  # type: ignore[misc]
    """A mentor's note after a visit or a call (the library ships no types)."""

    words = TextAreaField(
        "Note",
        widget=GovTextArea(),
        description="Only this young person’s mentors read notes.",
        validators=[something, Length(max=LONGEST_NOTE, message="There is room for 5,000 letters. Make it shorter.")],
    )
    submit = SubmitField("Save the note", widget=GovSubmitInput())


@dataclass(frozen=True, slots=True)
class NewLifeEvent:
    """What a valid form about a life event says."""

    on: date
    title: str


class LifeEventForm(FlaskForm):  # type: ignore[misc]
    """Something that happened, or will (the library ships no types)."""

    title = StringField(
        "What happened",
        widget=GovTextInput(),
        description="A few words, such as “Changed school”. Everybody who sees the timeline sees it, family too.",
        validators=[
            something,
            Length(max=LONGEST_EVENT, message="There is room for 120 letters. Make it shorter."),
        ],
    )
    on = DateField("When", widget=DateInput(), validators=[InputRequired("Choose the day.")])
    submit = SubmitField("Add to the timeline", widget=GovSubmitInput())

    def validate_on(self, field: DateField) -> None:
        if field.data is None:
            return
        if not EARLIEST <= field.data <= clock.today() + FURTHEST:
            raise ValidationError("Choose a day from 1990 on, at most two years ahead.")

    def details(self) -> NewLifeEvent:
        return NewLifeEvent(self.on.data or clock.today(), (self.title.data or "").strip())
