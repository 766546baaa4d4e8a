"""What is sent when somebody sets or changes a goal."""

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, StringField
from wtforms.validators import Optional

from app.goals.services import UnknownRatingError
from app.web.languages import _, _l
from app.young_people.sharing import AudienceChoice
from app.young_people.sharing_form import audience_options
from app.young_people.values import Audience


class GoalForm(FlaskForm):  # type: ignore[misc]
    """A goal in the young person's words, how close it feels now, and who sees it."""

    id = StringField()
    title = StringField(_l("What do you want to do?"))
    rating = IntegerField(_l("How close does it feel now?"), validators=[Optional()])
    audience = RadioField(_l("Who sees this?"))

    def offer(self, audiences: Sequence[AudienceChoice]) -> None:
        self.audience.choices = audience_options(audiences)

    @property
    def chosen(self) -> Audience:
        return Audience(self.audience.data)


def sent_rating(text: str | None) -> int:
    """Return the number that was chosen; raises UnknownRatingError where none was."""
    try:
        return int(text or "")
    except ValueError:
        raise UnknownRatingError(_("Choose a number from 0 to 10.")) from None
