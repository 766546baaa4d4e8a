"""The questions for a new password, and for whose is forgotten."""

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovPasswordInput, GovSubmitInput
from wtforms import EmailField, PasswordField, StringField, SubmitField
from wtforms.validators import EqualTo, InputRequired, Length

from app.accounts.values import LONGEST_PASSWORD, SHORTEST_PASSWORD

AT_MOST = Length(max=LONGEST_PASSWORD, message=f"Use at most {LONGEST_PASSWORD} characters.")


class ForgottenForm(FlaskForm):  # type: ignore[misc]
    """Whose password is forgotten."""

    email = EmailField(
        "E-mail address",
        validators=[InputRequired("Type your e-mail address."), Length(max=254, message="Use at most 254 letters.")],
    )


class NewPasswordForm(FlaskForm):  # type: ignore[misc]
    """The code out of a letter, and a new password twice."""

    code = StringField("The code", validators=[InputRequired("Type the code out of the e-mail.")])
    new_password = PasswordField("New password", validators=[InputRequired("Type a new password.")])
    new_password_again = PasswordField(
        "New password once more",
        validators=[
            InputRequired("Type the new password once more."),
            EqualTo("new_password", "These two are not the same."),
        ],
    )


class PasswordForm(FlaskForm):  # type: ignore[misc]
    """The password so far, and the new one twice; who has none yet is not asked for one."""

    password = PasswordField(
        "Your password now", widget=GovPasswordInput(), validators=[InputRequired("Type your password."), AT_MOST]
    )
    new_password = PasswordField(
        "New password",
        widget=GovPasswordInput(),
        description=f"{SHORTEST_PASSWORD} characters or more: a few words that only you would put together.",
        validators=[InputRequired("Type a new password.")],
    )
    new_password_again = PasswordField(
        "New password once more",
        widget=GovPasswordInput(),
        validators=[
            InputRequired("Type the new password once more."),
            EqualTo("new_password", "These two are not the same."),
        ],
    )
    submit = SubmitField("Change it", widget=GovSubmitInput())
