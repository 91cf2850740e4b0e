"""The form by which another business is said to be a site of the same firm."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length, Optional


class SiteForm(FlaskForm):
    business_id = HiddenField("The other site", [InputRequired("Choose one of those that are offered.")])
    business_id_text = StringField("The other site", [Length(max=300)])
    why = StringField("Why", [Optional(), Length(max=500, message="Say it in 500 letters or fewer.")])
