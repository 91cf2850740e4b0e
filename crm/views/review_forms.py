"""The form under a pair of records: one button an answer, and a reason for whoever wants to give one."""

from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, StringField
from wtforms.validators import AnyOf, Length, Optional, Regexp

from crm.graph.judgements import VERDICTS


class AnswerForm(FlaskForm):
    """What a button says is the verdict, or "moved:" with the record of where the person works now."""

    verdict = HiddenField(
        validators=[Regexp(rf"^(?:{'|'.join(VERDICTS)})(?::[a-z0-9]{{1,40}})?$", message="Say what the two are.")]
    )
    seen = HiddenField(validators=[Length(max=64)])
    second = HiddenField(validators=[Optional(), AnyOf(["yes"])])
    check = HiddenField(validators=[Optional(), AnyOf(["yes"])])
    why = StringField("Why", [Optional(), Length(max=500, message="Say it in 500 letters or fewer.")])
    moved_on = DateField("Since when", [Optional()])

    @property
    def said(self) -> str:
        return (self.verdict.data or "").partition(":")[0]

    @property
    def about(self) -> str | None:
        return (self.verdict.data or "").partition(":")[2] or None
