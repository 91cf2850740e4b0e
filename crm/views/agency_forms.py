"""Forms of agencies and programs."""

from flask_wtf import FlaskForm
from wtforms import EmailField, RadioField, StringField
from wtforms.fields.choices import SelectChoice  # pyright: ignore[reportAttributeAccessIssue]  # newer than the type stubs
from wtforms.validators import Email, InputRequired, Length, Optional, Regexp

SYSTEMS = (
    ("workforce", "Workforce"),
    ("education", "Education"),
    ("economic_development", "Economic development"),
    ("other", "Other"),
)
# Files name several programs in one cell, and put the agency before them with a colon.
PLAIN_NAME = Regexp(r"^[^,;:]*$", message="A name cannot hold a comma, a semicolon or a colon.")


class AgencyForm(FlaskForm):
    name = StringField("Name", [InputRequired("Type the agency's name."), Length(max=200), PLAIN_NAME])
    system = RadioField("System", [Optional()], choices=[SelectChoice(value, label) for value, label in SYSTEMS])


class ProgramForm(FlaskForm):
    name = StringField("Name", [InputRequired("Type the program's name."), Length(max=200), PLAIN_NAME])
    contact_email = EmailField("Contact e-mail", [Optional(), Length(max=254), Email("This is no e-mail address.")])
