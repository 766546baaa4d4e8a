"""What a mentor writes down of a decision about who sees what, and what a young person sends about parts of a page."""

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect, GovSubmitInput, GovTextArea, GovTextInput
from wtforms import DateField, RadioField, SelectField, StringField, SubmitField, TextAreaField, ValidationError
from wtforms.validators import Length, Optional

from app import clock
from app.web.choices import options
from app.young_people.decision_values import (
    AS_PAGE,
    AS_PAGE_WORDS,
    AUDIENCES,
    FURTHEST_REVIEW,
    LONGEST_ASKED,
    LONGEST_WHY,
    PARTS,
    Decidable,
    Decided,
    Way,
)

WAYS = (
    (Way.TOGETHER, "They decided it, with me"),
    (Way.FOR_THEM, "I decided it for them, in their best interests"),
)
PART_CHOICES = options(((AS_PAGE, AS_PAGE_WORDS), *AUDIENCES))


class PartsForm(FlaskForm):  # type: ignore[misc]
    """Who sees each part of one's one page."""

    admire = SelectField(PARTS["admire"], choices=PART_CHOICES)
    important = SelectField(PARTS["important"], choices=PART_CHOICES)
    support = SelectField(PARTS["support"], choices=PART_CHOICES)
    spoken_to = SelectField(PARTS["spoken_to"], choices=PART_CHOICES)
    when_hard = SelectField(PARTS["when_hard"], choices=PART_CHOICES)
    picture = SelectField(PARTS["picture"], choices=PART_CHOICES)

    @property
    def parts(self) -> dict[str, str]:
        """Return the answer for each part."""
        return {key: self[key].data for key in PARTS}


class DateInput(GovTextInput):  # type: ignore[misc]
    """The browser's own date field in govuk-frontend's markup (the library ships no types)."""

    input_type = "date"


class DecisionForm(FlaskForm):  # type: ignore[misc]
    """How one decision was come to (the library ships no types)."""

    choice = SelectField("From now on", widget=GovSelect())
    way = RadioField("Who decided?", widget=GovRadioInput(), choices=options(WAYS))
    asked = StringField(
        "Who else was asked?",
        widget=GovTextInput(),
        description="Names, and what they are to the young person.",
        validators=[Length(max=LONGEST_ASKED, message="There is room for 200 letters. Make it shorter.")],
    )
    why = TextAreaField(
        "Why is it in their interest?",
        widget=GovTextArea(),
        description="The young person reads this. Say what they wanted themself, as far as they could say it.",
        validators=[Length(max=LONGEST_WHY, message="There is room for 1,000 letters. Make it shorter.")],
    )
    review_on = DateField("Look at it again on", widget=DateInput(), validators=[Optional()])
    submit = SubmitField("Write it down", widget=GovSubmitInput())

    def offer(self, decidable: Decidable) -> None:
        self.choice.choices = options(decidable.answers)

    def validate_asked(self, field: StringField) -> None:
        self._needed(field, "Say who was asked: nobody decides for somebody else alone.")

    def validate_why(self, field: TextAreaField) -> None:
        self._needed(field, "Say why: the young person reads it.")

    def validate_review_on(self, field: DateField) -> None:
        if field.data is None:
            return
        if not clock.today() < field.data <= clock.today() + FURTHEST_REVIEW:
            raise ValidationError("Choose a day from tomorrow on, within a year.")

    def _needed(self, field: StringField, sentence: str) -> None:
        if self.way.data == Way.FOR_THEM and not (field.data or "").strip():
            raise ValidationError(sentence)

    @property
    def decided(self) -> Decided:
        """Return how it was decided, from a valid form."""
        asked, why = (self.asked.data or "").strip(), (self.why.data or "").strip()
        return Decided(Way(self.way.data), asked, why, self.review_on.data)
