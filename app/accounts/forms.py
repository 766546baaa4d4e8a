"""Questions asked when signing in, and when an administrator makes an account."""

from dataclasses import dataclass

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSelect, GovSubmitInput, GovTextInput
from wtforms import (  # type: ignore[attr-defined]  # SelectChoice is newer than its stubs
    EmailField,
    Field,
    PasswordField,
    SelectChoice,
    SelectField,
    StringField,
    SubmitField,
)
from wtforms.validators import InputRequired, Length, Regexp, ValidationError

from app.accounts.password_rules import why_refused
from app.accounts.values import EMAIL, LONGEST_PASSWORD, PASSWORD_RULE, ROLE_WORDS, SHORTEST_PASSWORD, Role

AT_MOST_254 = Length(max=254, message="Use at most 254 letters.")


def _is_no_common_password(form: FlaskForm, field: Field) -> None:
    reason = why_refused(field.data or "", about=(form.name.data or "", form.email.data or ""))
    if reason is not None:
        raise ValidationError(reason)


class SignInForm(FlaskForm):  # type: ignore[misc]
    """E-mail address and password."""

    email = EmailField("E-mail address", validators=[InputRequired("Type your e-mail address."), AT_MOST_254])
    password = PasswordField(
        "Password",
        validators=[
            InputRequired("Type your password."),
            Length(max=LONGEST_PASSWORD, message=f"Use at most {LONGEST_PASSWORD} characters."),
        ],
    )


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What a valid form about a new account says."""

    name: str
    email: str
    role: Role
    password: str


class AccountForm(FlaskForm):  # type: ignore[misc]
    """A new account for an adult."""

    name = StringField(
        "Name",
        widget=GovTextInput(),
        validators=[InputRequired("Type a name."), Length(max=120, message="Use at most 120 letters.")],
    )
    email = EmailField(
        "E-mail address",
        widget=GovTextInput(),
        validators=[
            InputRequired("Type an e-mail address."),
            AT_MOST_254,
            Regexp(f"^{EMAIL}$", message="Type a whole e-mail address."),
        ],
    )
    role = SelectField(
        "What they do",
        widget=GovSelect(),
        choices=[SelectChoice(role.value, words) for role, words in ROLE_WORDS.items()],
    )
    password = StringField(
        "First password",
        widget=GovTextInput(),
        description="12 characters or more. Tell them in person, not by e-mail. "
        "It opens for seven days, and they choose their own when they first sign in.",
        validators=[
            InputRequired("Type a first password."),
            Length(SHORTEST_PASSWORD, LONGEST_PASSWORD, PASSWORD_RULE),
            _is_no_common_password,
        ],
    )
    submit = SubmitField("Make the account", widget=GovSubmitInput())

    def details(self) -> NewAccount:
        name, email, password = (field.data or "" for field in (self.name, self.email, self.password))
        return NewAccount(name.strip(), email.strip(), Role(self.role.data), password)
