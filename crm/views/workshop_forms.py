"""The forms of a workshop: what it is about, how one joins, and what is said in it."""

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    FloatField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from crm.services.questions import MOST_WINDOW
from crm.services.workshops import LEAST, MOST
from crm.views.touchpoint_forms import choices

DAY = "Write it as 2026-06-30."
NUMBER = "Write a number."


class StartForm(FlaskForm):
    title = StringField("What to call it", [Optional(), Length(max=200)])
    expected = IntegerField(
        "How many agencies will come",
        [InputRequired(NUMBER), NumberRange(LEAST, MOST, message=f"Between {LEAST} and {MOST}.")],
    )
    sector = SelectField("Sector", [Optional()], choices=[], validate_choice=False)
    place = StringField("Place", [Optional(), Length(max=100)])
    size = SelectField("Size of business", [Optional()], choices=[], validate_choice=False)
    first = DateField("From", [Optional()])
    last = DateField("To", [Optional()])
    window = IntegerField("Compare with the last", [Optional(), NumberRange(0, MOST_WINDOW)])


class JoinForm(FlaskForm):
    code = StringField("Code", [InputRequired("Type the code that stands on the wall."), Length(max=20)])
    name = StringField("Your name", [Optional(), Length(max=80)])
    agency = StringField("Your agency", [Optional(), Length(max=200)])


class GuessForm(FlaskForm):
    """The share is asked in percent."""

    knocks = FloatField("How many knocks did your agency make?", [Optional(), NumberRange(0, 10_000_000)])
    redundant = FloatField("How many of them were redundant?", [Optional(), NumberRange(0, 10_000_000)])
    shared = FloatField(
        "Of 100 businesses that you knocked on, how many did others knock on too?", [Optional(), NumberRange(0, 100)]
    )
    hours = FloatField("How many hours did all of it take, yours and theirs?", [Optional(), NumberRange(0, 10_000_000)])


class WhatIfForm(FlaskForm):
    sharing = SelectMultipleField("Who would have shared a lead", choices=[], validate_choice=False)


class DecisionForm(FlaskForm):
    """`key` was made when the form was drawn: sent twice it is one decision."""

    key = HiddenField(validators=[Regexp(r"^[0-9a-f]{32}$", message="Open the form again.")])
    what = TextAreaField("What is decided", [InputRequired("Say what is decided."), Length(max=1000)])
    letters = SelectMultipleField("Who", choices=[], validate_choice=False)
    begins = DateField("From when", [InputRequired(DAY)])
    review = DateField("Looked at again on", [InputRequired(DAY)])
    everywhere = BooleanField("For businesses of every sector")


class VoiceForm(FlaskForm):
    stance = RadioField(
        "What do you say?",
        [InputRequired("Say whether you agree or dissent.")],
        choices=choices((("agree", "I agree"), ("dissent", "I dissent"))),
    )
    why = StringField("Why", [Optional(), Length(max=1000)])
