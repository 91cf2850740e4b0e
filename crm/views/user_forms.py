"""Forms with which an administrator looks after users."""

from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, RadioField, StringField
from wtforms.fields.choices import SelectChoice  # pyright: ignore[reportAttributeAccessIssue]  # newer than the type stubs
from wtforms.validators import InputRequired, Length

from crm.services.passwords import LONGEST

ROLES = [SelectChoice("member", "Member"), SelectChoice("admin", "Administrator")]


class AddUserForm(FlaskForm):
    name = StringField("Name", [InputRequired("Type the person's name."), Length(max=120)])
    email = EmailField("E-mail", [InputRequired("Type their e-mail."), Length(max=254)])
    agency = StringField("Agency", [InputRequired("Type their agency."), Length(max=120)])
    role = RadioField("Role", choices=ROLES, default="member")
    password = PasswordField("First password", [InputRequired("Choose a first password."), Length(max=LONGEST)])


class ResetPasswordForm(FlaskForm):
    password = PasswordField("New password", [InputRequired("Choose a password."), Length(max=LONGEST)])
