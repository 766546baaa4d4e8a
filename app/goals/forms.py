"""What is sent when somebody sets or changes a goal."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, SelectChoice, StringField
from wtforms.validators import Optional

from app.goals.services import UnknownRatingError
from app.young_people.sharing import AudienceChoice
from app.young_people.values import Audience


class GoalForm(FlaskForm):  # type: ignore[misc]
    """A goal in the young person's words, how close it feels now, and who sees it."""

    id = StringField()
    title = StringField("What do you want to do?")
    rating = IntegerField("How close does it feel now?", validators=[Optional()])
    audience = RadioField("Who sees this?")

    def offer(self, audiences: Sequence[AudienceChoice]) -> None:
        self.audience.choices = [SelectChoice(choice.value, choice.words) for choice in audiences]

    @property
    def chosen(self) -> Audience:
        return Audience(self.audience.data)

    @property
    def new_id(self) -> UUID:
        """Return the id that came with the form, or a new one where none can be read."""
        try:
            return UUID(self.id.data or "")
        except ValueError:
            return uuid4()


def sent_rating(text: str | None) -> int:
    """Return the number that was chosen; raises UnknownRatingError where none was."""
    try:
        return int(text or "")
    except ValueError:
        raise UnknownRatingError("Choose a number from 0 to 10.") from None
