"""The form under a pair of records: one button an answer, and a reason for whoever wants to give one."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import AnyOf, Length, Optional

from crm.graph.judgements import VERDICTS


class AnswerForm(FlaskForm):
    verdict = HiddenField(validators=[AnyOf(VERDICTS, message="Say what the two are.")])
    seen = HiddenField(validators=[Length(max=64)])
    second = HiddenField(validators=[Optional(), AnyOf(["yes"])])
    check = HiddenField(validators=[Optional(), AnyOf(["yes"])])
    why = StringField("Why", [Optional(), Length(max=500, message="Say it in 500 letters or fewer.")])
