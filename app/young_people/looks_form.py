"""What a young person sends when they choose how Tidemark looks and reads."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField

from app.web.choices import options
from app.young_people.looks import SWITCHES, Colours, Letters, Looks, TextSize

SIZES = ((TextSize.USUAL, "As now"), (TextSize.LARGE, "Bigger"), (TextSize.LARGEST, "Very big"))
LETTERS = (
    (Letters.USUAL, "As on my phone"),
    (Letters.ATKINSON, "Clear letters"),
    (Letters.LEXEND, "Wide letters"),
    (Letters.DYSLEXIC, "Heavy feet"),
)
COLOURS = ((Colours.PHONE, "As on my phone"), (Colours.LIGHT, "Light"), (Colours.DARK, "Dark"))


class LooksForm(FlaskForm):  # type: ignore[misc]
    """How Tidemark looks and reads."""

    size = RadioField("How big are the words?", choices=options(SIZES))
    letters = RadioField("Which letters?", choices=options(LETTERS))
    colours = RadioField("Light or dark?", choices=options(COLOURS))
    calm = BooleanField("Calm: soft colours, no shadows")
    still = BooleanField("Still: nothing moves")
    big = BooleanField("Big buttons")
    symbols = BooleanField("Pictures beside the words")
    aloud = BooleanField("A button that reads the page to me")

    @property
    def looks(self) -> Looks:
        """Return the choices of a valid form."""
        switches = {name: bool(self[name].data) for name in SWITCHES}
        return Looks(TextSize(self.size.data), Letters(self.letters.data), Colours(self.colours.data), **switches)
