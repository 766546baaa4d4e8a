"""The question of the budget page: how much, and on what; asked by address, so that an answer can be sent on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovTextInput
from wtforms import Field, Form, SelectMultipleField, StringField
from wtforms.validators import InputRequired, StopValidation

MOST_POUNDS = 100_000_000
AMOUNT = re.compile(r"£?\s*(\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.\d{1,2})?")
NOT_AN_AMOUNT = "Type the budget in pounds, such as 20,000."


@dataclass(frozen=True, slots=True)
class Question:
    """A budget in whole pounds, and the offers to spend it on in equal shares."""

    pounds: int
    offers: tuple[UUID, ...]


def parse_budget(text: str) -> int:
    """Return whole pounds; raises ValueError with a sentence."""
    match = AMOUNT.fullmatch(text.strip())
    amount = int(match[1].replace(",", "")) if match else 0
    if not 0 < amount <= MOST_POUNDS:
        raise ValueError(NOT_AN_AMOUNT)
    return amount


def _an_amount(form: Form, field: Field) -> None:
    del form
    try:
        parse_budget(field.data)
    except ValueError as error:
        raise StopValidation(str(error)) from error


class BudgetForm(FlaskForm):  # type: ignore[misc]
    """How much, and on what; changes nothing, so it carries no token."""

    class Meta:
        """A form that only asks."""

        csrf = False

    pounds = StringField(
        "Budget in pounds", widget=GovTextInput(), validators=[InputRequired(NOT_AN_AMOUNT), _an_amount]
    )
    on = SelectMultipleField(
        "Spend it on",
        description="More than one: each gets an equal share.",
        widget=GovCheckboxesInput(),
        validators=[InputRequired("Choose at least one.")],
    )

    def offer(self, choices: Sequence[tuple[UUID, str]]) -> None:
        """Offer these interventions."""
        self.on.choices = [(str(offer_id), name) for offer_id, name in choices]

    def question(self) -> Question:
        """Return what a valid form asks."""
        return Question(parse_budget(self.pounds.data or ""), tuple(UUID(value) for value in self.on.data or ()))
