"""What a young person sends when they choose how Tidemark looks and reads."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField

from app.web.choices import options
from app.web.languages import _, _l, languages
from app.young_people.looks import SWITCHES, Colours, Letters, Looks, TextSize

SIZES = ((TextSize.USUAL, _l("As now")), (TextSize.LARGE, _l("Bigger")), (TextSize.LARGEST, _l("Very big")))
LETTERS = (
    (Letters.USUAL, _l("As on my phone")),
    (Letters.ATKINSON, _l("Clear letters")),
    (Letters.LEXEND, _l("Wide letters")),
    (Letters.DYSLEXIC, _l("Heavy feet")),
)
COLOURS = ((Colours.PHONE, _l("As on my phone")), (Colours.LIGHT, _l("Light")), (Colours.DARK, _l("Dark")))


class LooksForm(FlaskForm):  # type: ignore[misc]
    """How Tidemark looks and reads."""

    language = RadioField(_l("Which language?"))
    size = RadioField(_l("How big are the words?"), choices=options(SIZES))
    letters = RadioField(_l("Which letters?"), choices=options(LETTERS))
    colours = RadioField(_l("Light or dark?"), choices=options(COLOURS))
    calm = BooleanField(_l("Calm: soft colours, no shadows"))
    still = BooleanField(_l("Still: nothing moves"))
    big = BooleanField(_l("Big buttons"))
    symbols = BooleanField(_l("Pictures beside the words"))
    aloud = BooleanField(_l("A button that reads the page to me"))

    @property
    def looks(self) -> Looks:
        """Return the choices of a valid form."""
        switches = {name: bool(self[name].data) for name in SWITCHES}
        size, letters, colours = TextSize(self.size.data), Letters(self.letters.data), Colours(self.colours.data)
        return Looks(size, letters, colours, **switches, language=self.language.data or "")

    def offer_languages(self) -> None:
        """Offer the languages there are, each by the name that those who speak it know, and the phone's own."""
        names = ((one.code, one.name) for one in languages().values())
        self.language.choices = options((("", _("As on my phone")), *names))
