"""What is sent when somebody saves their one-page profile."""

from collections.abc import Mapping

from app.profiles.values import SECTIONS


def sent_sections(sent: Mapping[str, str]) -> dict[str, str]:
    """Return what was written under each heading, with the line ends that people count."""
    return {section.key: sent.get(section.key, "").replace("\r\n", "\n") for section in SECTIONS}
