"""What a young person sends when they make a link to their one page."""

from collections.abc import Iterable

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from app.profiles.link_values import LONGEST_FOR_WHOM, Lasts, NewLink
from app.profiles.values import Section
from app.web.choices import options
from app.web.languages import _l

WHO = _l("Write who it is for.")
TOO_LONG = _l("Make it shorter. There is room for %(longest)s letters.", longest=LONGEST_FOR_WHOM)
WHICH = _l("Choose one part or more.")


class LinkForm(FlaskForm):  # type: ignore[misc]
    """Whom a link is for, what they may read, and for how long."""

    for_whom = StringField(
        _l("Who is it for?"),
        validators=[DataRequired(WHO), Length(max=LONGEST_FOR_WHOM, message=TOO_LONG)],
        filters=[lambda typed: (typed or "").strip()],
    )
    shown = SelectMultipleField(_l("What may they read?"), validators=[InputRequired(WHICH)])
    lasts = RadioField(_l("How long does it work?"), choices=options((one, one.words) for one in Lasts))

    def offer(self, sections: Iterable[Section]) -> None:
        """Offer the headings that have words under them, and the picture; it is left out unless it is ticked."""
        self.shown.choices = options((section.key, section.heading) for section in sections)

    @property
    def new_link(self) -> NewLink:
        """Return what a valid form asks for."""
        return NewLink(self.for_whom.data or "", tuple(self.shown.data or ()), Lasts(self.lasts.data))
