"""Questions before somebody is forgotten."""

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSubmitInput, GovTextArea, GovTextInput
from wtforms import Field, RadioField, StringField, SubmitField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from app.records.values import BASIS_WORDS, LONGEST_REASON, TO_CHOOSE, Basis
from app.web.choices import options
from app.web.typed import with_plain_line_ends

TOO_LONG = f"Use at most {LONGEST_REASON:,} letters."
NOT_TYPED = "Type the reference exactly as it stands above: nobody can be brought back."


def _as_typed(words: str | None) -> str:
    return with_plain_line_ends(words).strip()


class ProposeForm(FlaskForm):  # type: ignore[misc]
    """Why somebody is to be forgotten."""

    basis = RadioField(
        "Why",
        widget=GovRadioInput(),
        choices=options((one.value, BASIS_WORDS[one]) for one in TO_CHOOSE),
        validators=[InputRequired("Choose why.")],
    )
    reason = TextAreaField(
        "What was decided, by whom, and how you know that it is them who ask",
        widget=GovTextArea(),
        description="It is kept with the fact that they were forgotten. Leave out names where you can.",
        filters=[_as_typed],
        validators=[DataRequired("Say what was decided."), Length(max=LONGEST_REASON, message=TOO_LONG)],
    )
    submit = SubmitField("Ask a colleague to confirm", widget=GovSubmitInput())

    @property
    def chosen(self) -> Basis:
        return Basis(self.basis.data)


class ConfirmForm(FlaskForm):  # type: ignore[misc]
    """The reference, typed, says that it is meant."""

    reference = StringField("Type their reference", widget=GovTextInput(), render_kw={"autocomplete": "off"})
    submit = SubmitField("Forget them for good", widget=GovSubmitInput())

    def __init__(self, reference: str, **data: object) -> None:
        super().__init__(**data)
        self._known = reference

    def validate_reference(self, field: Field) -> None:
        if (field.data or "").strip() != self._known:
            raise ValidationError(NOT_TYPED)


class SayNoForm(FlaskForm):  # type: ignore[misc]
    """Why a young person is not forgotten, in words for them."""

    reply = TextAreaField(
        "What to tell them",
        widget=GovTextArea(),
        description="They read this. Say in plain words why not, and that they can complain to you and to the ICO.",
        filters=[_as_typed],
        validators=[DataRequired("Say why not."), Length(max=LONGEST_REASON, message=TOO_LONG)],
    )
    submit = SubmitField("Say no", widget=GovSubmitInput())
