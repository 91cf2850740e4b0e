"""The forms by which seats and meetings of a table are added and ended."""

from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, StringField
from wtforms.validators import InputRequired, Length, Optional


class SeatForm(FlaskForm):
    """Who sits; a name that is not chosen from those offered is somebody new."""

    business_id = HiddenField()
    business_id_text = StringField("Business", [Length(max=300)])
    person_id = HiddenField()
    person_id_text = StringField("Person", [Length(max=300)])
    begins_on = DateField("First day", [Optional()])
    ends_on = DateField("Last day", [Optional()])


class EndForm(FlaskForm):
    on = DateField("Last day", [InputRequired("Say the last day.")])


class MeetingForm(FlaskForm):
    on = DateField("Day", [InputRequired("Say on which day.")])
