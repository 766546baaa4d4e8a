"""What a parent carer sends about their own check-ins."""

from collections.abc import Mapping
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import BooleanField

from app.checkins.services import UnknownAnswerError


def sent_answer(sent: Mapping[str, str]) -> tuple[UUID, float]:
    """Return the id and the number that one tap carries; raises UnknownAnswerError."""
    try:
        return UUID(sent.get("id", "")), float(sent.get("answer", ""))
    except ValueError:
        raise UnknownAnswerError("That is not one of the answers. Choose one that is shown.") from None


class CarerChoiceForm(FlaskForm):  # type: ignore[misc]
    """Who sees it, and whether it counts (the library ships no types)."""

    shares_with_mentor = BooleanField("My child’s mentor may see how I am")
    in_group_figures = BooleanField("My answers may be counted with everybody else’s")
