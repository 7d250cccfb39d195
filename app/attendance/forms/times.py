"""Forms of devices, shifts, corrections, absences and payroll."""

from decimal import Decimal
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional

from app.attendance.choices import employee_field
from app.attendance.forms.fields import needed_minutes_field, text_field
from app.attendance.models import DEVICE_KINDS, DIRECTIONS
from app.attendance.reckoning.columns import ENCODINGS, parse_file_name
from app.attendance.reckoning.payroll import PRESETS
from app.attendance.rules import parse_shift_code, parse_zone
from app.core.forms import Follows, Form, PlainDecimalField, VersionField, at_most_decimals
from app.core.texts import parse_text

NEEDED = "This is needed."
SEPARATOR_LABELS = {"comma": "Comma", "semicolon": "Semicolon", "tab": "Tab"}
MARK_LABELS = {"point": "Point", "comma": "Comma"}
DAY_LABELS = {
    "iso": "2026-11-30",
    "us": "11/30/2026",
    "german": "30.11.2026",
    "slashes": "30/11/2026",
}
ENDS = {"lost": "Lost", "revoked": "Given back", "left": "Left the company"}


def _moment(label: str) -> Any:
    formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
    return DateTimeLocalField(label, [InputRequired(NEEDED)], format=formats)


def _choices(words: Any) -> list[SelectChoice]:
    return [SelectChoice(*one) for one in words.items()]


class DeviceForm(Form):
    """A device that is there."""

    version = VersionField(validators=[Optional()])
    name = text_field("Name", is_needed=True)
    place = text_field("Place")
    time_zone = text_field("Time zone", parse_zone, description="Empty: that of the person.")
    is_active = BooleanField("In use")


class NewDeviceForm(Form):
    """A device to be set up."""

    name = text_field("Name", is_needed=True)
    kind = SelectField(
        "What it is",
        choices=[SelectChoice(*one) for one in DEVICE_KINDS.items() if one[0] != "web"],
    )
    place = text_field("Place")
    time_zone = text_field("Time zone", parse_zone, description="Empty: that of the person.")


class ShiftForm(Form):
    """A shift as it recurs."""

    version = VersionField(validators=[Optional()])
    code = text_field("Code", parse_shift_code, is_needed=True, description="Short: F, S, N1.")
    name = text_field("Name", is_needed=True)
    begins = TimeField("Begins", [InputRequired(NEEDED)])
    ends = TimeField(
        "Ends", [InputRequired(NEEDED)], description="Before its begin: on the next day."
    )
    break_minutes = needed_minutes_field("Break", most=480, default=0)
    is_break_paid = BooleanField("The break is paid")
    early_minutes = needed_minutes_field("Counts from so long before", most=720, default=120)
    late_minutes = needed_minutes_field(
        "Can be ended until so long after", most=720, default=240
    )
    grace_minutes = needed_minutes_field("Late from", most=240, default=5)
    is_active = BooleanField("In use", default=True)


class AdditionForm(Form):
    """A punch that is missing."""

    at = _moment("When")
    direction = SelectField("What it was", choices=_choices(DIRECTIONS))
    reason = text_field("Reason", is_needed=True)


class RetimeForm(Form):
    """Another time for a punch."""

    at = _moment("When it was")
    reason = text_field("Reason", is_needed=True)


class ReasonForm(Form):
    """Why something is done."""

    reason = text_field("Reason", is_needed=True)


class AnswerForm(Form):
    """What is answered to whoever has asked."""

    answer = text_field("Answer")


class AssignmentForm(Form):
    """Whose a card is."""

    employee_id = employee_field("Employee", [InputRequired("Whose is it?")])
    name = text_field("Name of the card", description="Such as: blue fob.")


class CaptureForm(Form):
    """Where a card will be presented."""

    reader_id = SelectField("Reader", coerce=int)
    name = text_field("Name of the card", description="Such as: blue fob.")


class PinForm(Form):
    """A PIN for somebody."""

    pin = StringField(
        "PIN",
        [InputRequired(NEEDED)],
        description="4 to 8 digits, none that anybody would try.",
    )


class ConsentForm(Form):
    """What is written down before a finger is learnt."""

    basis = text_field("Legal ground, and where the assessment is kept", is_needed=True)
    alternative = text_field("What was offered instead", is_needed=True)


