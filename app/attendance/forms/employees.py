"""Forms of employees, their contracts and the rules of counting."""

from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    SelectField,
    SelectMultipleField,
    TimeField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional

from app.accounts.choices import user_field
from app.attendance.forms.fields import (
    minutes_field,
    needed_minutes_field,
    percent_field,
    text_field,
)
from app.attendance.models import (
    BREAK_RULES,
    OVERTIME_GOES,
    PAIRINGS,
    ROUNDED,
    STEPS,
    WAYS,
    WEEKDAYS,
)
from app.attendance.permissions import RATES
from app.attendance.rules import parse_region, parse_zone
from app.core.codes import parse_code
from app.core.countries import countries, parse_country
from app.core.currencies import CURRENCIES, parse_currency
from app.core.forms import (
    Follows,
    Form,
    PlainDecimalField,
    VersionField,
    at_most_decimals,
)
from app.core.permissions import may_see
from app.core.quantities import LARGEST_QUANTITY, MONEY_DECIMALS, QUANTITY_DECIMALS

NEEDED = "This is needed."
HOURS_A_WEEK = 168
MINUTES_A_DAY = 24 * 60
MOST_KEPT = 1_000_000  # minutes of a time account


def _options(words: Any) -> list[SelectChoice]:
    return [SelectChoice(*one) for one in words]


class PhotoForm(Form):
    """A photo of an employee."""

    photo = FileField("Photo", [FileRequired("Choose a photo.")])


class EmployeeForm(Form):
    """Somebody who works here."""

    version = VersionField(validators=[Optional()])
    name = text_field("Name", is_needed=True)
    number = text_field("Employee number", parse_code, is_needed=True)
    user_id = user_field("User")
    department = text_field("Department")
    cost_centre = text_field("Cost centre")
    time_zone = text_field("Time zone", parse_zone, is_needed=True)
    country = SelectField("Country of the workplace", [Follows(parse_country)], default="")
    region = text_field("Region of the workplace", parse_region)
    hire_date = DateField("First day", [InputRequired(NEEDED)])
    leave_date = DateField("Last day", [Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country.choices = _options([("", "Not set"), *countries().items()])


class ContractForm(Form):
    """What holds from a day on."""

    version = VersionField(validators=[Optional()])
    valid_from = DateField("Holds from", [InputRequired(NEEDED)])
    weekly_hours = PlainDecimalField(
        "Hours a week",
        [
            InputRequired(NEEDED),
            at_most_decimals(QUANTITY_DECIMALS),
            NumberRange(0, HOURS_A_WEEK, f"Enter a number from 0 to {HOURS_A_WEEK}."),
        ],
        places=None,
    )
    rule_set_id = SelectField("Rules", coerce=int)
    rate = PlainDecimalField(
        "Rate of an hour",
        [Optional(), at_most_decimals(MONEY_DECIMALS), NumberRange(0, LARGEST_QUANTITY - 1)],
        places=None,
    )
    currency = SelectField(
        "Currency",
        [Follows(parse_currency)],
        choices=_options((c, c) for c in sorted(CURRENCIES)),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_see(RATES):
            del self.rate


class RuleSetForm(Form):
    """How time is counted."""

    version = VersionField(validators=[Optional()])
    name = text_field("Name", is_needed=True)
    pairing = SelectField("Time at work", choices=_options(PAIRINGS.items()))
    rounds = SelectField("What is rounded", choices=_options(ROUNDED.items()))
    rounding = SelectField("Which way", choices=_options(WAYS.items()))
    rounding_minutes = SelectField(
        "To so many minutes",
        coerce=int,
        choices=_options((n, str(n)) for n in STEPS),
        default=5,
    )
    break_rule = SelectField("Breaks", choices=_options(BREAK_RULES.items()))
    break_after = needed_minutes_field("Break after", most=MINUTES_A_DAY, default=360)
    break_minutes = needed_minutes_field("Length of the break", most=MINUTES_A_DAY, default=30)
    daily_overtime = minutes_field("Overtime of a day after", most=MINUTES_A_DAY)
    daily_double = minutes_field("Twice the rate of a day after", most=MINUTES_A_DAY)
    weekly_overtime = minutes_field("Overtime of a week after")
    has_seventh_day = BooleanField("The seventh day of a week is overtime")
    week_start = SelectField(
        "The week begins on", coerce=int, choices=_options(enumerate(WEEKDAYS))
    )
    rest_days = SelectMultipleField(
        "Rest days", coerce=int, choices=_options(enumerate(WEEKDAYS))
    )
    overtime_percent = percent_field("Overtime", least=100, default=150)
    double_percent = percent_field("Twice the rate", least=100, default=200)
    rest_day_percent = percent_field("On a rest day", least=100, default=150)
    holiday_percent = percent_field("On a public holiday", least=100, default=200)
    night_begin = TimeField("Night from", [InputRequired(NEEDED)])
    night_end = TimeField("Night until", [InputRequired(NEEDED)])
    night_percent = percent_field("Night, besides", least=0, default=0)
    deep_night_percent = percent_field(
        "Midnight to 4 h, if begun before, besides", least=0, default=0
    )
    sunday_percent = percent_field("Sunday, besides", least=0, default=0)
    holiday_band_percent = percent_field("Public holiday, besides", least=0, default=0)
    overtime_goes = SelectField("Overtime goes", choices=_options(OVERTIME_GOES.items()))
    account_cap = minutes_field("Cut at the end of a month to", most=MOST_KEPT, least=0)
    account_carry = minutes_field("Cut at the end of a year to", most=MOST_KEPT, least=0)
