"""What is sent when somebody saves their one-page profile."""

from collections.abc import Mapping

from app.profiles.values import SECTIONS
from app.web.typed import with_plain_line_ends


def sent_sections(sent: Mapping[str, str]) -> dict[str, str]:
    """Return what was written under each heading, with the line ends that people count."""
    return {section.key: with_plain_line_ends(sent.get(section.key)) for section in SECTIONS}
