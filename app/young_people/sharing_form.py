"""What a young person sends when they choose who sees what."""

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField

from app.web.choices import Options, options
from app.web.languages import _l
from app.young_people.sharing import AudienceChoice
from app.young_people.values import Audience


def audience_options(audiences: Sequence[AudienceChoice]) -> Options:
    return options((choice.value, choice.words) for choice in audiences)


class SharingForm(FlaskForm):  # type: ignore[misc]
    """Who sees what from now on."""

    default_audience = RadioField(_l("Who sees what I share, to start with?"))
    profile_audience = RadioField(_l("Who sees my one page?"))
    shares_profile_with_providers = BooleanField(_l("People who run my sessions may see my one page"))
    in_group_figures = BooleanField(_l("My faces and numbers may be added up with other people’s"))

    def offer(self, audiences: Sequence[AudienceChoice]) -> None:
        for field in (self.default_audience, self.profile_audience):
            field.choices = audience_options(audiences)

    @property
    def audiences(self) -> tuple[Audience, Audience]:
        """Return who sees what is shared, and who sees the profile."""
        return Audience(self.default_audience.data), Audience(self.profile_audience.data)