class FingerForm(Form):
    """Which sensor is to learn a finger."""

    reader_id = SelectField("Fingerprint reader", coerce=int)


class EndForm(Form):
    """Why a card ends, and since when."""

    reason = SelectField("Why", choices=_choices(ENDS))
    at = DateTimeLocalField(
        "Since", [Optional()], format=["%Y-%m-%dT%H:%M"], description="Empty: now."
    )


class MyAbsenceForm(Form):
    """Days that somebody asks for themselves."""

    type_id = SelectField("Type", coerce=int)
    first_day = DateField("First day", [InputRequired(NEEDED)])
    last_day = DateField("Last day", [InputRequired(NEEDED)])
    is_first_half = BooleanField("Only half of the first day")
    is_last_half = BooleanField("Only half of the last day")
    reason = text_field("Note")


class AbsenceForm(MyAbsenceForm):
    """Days that somebody is away."""

    employee_id = employee_field("Employee", [InputRequired("Who is away?")])


class HolidayForm(Form):
    """A holiday of the company's own."""

    day = DateField("Day", [InputRequired(NEEDED)])
    name = text_field("Name", is_needed=True)
    country = text_field("Only in the country", description="Two letters; empty: everywhere.")
    region = text_field("Only in the region")
    is_half = BooleanField("Half a day")


class AbsenceTypeForm(Form):
    """A reason to be away."""

    version = VersionField(validators=[Optional()])
    name = text_field("Name", is_needed=True)
    is_paid = BooleanField("Paid as the hours that were expected", default=True)
    has_allowance = BooleanField("There are only so many days of it a year")
    is_active = BooleanField("In use", default=True)


class AllowanceForm(Form):
    """How many days of a type somebody has in a year."""

    type_id = SelectField("Type", coerce=int)
    year = IntegerField("Year", [InputRequired(NEEDED), NumberRange(1970, 9998)])
    days = PlainDecimalField(
        "Days", [InputRequired(NEEDED), NumberRange(0, 400), at_most_decimals(1)], places=None
    )
    carried = PlainDecimalField(
        "Left from the year before",
        [Optional(), NumberRange(0, 400), at_most_decimals(1)],
        places=None,
        default=Decimal(0),
        filters=[lambda number: number or Decimal(0)],
    )


class PayrollForm(Form):
    """Which days go to which program."""

    preset = SelectField(
        "Program", choices=[SelectChoice(one.name, one.label) for one in PRESETS.values()]
    )
    first_day = DateField("First day", [InputRequired(NEEDED)])
    last_day = DateField("Last day", [InputRequired(NEEDED)])
    settings = StringField(
        "What the program asks for",
        [Optional()],
        description="As name=value, one after the other: client=12 wage_regular=1000. "
        "Empty: as last time. A wage type of - leaves its hours out.",
    )


class PayrollMapForm(Form):
    """How a file for a payroll program looks."""

    version = VersionField(validators=[Optional()])
    name = text_field("Name", is_needed=True, description="Of the program that reads it.")
    adds = BooleanField(
        "The program adds what it reads to what it has",
        default=True,
        description="A second file of the same days then has only what is different.",
    )
    is_long = BooleanField(
        "A line for each person and kind of time",
        description="Otherwise one for each person.",
    )
    columns = TextAreaField("Columns", [InputRequired(NEEDED), Follows(parse_text)])
    codes = TextAreaField(
        "Codes of the kinds",
        [Follows(parse_text)],
        description="Of kinds that have lines: regular = 1000. Those without one are left out.",
    )
    above = TextAreaField(
        "Lines above",
        [Follows(parse_text)],
        description="{batch}, {first_day} and {last_day} stand for what they say.",
    )
    has_header = BooleanField("Headings stand above the columns", default=True)
    separator = SelectField("Between columns", choices=_choices(SEPARATOR_LABELS))
    decimal_mark = SelectField("Decimal sign", choices=_choices(MARK_LABELS))
    day_format = SelectField("Days", choices=_choices(DAY_LABELS))
    encoding = SelectField("Encoding", choices=_choices(ENCODINGS))
    file_name = text_field(
        "Name of the file", parse_file_name, is_needed=True, description="Such as {batch}.csv."
    )


class LockForm(Form):
    """Up to when days are locked."""

    last_day = DateField("Last day", [InputRequired(NEEDED)])
