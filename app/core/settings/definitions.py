"""Every setting there is: its type, its default and what it may be."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.core.currencies import CURRENCIES
from app.core.quantities import MONEY_DECIMALS, parse_decimal

Value = str | int | bool
Check = Callable[[Value], str | None]

LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One setting. `check` gives the reason why a value does not fit, or None."""

    key: str
    group: str
    label: str
    default: Value
    help: str = ""
    unit: str = ""
    check: Check = lambda _value: None

    @property
    def type(self) -> type[Value]:
        """The type of its values: that of the default."""
        return type(self.default)

    def refusal(self, value: object) -> str | None:
        """Say why a value does not fit, or None if it does."""
        if type(value) is not self.type:
            words: dict[type, str] = {str: "a text", int: "a whole number", bool: "yes or no"}
            return f"This must be {words[self.type]}."
        return self.check(value)


def _text(value: Value) -> str | None:
    if not str(value).strip():
        return "This may not be empty."
    if len(str(value)) > LONGEST_TEXT or not str(value).isprintable():
        return f"At most {LONGEST_TEXT} characters, on one line."
    return None


def _time_zone(value: Value) -> str | None:
    try:
        ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "This is not a time zone, such as Europe/Berlin."
    return None


def _currency(value: Value) -> str | None:
    return None if value in CURRENCIES else "This is not a currency code, such as EUR."


def _location(value: Value) -> str | None:
    is_code = re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,49}", str(value))
    return None if is_code else "This is not a location code, such as MAIN-01."


def _address(value: Value) -> str | None:
    is_address = re.fullmatch(r"[^@\s<>\",;:()]+@[^@\s<>\",;:()]+", str(value))
    if value == "" or (is_address and len(str(value)) <= LONGEST_TEXT and str(value).isascii()):
        return None
    return "This is not an e-mail address, such as opsroom@example.com."


def _lines(value: Value) -> str | None:
    if len(str(value)) > LONGEST_TEXT * 2 or not str(value).isprintable():
        return f"At most {LONGEST_TEXT * 2} characters, on one line; commas part its lines."
    return None


def _percent(value: Value) -> str | None:
    try:
        rate = parse_decimal(str(value), decimals=MONEY_DECIMALS)
    except ValueError:
        return "This is not a percentage, such as 19 or 8.875."
    return None if 0 <= rate <= 100 else "From 0 to 100."  # noqa: PLR2004


def _between(least: int, most: int) -> Check:
    reason = f"From {least} to {most}."
    return lambda value: None if least <= int(value) <= most else reason


SETTINGS = (
    Definition(
        key="company_name",
        group="Company",
        label="Company name",
        default="My company",
        help="Stands on documents and in e-mails.",
        check=_text,
    ),
    Definition(
        key="time_zone",
        group="Company",
        label="Time zone",
        default="UTC",
        help="The zone of new people, and of times that are nobody's own: Europe/Berlin.",
        check=_time_zone,
    ),
    Definition(
        key="currency",
        group="Company",
        label="Currency",
        default="USD",
        help="The three letters of ISO 4217, for new products and customers.",
        check=_currency,
    ),
    Definition(
        key="company_address",
        group="Company",
        label="Address",
        default="",
        help="Stands on documents; commas part its lines: 1 Main Street, Springfield.",
        check=_lines,
    ),
    Definition(
        key="company_vat_id",
        group="Company",
        label="VAT or tax number",
        default="",
        help="Stands on invoices and order confirmations.",
        check=_lines,
    ),
    Definition(
        key="company_footer",
        group="Company",
        label="Foot of documents",
        default="",
        help="Bank account, register, opening hours: what each page of a document ends with.",
        check=_lines,
    ),
    Definition(
        key="tax_rate",
        group="Company",
        label="Tax",
        default="0",
        unit="%",
        help="The usual rate of sales tax or VAT, for new orders.",
        check=_percent,
    ),
    Definition(
        key="default_location",
        group="Stock",
        label="Default location",
        default="MAIN-01",
        help="Where goods go when nobody says where.",
        check=_location,
    ),
    Definition(
        key="pick_wave",
        group="Picking",
        label="Orders in one pick task",
        default=1,
        unit="orders",
        help="Each is picked into a tote of its own.",
        check=_between(1, 12),
    ),
    Definition(
        key="pick_partly",
        group="Picking",
        label="Pick orders of which a part is there",
        default=False,
        help="Else an order waits until all of it is reserved.",
    ),
    Definition(
        key="count_close_equal",
        group="Counting",
        label="Close a count without a difference by itself",
        default=True,
        help="Else somebody approves that, too.",
    ),
    Definition(
        key="count_recount_percent",
        group="Counting",
        label="Count again if more differs than",
        default=10,
        unit="%",
        help="Of what the books say. At 0 every difference is counted again.",
        check=_between(0, 1_000),
    ),
    Definition(
        key="count_recount_value",
        group="Counting",
        label="Count again if it is worth more than",
        default=250,
        help="At cost, in the currency of the product.",
        check=_between(0, 10_000_000),
    ),
    Definition(
        key="mail_from",
        group="E-mail",
        label="Sender",
        default="",
        help="The address that e-mails come from; if it is empty, one that fits the server.",
        check=_address,
    ),
    Definition(
        key="sync_vanish_percent",
        group="Connections",
        label="Ask if more has vanished than",
        default=20,
        unit="%",
        help="Of the records of one kind, in a full sync. Up to that they are held for gone.",
        check=_between(0, 100),
    ),
    Definition(
        key="self_registration",
        group="Signing in",
        label="People may register themselves",
        default=False,
        help="They wait until an administrator lets them in.",
    ),
    Definition(
        key="session_hours",
        group="Signing in",
        label="A browser stays signed in",
        default=12,
        unit="hours",
        check=_between(1, 24 * 90),
    ),
    Definition(
        key="access_token_hours",
        group="Signing in",
        label="An access token is valid",
        default=8,
        unit="hours",
        check=_between(1, 24),
    ),
    Definition(
        key="refresh_token_days",
        group="Signing in",
        label="A program stays signed in",
        default=30,
        unit="days",
        help="A refresh token that is not used for so long ends.",
        check=_between(1, 365),
    ),
)
