"""What an adult is asked about a call for help that they took on."""

from uuid import UUID, uuid4

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovCheckboxInput,
    GovRadioInput,
    GovSubmitInput,
    GovTextArea,
)
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    RadioField,
    SelectMultipleField,
    SubmitField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from app import clock
from app.safeguarding.decision_values import DONE_WORDS, FURTHEST_LOOK, LONGEST_WHY, Decided, Done
from app.web.choices import options
from app.web.typed import sent_id, with_plain_line_ends
from app.young_people.decision_forms import DateInput

OPEN, CLOSED = "open", "closed"


class ConcernDecisionForm(FlaskForm):  # type: ignore[misc]
    """What was done, why, and what happens now (the library ships no types)."""

    decision_id = HiddenField(default=lambda: str(uuid4()))
    done = SelectMultipleField(
        "What was done?",
        widget=GovCheckboxesInput(),
        choices=options((one.value, words) for one, words in DONE_WORDS.items()),
        validators=[InputRequired("Choose what was done, or “No further action”.")],
    )
    why = TextAreaField(
        "What was decided, and why?",
        widget=GovTextArea(),
        description="Mentors and those who cover read this. It cannot be changed later, only added to.",
        validators=[
            DataRequired("Write down what was decided, and why."),
            Length(max=LONGEST_WHY, message="There is room for 4,000 letters. Make it shorter."),
        ],
    )
    now = RadioField(
        "What happens now?",
        widget=GovRadioInput(),
        choices=options(((OPEN, "It stays open, to be looked at again"), (CLOSED, "It is closed"))),
        validators=[InputRequired("Choose whether it stays open.")],
    )
    look_again_on = DateField("Look at it again on", widget=DateInput(), validators=[Optional()])
    is_told = BooleanField(
        "The young person may be told what was done and what is next",
        widget=GovCheckboxInput(),
        description="If you tick this, they read a plain sentence for each answer above, never your own words.",
    )
    submit = SubmitField("Write it down", widget=GovSubmitInput())

    def validate_done(self, field: SelectMultipleField) -> None:
        done = set(field.data or ())
        if Done.NOTHING_MORE in done and self.now.data == OPEN:
            raise ValidationError("With no further action it is closed. Choose that, or take this away.")
        if Done.NOTHING_MORE in done and {Done.SOCIAL_CARE, Done.EMERGENCY} & done:
            raise ValidationError("A referral or a call to 999 is further action. Take one of the two away.")

    def validate_look_again_on(self, field: DateField) -> None:
        if self.now.data == CLOSED and field.data is not None:
            raise ValidationError("A closed call is not looked at again. Take the day away, or leave it open.")
        if field.data is not None and not clock.today() < field.data <= clock.today() + FURTHEST_LOOK:
            raise ValidationError("Choose a day from tomorrow on, within a year.")

    def validate_now(self, field: RadioField) -> None:
        if field.data == OPEN and not "".join(self.look_again_on.raw_data or ()).strip():
            raise ValidationError("Say below on which day it is looked at again.")

    @property
    def decided(self) -> Decided:
        """Return what a valid form says."""
        done = tuple(one for one in Done if one in (self.done.data or ()))
        again = self.look_again_on.data if self.now.data == OPEN else None
        return Decided(done, with_plain_line_ends(self.why.data), bool(self.is_told.data), again)

    @property
    def id_sent(self) -> UUID:
        return sent_id(self.decision_id.data)
