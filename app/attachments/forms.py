"""What comes with a photo, a drawing or a voice note."""

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import Length

from app.media.values import LONGEST_DESCRIPTION
from app.web.languages import _l
from app.web.typed import with_plain_line_ends
from app.young_people.sharing import AudienceChoice
from app.young_people.sharing_form import audience_options
from app.young_people.values import Audience


class DescriptionForm(FlaskForm):  # type: ignore[misc]
    """What is in it, for somebody who cannot see or hear it."""

    file_problem = ""
    id = StringField()
    description = TextAreaField(
        filters=[with_plain_line_ends],
        validators=[
            Length(
                max=LONGEST_DESCRIPTION,
                message=_l("There is room for %(longest)s letters: make it shorter.", longest=LONGEST_DESCRIPTION),
            )
        ],
    )


class WordlessPostForm(DescriptionForm):
    """The same, and who sees the post that it makes."""

    audience = RadioField(_l("Who sees this?"))

    def offer(self, audiences: Sequence[AudienceChoice]) -> None:
        self.audience.choices = audience_options(audiences)

    @property
    def chosen(self) -> Audience:
        return Audience(self.audience.data)
