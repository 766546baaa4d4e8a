"""What an adult writes down about a young person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSubmitInput, GovTextArea, GovTextInput
from wtforms import DateField, RadioField, StringField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from app import clock
from app.accounts.letting_in_services import CODE_DIGITS
from app.web.choices import options
from app.young_people.values import Access

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


class LetInForm(FlaskForm):  # type: ignore[misc]
    """The numbers that a phone shows, and whose phone it is (the library ships no types)."""

    code = StringField(
        "The six numbers on the phone",
        widget=GovTextInput(),
        description="Read them off the phone yourself, or ring a number that you know is theirs.",
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": "12"},
    )
    whose = RadioField("Whose phone is it?", widget=GovRadioInput())
    offered: dict[str, str]

    def offer(self, people: Iterable[Access]) -> None:
        """Offer the mentor's own young people."""
        self.offered = {str(one.young_person_id): one.name for one in people}
        self.whose.choices = options(self.offered.items())

    def has_code(self) -> bool:
        """Say whether six numbers were typed, else say so beside the field."""
        typed = "".join(filter(str.isdigit, self.code.data or ""))
        self.code.errors = [] if len(typed) == CODE_DIGITS else ["Type all six numbers."]
        return not self.code.errors

    def has_person(self) -> bool:
        """Say whether one of the young people was chosen, else say so beside the field."""
        self.whose.errors = [] if self.whose.data in self.offered else ["Choose whose phone it is."]
        return not self.whose.errors
