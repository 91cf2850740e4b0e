"""Forms of signing in, of the own account, and of the first set-up."""

from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from crm.services.passwords import ADVISED, LONGEST, SHORTEST

PASSWORD_HINT = f"At least {SHORTEST} characters; {ADVISED} or more are better. A few words are easy to remember."


class SignInForm(FlaskForm):
    email = EmailField("E-mail", [InputRequired("Type your e-mail."), Length(max=254)])
    password = PasswordField("Password", [InputRequired("Type your password.")])


class ConfirmForm(FlaskForm):
    password = PasswordField("Your password", [InputRequired("Type your password.")])


class ChangePasswordForm(FlaskForm):
    current = PasswordField("Your password now", [InputRequired("Type the password that you have now.")])
    chosen = PasswordField("New password", [InputRequired("Choose a new password."), Length(max=LONGEST)])


class TokenForm(FlaskForm):
    name = StringField("What is it for?", [InputRequired("Say what the token is for."), Length(max=120)])


class SetupForm(FlaskForm):
    code = StringField("Set-up code")
    name = StringField("Your name", [InputRequired("Type your name."), Length(max=120)])
    email = EmailField("Your e-mail", [InputRequired("Type your e-mail."), Length(max=254)])
    agency = StringField("Your agency", [InputRequired("Type your agency's name."), Length(max=120)])
    password = PasswordField("Choose a password", [InputRequired("Choose a password."), Length(max=LONGEST)])
