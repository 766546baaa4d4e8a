"""Questions about offers, sessions and places."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovSelect, GovSubmitInput, GovTextArea, GovTextInput
from wtforms import (
    BooleanField,
    Field,
    Form,
    IntegerField,
    SelectField,
    StringField,
    SubmitField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, StopValidation, ValidationError

from app import clock
from app.breaks.values import OfferDetails, SessionTimes, parse_pounds
from app.web.choices import options

MOST_WEEKS = 52
MOST_NIGHTS = 14
EARLIEST = date(2000, 1, 1)
FURTHEST = timedelta(days=3 * 365)


def parse_day(text: str) -> date:
    """Return a date from ISO text or day/month/year; raises ValueError with a sentence."""
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d %m %Y"):
        try:
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 (a calendar date has no time zone)
        except ValueError:
            continue
    raise ValueError("Type a date, such as 27/10/2026.")


def parse_time(text: str) -> time:
    """Return a time of day from 24-hour text; raises ValueError with a sentence."""
    try:
        return datetime.strptime(text.strip().replace(".", ":")[:5], "%H:%M").time()  # noqa: DTZ007 (a clock's time)
    except ValueError:
        raise ValueError("Type a time, such as 16:30.") from None


def _check(parse: object) -> object:
    def check(form: Form, field: Field) -> None:
        del form
        if not callable(parse) or not field.data:
            return
        try:
            parse(field.data)
        except ValueError as error:
            raise StopValidation(str(error)) from error

    return check


class OfferForm(FlaskForm):  # type: ignore[misc]
    """What anybody may know of an offer."""

    provider = SelectField("Who runs it", widget=GovSelect())
    name = StringField(
        "Name",
        widget=GovTextInput(),
        validators=[InputRequired("Type a name."), Length(max=120, message="Use at most 120 letters.")],
    )
    summary = StringField(
        "In one line",
        widget=GovTextInput(),
        description="What it is and when, such as: Indoor climbing, Tuesdays after school.",
        validators=[Length(max=200, message="Use at most 200 letters.")],
    )
    what_it_is_like = StringField(
        "What it is like",
        widget=GovTextArea(),
        description="For the young person: noise, how many people, toilets, food, what happens first.",
        validators=[Length(max=2000, message="Use at most 2,000 letters.")],
    )
    place = StringField(
        "Where", widget=GovTextInput(), validators=[Length(max=200, message="Use at most 200 letters.")]
    )
    cost = StringField(
        "Cost per place, in pounds",
        widget=GovTextInput(),
        description="What one place at one session costs the council. Leave it empty if you do not know.",
        validators=[Optional(), _check(parse_pounds)],
    )
    is_open = BooleanField("New young people can be given a place", widget=GovCheckboxInput(), default=True)
    submit = SubmitField("Save", widget=GovSubmitInput())

    def offer_providers(self, providers: list[tuple[str, str]]) -> None:
        """Set who may run it: (id, name)."""
        self.provider.choices = options(providers)

    def details(self) -> OfferDetails:
        words = {
            field.name: (field.data or "").strip()
            for field in (self.name, self.summary, self.what_it_is_like, self.place)
        }
        cost = parse_pounds(self.cost.data) if self.cost.data else None
        return OfferDetails(cost_per_place=cost, is_open=bool(self.is_open.data), **words)

    @property
    def provider_id(self) -> UUID:
        return UUID(self.provider.data)


class SessionForm(FlaskForm):  # type: ignore[misc]
    """When and where a session is, once or for some weeks running."""

    on = StringField(
        "Date",
        widget=GovTextInput(),
        render_kw={"type": "date", "class": "short"},
        validators=[InputRequired("Choose a date."), _check(parse_day)],
    )
    starts = StringField(
        "Starts",
        widget=GovTextInput(),
        render_kw={"type": "time"},
        validators=[InputRequired("Choose when it starts."), _check(parse_time)],
    )
    ends = StringField(
        "Ends",
        widget=GovTextInput(),
        render_kw={"type": "time"},
        validators=[InputRequired("Choose when it ends."), _check(parse_time)],
    )
    nights = IntegerField(
        "Nights away",
        widget=GovTextInput(),
        render_kw={"inputmode": "numeric"},
        description="0 if it ends on the same day.",
        default=0,
        validators=[
            InputRequired("Type a number: 0 if it ends on the same day."),
            NumberRange(0, MOST_NIGHTS, f"Type a number from 0 to {MOST_NIGHTS}."),
        ],
    )
    weeks = IntegerField(
        "How many weeks running",
        widget=GovTextInput(),
        render_kw={"inputmode": "numeric"},
        description="1 for one session; 6 for the same day and time in six weeks.",
        default=1,
        validators=[
            InputRequired("Type a number: 1 for one session."),
            NumberRange(1, MOST_WEEKS, f"Type a number from 1 to {MOST_WEEKS}."),
        ],
    )
    place = StringField(
        "Where, if not at the usual place",
        widget=GovTextInput(),
        validators=[Length(max=200, message="Use at most 200 letters.")],
    )
    who_will_be_there = StringField(
        "Who will be there",
        widget=GovTextInput(),
        description="Young people see this before they come. First names of the adults are enough.",
        validators=[Length(max=200, message="Use at most 200 letters.")],
    )
    submit = SubmitField("Add", widget=GovSubmitInput())

    def validate_on(self, field: Field) -> None:
        if not EARLIEST <= parse_day(field.data) <= clock.today() + FURTHEST:
            raise ValidationError("Choose a day from 2000 on, at most three years ahead.")

    def validate_ends(self, field: Field) -> None:
        try:
            starts, ends = parse_time(self.starts.data or ""), parse_time(field.data)
        except ValueError:
            return
        if ends <= starts and not self.nights.data:
            raise ValidationError("It ends before it starts. If it goes past midnight, say how many nights.")

    def times(self) -> SessionTimes:
        return SessionTimes(
            on=parse_day(self.on.data or ""),
            starts=parse_time(self.starts.data or ""),
            ends=parse_time(self.ends.data or ""),
            nights=self.nights.data or 0,
            weeks=self.weeks.data or 1,
        )


class PlaceForm(FlaskForm):  # type: ignore[misc]
    """Whom to give a place, and when that was decided."""

    wanted = StringField("Name", validators=[Length(max=120)])
    young_person = StringField("Young person")
    referred_on = StringField(
        "Referred on",
        widget=GovTextInput(),
        render_kw={"type": "date"},
        description="The day on which somebody decided on this place. It makes the figures on what helped fairer.",
        validators=[Optional(), _check(parse_day)],
    )

    def validate_young_person(self, field: Field) -> None:
        try:
            UUID(field.data or "")
        except ValueError:
            raise ValidationError("Search for a name, then choose a young person.") from None

    def validate_referred_on(self, field: Field) -> None:
        if not EARLIEST <= parse_day(field.data) <= clock.today():
            raise ValidationError("Choose a day that is not in the future.")

    @property
    def young_person_id(self) -> UUID:
        return UUID(self.young_person.data)

    @property
    def day(self) -> date | None:
        return parse_day(self.referred_on.data) if self.referred_on.data else None


class ProviderForm(FlaskForm):  # type: ignore[misc]
    """A new organisation."""

    name = StringField(
        "Name",
        widget=GovTextInput(),
        validators=[InputRequired("Type a name."), Length(max=120, message="Use at most 120 letters.")],
    )
    submit = SubmitField("Add the provider", widget=GovSubmitInput())
