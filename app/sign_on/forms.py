"""Questions about a council's provider, and what proves an account."""

from typing import Any

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovCheckboxInput,
    GovPasswordInput,
    GovSubmitInput,
    GovTextInput,
)
from wtforms import BooleanField, EmailField, PasswordField, SelectMultipleField, StringField, SubmitField
from wtforms.validators import InputRequired, Length, Regexp

from app.accounts.values import LONGEST_PASSWORD, NEEDS_SECOND_STEP, ROLE_WORDS, Role
from app.sign_on.values import LONGEST_ADDRESS, ProviderDetails
from app.web.choices import options

LONG = Length(max=200, message="Use at most 200 letters.")


class ProveForm(FlaskForm):  # type: ignore[misc]
    """What opens an account: e-mail address, password and, for whoever has an app, its code."""

    email = EmailField("E-mail address", validators=[InputRequired("Type your e-mail address."), LONG])
    password = PasswordField(
        "Password",
        validators=[
            InputRequired("Type your password."),
            Length(max=LONGEST_PASSWORD, message=f"Use at most {LONGEST_PASSWORD} characters."),
        ],
    )
    code = StringField("Code from your authenticator app, if you use one", validators=[Length(max=24)])


class ProviderForm(FlaskForm):  # type: ignore[misc]
    """How a council's provider is reached, and whom it signs in."""

    name = StringField(
        "What people call it",
        widget=GovTextInput(),
        description="It stands on the button, such as “Derwent work account”.",
        validators=[InputRequired("Type a name."), Length(max=60, message="Use at most 60 letters.")],
    )
    issuer = StringField(
        "Issuer",
        widget=GovTextInput(),
        description="The address that your provider calls itself by, letter by letter. It begins with https://",
        validators=[
            InputRequired("Type the issuer’s address."),
            Length(max=LONGEST_ADDRESS, message=f"Use at most {LONGEST_ADDRESS} letters."),
            Regexp(r"^\s*https?://\S+\s*$", message="Type a whole address that begins with https://"),
        ],
    )
    client_id = StringField(
        "Client ID",
        widget=GovTextInput(),
        description="What your provider knows Tidemark by.",
        validators=[InputRequired("Type the client ID."), LONG],
    )
    secret = PasswordField(
        "Client secret",
        widget=GovPasswordInput(),
        description="Kept sealed and never shown again. Leave it empty to keep the one that is there.",
        validators=[LONG],
    )
    roles = SelectMultipleField(
        "Whom it may sign in",
        widget=GovCheckboxesInput(),
        choices=options((role.value, words) for role, words in ROLE_WORDS.items()),
        validators=[InputRequired("Choose one or more.")],
    )
    second_step = StringField(
        "Values that mean two steps",
        widget=GovTextInput(),
        description="What “acr” or “amr” says where your provider asked for two steps, such as mfa; more with spaces "
        "between. Empty: Tidemark asks for its own second step each time.",
        validators=[LONG],
    )
    is_open = BooleanField("People may sign in this way", widget=GovCheckboxInput())
    submit = SubmitField("Check and save", widget=GovSubmitInput())

    def fill(self, details: ProviderDetails | None) -> None:
        """Show what is set; of a new one, what suits most councils."""
        if details is None:
            self.roles.data, self.is_open.data = sorted(NEEDS_SECOND_STEP), True
            return
        self.name.data, self.issuer.data, self.client_id.data = details.name, details.issuer, details.client_id
        self.roles.data, self.second_step.data = sorted(details.roles), " ".join(details.second_step)
        self.is_open.data = details.is_open

    def details(self) -> ProviderDetails:
        fields: tuple[Any, ...] = (self.name, self.issuer, self.client_id)
        name, issuer, client_id = ((field.data or "").strip() for field in fields)
        return ProviderDetails(
            name=name,
            issuer=issuer,
            client_id=client_id,
            secret=(self.secret.data or "").strip() or None,
            roles=frozenset(map(Role, self.roles.data or [])),
            second_step=tuple((self.second_step.data or "").split()),
            is_open=bool(self.is_open.data),
        )
