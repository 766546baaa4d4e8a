"""What is sent when a one-page profile is saved, by its young person or by their mentor with them."""

from collections.abc import Collection, Mapping

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput, GovTextArea, GovTextInput
from wtforms import StringField, SubmitField, TextAreaField

from app.profiles.values import SECTION_KEYS, SECTIONS
from app.web.languages import _l
from app.web.typed import with_plain_line_ends


def sent_sections(sent: Mapping[str, str]) -> dict[str, str]:
    """Return what was written under each heading, with the line ends that people count."""
    return {section.key: with_plain_line_ends(sent.get(section.key)) for section in SECTIONS}


ASKED = {section.key: section.asked for section in SECTIONS}


class TogetherForm(FlaskForm):  # type: ignore[misc]
    """What a young person says of themself and their mentor types (the library ships no types)."""

    admire = TextAreaField(ASKED["admire"], widget=GovTextArea())
    important = TextAreaField(ASKED["important"], widget=GovTextArea())
    support = TextAreaField(ASKED["support"], widget=GovTextArea())
    spoken_to = TextAreaField(ASKED["spoken_to"], widget=GovTextArea())
    when_hard = TextAreaField(ASKED["when_hard"], widget=GovTextArea())
    said_by = StringField(_l("Whose words are these?"), widget=GovTextInput())
    submit = SubmitField("Save it", widget=GovSubmitInput())

    def offer(self, keys: Collection[str]) -> None:
        """Ask about these parts and no others."""
        for key in SECTION_KEYS - set(keys):
            del self[key]

    @property
    def parts(self) -> dict[str, str]:
        """Return what was typed under each part that was asked about."""
        return {key: with_plain_line_ends(self[key].data) for key in SECTION_KEYS if key in self}

    def show(self, problems: Mapping[str, str]) -> None:
        """Say beside each question what is wrong with its answer."""
        for key, sentence in problems.items():
            self[key].errors = [sentence]
