"""What is sent when somebody writes in the feed."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectChoice, StringField, TextAreaField

from app.young_people.sharing import AudienceChoice
from app.young_people.values import Audience


def one_line_end(words: str | None) -> str:
    """Return words with the line ends that people count: browsers send two characters for each."""
    return (words or "").replace("\r\n", "\n")


def sent_id(text: str | None) -> UUID:
    """Return the id that came with a form, or a new one where none can be read."""
    try:
        return UUID(text or "")
    except ValueError:
        return uuid4()


class PostForm(FlaskForm):  # type: ignore[misc]
    """A post and who sees it; its length is the service's to judge."""

    id = StringField()
    words = TextAreaField("What do you want to say?", filters=[one_line_end])
    audience = RadioField("Who sees this?")

    def offer(self, audiences: Sequence[AudienceChoice]) -> None:
        self.audience.choices = [SelectChoice(choice.value, choice.words) for choice in audiences]

    @property
    def chosen(self) -> Audience:
        return Audience(self.audience.data)
