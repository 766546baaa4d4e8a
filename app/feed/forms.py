"""What is sent when somebody writes in the feed."""

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import RadioField, StringField, TextAreaField

from app.web.languages import _l
from app.web.typed import with_plain_line_ends
from app.young_people.sharing import AudienceChoice
from app.young_people.sharing_form import audience_options
from app.young_people.values import Audience


class PostForm(FlaskForm):  # type: ignore[misc]
    """A post and who sees it; its length is the service's to judge."""

    id = StringField()
    words = TextAreaField(_l("What do you want to say?"), filters=[with_plain_line_ends])
    audience = RadioField(_l("Who sees this?"))

    def offer(self, audiences: Sequence[AudienceChoice]) -> None:
        self.audience.choices = audience_options(audiences)

    @property
    def chosen(self) -> Audience:
        return Audience(self.audience.data)
