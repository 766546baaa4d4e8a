"""What a young person sends when they check in, and when they add to a check-in."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.checkins.measures import Measure
from app.checkins.services import UnknownAnswerError
from app.checkins.values import ALL_FEELINGS, GOING_ON, LONGEST_WORDS, WHO_WITH, CheckInDetails, NewCheckIn
from app.clock import BRITAIN
from app.web.choices import options
from app.web.languages import _, _l
from app.web.typed import sent_id, sent_moment, with_plain_line_ends
from app.young_people.sharing import AudienceChoice
from app.young_people.sharing_form import audience_options
from app.young_people.values import Audience

EARLIEST_YEAR = 1990


def new_check_in(sent: Mapping[str, str], measure: str) -> NewCheckIn:
    """Return what one tap says, with the words that came along.

    Raises UnknownAnswerError where it carries no id or no number.
    """
    try:
        return NewCheckIn(
            id=UUID(sent.get("id", "")),
            measure=measure,
            answer=float(sent.get("answer", "")),
            at=sent_moment(sent),
            words=with_plain_line_ends(sent.get("words")),
        )
    except ValueError:
        raise UnknownAnswerError(_("That is not one of the answers. Choose one that is shown.")) from None


class DetailsForm(FlaskForm):  # type: ignore[misc]
    """Everything about a check-in that may be added or changed."""

    answer = RadioField(_l("How was it?"), coerce=int, validators=[InputRequired(_l("Choose one of the answers."))])
    feelings = SelectMultipleField(_l("Which words fit?"), choices=options(ALL_FEELINGS.items()))
    going_on = SelectMultipleField(_l("What’s going on?"), choices=options(GOING_ON.items()))
    who_with = SelectMultipleField(_l("Who with?"), choices=options(WHO_WITH.items()))
    words = TextAreaField(
        _l("Anything you want to say?"),
        filters=[with_plain_line_ends],
        validators=[
            Length(
                max=LONGEST_WORDS,
                message=_l("There is room for %(longest)s letters: make it shorter.", longest=f"{LONGEST_WORDS:,}"),
            )
        ],
    )
    audience = RadioField(_l("Who sees this?"))
    at = DateTimeLocalField(_l("When was this?"), validators=[Optional()])

    def validate_at(self, field: DateTimeLocalField) -> None:
        if field.data is not None and field.data.year < EARLIEST_YEAR:
            raise ValidationError(_("That is too long ago. Choose a later time."))

    def offer(self, measure: Measure, audiences: Sequence[AudienceChoice]) -> None:
        """Set the answers and audiences to choose from."""
        self.answer.choices = options((str(answer), measure.words_for(answer)) for answer in measure.answers)
        self.audience.choices = audience_options(audiences)

    def details(self, *, moment_before: datetime) -> CheckInDetails:
        """Return what was sent; a time left as it was (to the minute, on a British clock) is no change."""
        moment = self.at.data
        return CheckInDetails(
            answer=float(self.answer.data),
            at=moment.replace(tzinfo=BRITAIN).astimezone(UTC) if moment and moment != moment_before else None,
            audience=Audience(self.audience.data),
            feelings=tuple(self.feelings.data or ()),
            going_on=tuple(self.going_on.data or ()),
            who_with=tuple(self.who_with.data or ()),
            words=self.words.data,
        )


class TogetherForm(DetailsForm):
    """A check-in that a young person says and their mentor types."""

    at = None  # type: ignore[assignment]  # it is now
    id = StringField()

    def new_check_in(self, measure: Measure) -> NewCheckIn:
        return NewCheckIn(
            id=sent_id(self.id.data),
            measure=measure.code,
            answer=float(self.answer.data),
            audience=Audience(self.audience.data),
            feelings=tuple(self.feelings.data or ()),
            going_on=tuple(self.going_on.data or ()),
            who_with=tuple(self.who_with.data or ()),
            words=self.words.data or "",
        )
