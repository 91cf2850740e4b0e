"""The forms of agreements: proposing one, ending it, its review, and who leads."""

from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp


class ProposalForm(FlaskForm):
    """`key` was made when the page was drawn: the same form sent twice is one proposal."""

    key = HiddenField(validators=[Regexp(r"^[0-9a-f]{32}$", message="Open the form again.")])
    name = StringField("Name", [InputRequired("Give it a name."), Length(max=300)])
    agencies = SelectMultipleField("Between", [InputRequired("Choose two agencies or more.")], choices=[])
    begins_on = DateField("First day", [InputRequired("Say from which day on.")])
    ends_on = DateField("Last day", [Optional()])
    sector = SelectField("Sector", choices=[], default="")
    places = StringField("Places", [Length(max=2_000)])
    businesses = SelectMultipleField("Businesses", [Optional()], choices=[], validate_choice=False)
    business_id = HiddenField()
    business_id_text = StringField("One more business", [Length(max=300)])
    lead = StringField("Who leads", [Length(max=300)])
    backup = StringField("Who stands in", [Length(max=300)])
    review_on = DateField("Look at it again on", [Optional()])
    note = TextAreaField("What else was said", [Length(max=2_000)])


class EndForm(FlaskForm):
    on = DateField("Last day", [InputRequired("Say which is the last day.")])


class ReviewForm(FlaskForm):
    on = DateField("Look at it again on", [Optional()])


class LeadForm(FlaskForm):
    lead = StringField("Who leads", [Length(max=300)])
    backup = StringField("Who stands in", [Length(max=300)])
    business_id = HiddenField()
    business_id_text = StringField("Only at this business", [Length(max=300)])
