"""Why somebody opens a record in an emergency, and what the auditor finds of it."""

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSubmitInput, GovTextArea, GovTextInput
from wtforms import RadioField, StringField, SubmitField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from app.oversight.emergency_services import LONGEST_WORDS, SHORTEST_REASON
from app.web.choices import options
from app.web.typed import with_plain_line_ends
from app.young_people.values import Verdict

TOO_LONG = f"Use at most {LONGEST_WORDS:,} letters."
TOO_SHORT = f"Say what the danger is, in {SHORTEST_REASON} letters or more."


def _as_typed(words: str | None) -> str:
    return with_plain_line_ends(words).strip()


class EmergencyForm(FlaskForm):  # type: ignore[misc]
    """Whose record, and what the danger is."""

    reference = StringField(
        "Their reference",
        widget=GovTextInput(),
        description="As the council writes it.",
        filters=[lambda words: (words or "").strip()],
        render_kw={"autocomplete": "off"},
        validators=[DataRequired("Type the reference."), Length(max=80, message="That is no reference.")],
    )
    reason = TextAreaField(
        "What is the danger, and what do you need to find out?",
        widget=GovTextArea(),
        description="Your council’s auditor reads this. Leave out names where you can.",
        filters=[_as_typed],
        validators=[
            DataRequired("Say what the danger is."),
            Length(min=SHORTEST_REASON, message=TOO_SHORT),
            Length(max=LONGEST_WORDS, message=TOO_LONG),
        ],
    )
    submit = SubmitField("Open their record", widget=GovSubmitInput())


class ReviewForm(FlaskForm):  # type: ignore[misc]
    """What the auditor finds of one emergency access."""

    verdict = RadioField(
        "Was it right to open the record?",
        widget=GovRadioInput(),
        choices=options(
            (
                (Verdict.RIGHT.value, "Yes: the reason holds"),
                (Verdict.NOT_RIGHT.value, "No, or not so much of it"),
            )
        ),
        validators=[InputRequired("Choose yes or no.")],
    )
    words = TextAreaField(
        "What you looked at, and what follows from it",
        widget=GovTextArea(),
        filters=[_as_typed],
        validators=[DataRequired("Say what you looked at."), Length(max=LONGEST_WORDS, message=TOO_LONG)],
    )
    submit = SubmitField("Save the review", widget=GovSubmitInput())

    @property
    def chosen(self) -> Verdict:
        return Verdict(self.verdict.data)
