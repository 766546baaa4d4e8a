"""What a young person sends when they say how a session was."""

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import RadioField

from app.breaks.feedback import HOW_WAS_IT, Said, Treated, said_from
from app.web.choices import options
from app.web.languages import _l
from app.young_people.sharing import AudienceChoice
from app.young_people.sharing_form import audience_options
from app.young_people.values import Audience


class FeedbackForm(FlaskForm):  # type: ignore[misc]
    """Both questions, and who sees the answers; each may be left out (the library ships no types)."""

    how_was_it = RadioField(
        _l("How was it?"),
        choices=options((str(face), words) for face, words in HOW_WAS_IT.items()),
        validate_choice=False,
    )
    treated = RadioField(
        _l("Did they treat you how you asked?"),
        choices=options((one.value, one.words) for one in reversed(Treated)),
        validate_choice=False,
    )
    audience = RadioField(_l("Who sees this?"))

    def offer(self, audiences: Sequence[AudienceChoice]) -> None:
        self.audience.choices = audience_options(audiences)

    def said(self) -> Said:
        """Return what was sent; raises UnknownAnswerError."""
        said = said_from(self.how_was_it.data, self.treated.data)
        return Said(said.how_was_it, said.treated, Audience(self.audience.data))
