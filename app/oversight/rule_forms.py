"""A council's questions about calls for help: what is looked for, when somebody is there, and who covers."""

from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovRadioInput,
    GovSubmitInput,
    GovTextArea,
    GovTextInput,
)
from wtforms import Field, IntegerField, RadioField, SelectMultipleField, StringField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, NumberRange, ValidationError

from app.safeguarding.cover import PARTS, Hours
from app.safeguarding.phrases import alike
from app.safeguarding.values import LONGEST_PHRASE, MOST_PHRASES, Rules, as_phrases
from app.web.choices import options
from app.web.dates import WEEKDAYS

LONGEST_WITHIN = 40
AS_OTHER_DAYS = "as-other-days"

NEITHER = "Type both times, or leave both empty."


def _is_time(_: FlaskForm, field: Field) -> None:
    if field.data:
        _at(field.data)


def _span_ends(form: FlaskForm, field: Field) -> None:
    """Refuse half a span, and one that ends before it begins; `field`: the day's `closes_`."""
    opens, closes = (form[f"{which}_{field.name.rpartition('_')[2]}"] for which in ("opens", "closes"))
    if bool(opens.data) != bool(closes.data):
        raise ValidationError(NEITHER)
    if opens.data and not opens.errors and _at(opens.data) >= _at(closes.data):
        raise ValidationError("It has to end after it begins.")


class RulesForm(FlaskForm):  # type: ignore[misc]
    """What a council looks for, and its hours of cover (the library ships no types)."""

    phrases = TextAreaField(
        "Phrases to look for, one in each line",
        widget=GovTextArea(),
        description="Other spellings are found by themselves (k1ll, kil my self). Leave it empty to look for none.",
    )
    closed = TextAreaField(
        "Dates without cover, one in each line",
        widget=GovTextArea(),
        description="Training days and the like, such as 2026-12-23.",
    )
    closed_on = RadioField(
        "Bank holidays",
        widget=GovRadioInput(),
        choices=options(
            (
                ("ENG", "No cover on those of England and Wales"),
                ("SCT", "No cover on those of Scotland"),
                ("NIR", "No cover on those of Northern Ireland"),
                (AS_OTHER_DAYS, "They have cover as other days do"),
            )
        ),
        default="ENG",
        validators=[InputRequired("Choose one.")],
    )
    within = IntegerField(
        "A mentor has to have it within so many hours of cover",
        widget=GovTextInput(),
        validators=[
            InputRequired("Type within how many hours a mentor has to have it."),
            NumberRange(1, LONGEST_WITHIN, "Type a whole number from 1 to 40."),
        ],
    )
    cover = SelectMultipleField(
        "Who is asked after that, and where there is no mentor",
        widget=GovCheckboxesInput(),
        description="They see the call for help and the sentence in question. Young people read their names.",
        validators=[InputRequired("Choose one person or more.")],
    )
    submit = SubmitField("Save", widget=GovSubmitInput())

    def offer(self, people: Iterable[tuple[str, str]]) -> None:
        self.cover.choices = options(people)

    @property
    def days(self) -> list[tuple[Field, Field]]:
        """Return the two questions of each day of the week."""
        return [(self[f"opens_{day}"], self[f"closes_{day}"]) for day in range(len(WEEKDAYS))]

    def fill(self, rules: Rules) -> None:
        """Show the rules as they are."""
        self.phrases.data = "\n".join(rules.phrases)
        for day, span in rules.hours.spans.items():
            for which, at in zip(("opens", "closes"), span, strict=True):
                self[f"{which}_{day}"].data = at.isoformat("minutes")
        self.closed.data = "\n".join(sorted(day.isoformat() for day in rules.hours.closed))
        self.closed_on.data = rules.hours.closed_on or AS_OTHER_DAYS
        self.within.data = int(rules.within / timedelta(hours=1))
        self.cover.data = [str(one) for one in rules.cover]

    def validate_phrases(self, field: Field) -> None:
        found = as_phrases((field.data or "").splitlines())
        if len(found) > MOST_PHRASES:
            raise ValidationError(f"There is room for {MOST_PHRASES} phrases.")
        for phrase in found:
            if len(phrase) > LONGEST_PHRASE:
                raise ValidationError(f"Make this shorter: {phrase[:LONGEST_PHRASE]}…")
            if not alike(phrase):
                raise ValidationError(f"There are no letters in this: {phrase}")

    def validate_within(self, _: Field) -> None:
        if not any(self[f"{which}_{day}"].data for day in range(len(WEEKDAYS)) for which in ("opens", "closes")):
            raise ValidationError("Give hours for one day or more, above.")

    def validate_closed(self, field: Field) -> None:
        for line in (field.data or "").split():
            try:
                date.fromisoformat(line)
            except ValueError:
                raise ValidationError(f"Type dates such as 2026-12-25, not {line}.") from None

    @property
    def rules(self) -> Rules:
        """Return the rules of a valid form."""
        both = {day: (self[f"opens_{day}"].data, self[f"closes_{day}"].data) for day in range(len(WEEKDAYS))}
        spans = {day: (_at(opens), _at(closes)) for day, (opens, closes) in both.items() if opens and closes}
        dates = frozenset(date.fromisoformat(line) for line in (self.closed.data or "").split())
        hours = Hours(spans, dates, self.closed_on.data if self.closed_on.data in PARTS else "")
        phrases = as_phrases((self.phrases.data or "").splitlines())
        within = timedelta(hours=self.within.data or 1)
        return Rules(phrases, hours, within, frozenset(UUID(one) for one in self.cover.data or ()))


def _at(typed: str) -> time:
    try:
        return time.fromisoformat(typed)
    except ValueError:
        raise ValidationError("Type a time, such as 09:00.") from None


def _time_field(words: str, validators: list[Any]) -> StringField:
    return StringField(words, widget=GovTextInput(), render_kw={"type": "time"}, validators=validators)


for _day, _name in enumerate(WEEKDAYS):
    setattr(RulesForm, f"opens_{_day}", _time_field(f"{_name}, from", [_is_time]))
    setattr(RulesForm, f"closes_{_day}", _time_field(f"{_name}, to", [_is_time, _span_ends]))
