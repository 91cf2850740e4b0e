"""The form of a joint visit: with whom, when, who leads, and why."""

from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Regexp

from crm.views.touchpoint_forms import PURPOSES, choices


class VisitForm(FlaskForm):
    """`key` was made when the page was drawn: the same form sent twice is one visit."""

    key = HiddenField(validators=[Regexp(r"^[0-9a-f]{32}$", message="Open the form again.")])
    business_id = HiddenField("Business", [InputRequired("Choose one of those that are offered.")])
    programs = SelectMultipleField("Your program", [InputRequired("Choose your own program.")], choices=[])
    partners = SelectMultipleField("With whom", [InputRequired("Choose at least one partner.")], choices=[])
    on = DateField("Day", [InputRequired("Say on which day.")])
    lead = SelectField("Who leads", [InputRequired("Choose who leads.")], choices=[], validate_choice=False)
    purpose = RadioField("Why", [InputRequired("Choose why.")], choices=choices(PURPOSES), default="needs")
    topics = StringField("What about", [Length(max=1_000)])
