"""The form of a contact: over in thirty seconds, with what is rarely needed folded away."""

from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # pyright: ignore[reportAttributeAccessIssue]  # newer than the type stubs
from wtforms.validators import InputRequired, Length, Optional, Regexp

CHANNELS = (
    ("call", "Call"),
    ("visit", "Visit"),
    ("email", "E-mail"),
    ("video", "Video call"),
    ("text", "Text message"),
    ("event", "Event"),
    ("survey", "Survey"),
    ("letter", "Letter"),
    ("mass_mail", "Mass mail"),
)
PURPOSES = (
    ("needs", "Their needs"),
    ("follow_up", "Follow-up"),
    ("service", "A service"),
    ("job_development", "Job openings"),
    ("relationship", "Keeping in touch"),
    ("invitation", "Invitation"),
    ("input", "Advice or input"),
    ("survey", "Survey"),
    ("sponsorship", "Sponsorship"),
)
DIRECTIONS = (("out", "We contacted them"), ("in", "They contacted us"))
REACHED = (("yes", "Yes"), ("no", "No, not this time"))
VISIBILITIES = (
    ("who", "Others see who, when and what about"),
    ("exists", "Others see only that there was a contact"),
    ("full", "Others see everything, the note too"),
)


def choices(pairs: tuple[tuple[str, str], ...]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in pairs]


class ContactForm(FlaskForm):
    """`key` was made when the page was drawn: the same form sent twice is one contact."""

    key = HiddenField(validators=[Regexp(r"^[0-9a-f]{32}$", message="Open the form again.")])
    business_id = HiddenField()
    business_id_text = StringField("Business", [Length(max=300)])
    persons = SelectMultipleField("Who did you speak with", [Optional()], choices=[], validate_choice=False)
    new_person = StringField("Somebody else", [Length(max=300)])
    programs = SelectMultipleField("For which program", [InputRequired("Choose the program.")], choices=[])
    partners = SelectMultipleField("Partners who made it with you", [Optional()], choices=[])
    channel = RadioField("How", [InputRequired("Choose how.")], choices=choices(CHANNELS), default="call")
    purpose = RadioField("Why", [InputRequired("Choose why.")], choices=choices(PURPOSES))
    reached = RadioField("Did you reach them?", choices=choices(REACHED), default="yes")
    topics = StringField("Topics", [Length(max=1_000)])
    on = DateField("Day", [InputRequired("Say on which day.")])
    outcome = TextAreaField("What came of it", [Length(max=8_000)])
    promise = StringField("What you promised", [Length(max=1_000)])
    promise_due = DateField("By when", [Optional()])
    direction = RadioField("Who began", choices=choices(DIRECTIONS), default="out")
    notes = TextAreaField("Note, for your own agency", [Length(max=8_000)])
    visibility = RadioField("Who may see it", choices=choices(VISIBILITIES), default="who")


class EditForm(ContactForm):
    """The same for a contact that is there; `revision` says which of its states the page was drawn with."""

    key = None
    revision = HiddenField(validators=[Regexp(r"^[0-9]{1,18}$", message="Open the form again.")])
