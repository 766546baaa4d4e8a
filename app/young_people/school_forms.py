"""Questions about one week of school."""

from datetime import date

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovSubmitInput, GovTextInput
from wtforms import BooleanField, IntegerField, StringField, SubmitField
from wtforms.validators import Optional, StopValidation

from app.young_people.school import NotAWeekError, SchoolWeekSaid, monday_of

NUMBER = {"inputmode": "numeric"}


class WholeNumber(IntegerField):
    """A number typed in digits, with a sentence where it is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Type a whole number, such as 7.") from None


class SchoolWeekForm(FlaskForm):  # type: ignore[misc]
    """How much of one week somebody was in school (the library ships no types)."""

    week = StringField(
        "Week",
        widget=GovTextInput(),
        render_kw={"type": "date"},
        description="Any day of it.",
    )
    possible = WholeNumber(
        "Possible sessions",
        widget=GovTextInput(),
        render_kw=NUMBER,
        description="Half days, often 10.",
        validators=[Optional()],
    )
    attended = WholeNumber(
        "Sessions attended",
        widget=GovTextInput(),
        render_kw=NUMBER,
        description="Half days, too.",
        validators=[Optional()],
    )
    full_time = BooleanField(
        "Full time: a full timetable. Without numbers it means all of it.", widget=GovCheckboxInput()
    )
    submit = SubmitField("Save the week", widget=GovSubmitInput())

    def validate_week(self, field: StringField) -> None:
        try:
            date.fromisoformat(field.data or "")
        except ValueError:
            raise StopValidation("Choose a day.") from None

    def said(self) -> SchoolWeekSaid:
        day = date.fromisoformat(self.week.data or "")
        return SchoolWeekSaid(
            monday_of(day), self.possible.data, self.attended.data, full_time=bool(self.full_time.data)
        )

    def refuse(self, error: NotAWeekError) -> None:
        """Show beside its question what cannot be kept."""
        self[error.field].errors = [str(error)]
