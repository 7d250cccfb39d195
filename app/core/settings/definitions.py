"""What a setting is: its type, its default and what it may be; and those of the kernel.

The slices bring their own, each in its `settings.py`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.core.currencies import CURRENCIES
from app.core.texts import is_one_line

Value = str | int | bool
Check = Callable[[Value], str | None]

LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One setting. `check` gives the reason why a value does not fit, or None.

    The groups stand in the order of their settings' `order`.
    """

    key: str
    group: str
    order: int
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
    if len(str(value)) > LONGEST_TEXT or not is_one_line(str(value)):
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


def _address(value: Value) -> str | None:
    is_address = re.fullmatch(r"[^@\s<>\",;:()]+@[^@\s<>\",;:()]+", str(value))
    if value == "" or (is_address and len(str(value)) <= LONGEST_TEXT and str(value).isascii()):
        return None
    return "This is not an e-mail address, such as opsroom@example.com."


def _lines(value: Value) -> str | None:
    if len(str(value)) > LONGEST_TEXT * 2 or not is_one_line(str(value)):
        return f"At most {LONGEST_TEXT * 2} characters, on one line; commas part its lines."
    return None


def between(least: int, most: int) -> Check:
    """Make the check of a whole number that has bounds."""
    reason = f"From {least} to {most}."
    return lambda value: None if least <= int(value) <= most else reason


KERNEL_SETTINGS = (
    Definition(
        key="company_name",
        group="Company",
        order=10,
        label="Company name",
        default="My company",
        help="Stands on documents and in e-mails.",
        check=_text,
    ),
    Definition(
        key="time_zone",
        group="Company",
        order=10,
        label="Time zone",
        default="UTC",
        help="The zone of new people, and of times that are nobody's own: Europe/Berlin.",
        check=_time_zone,
    ),
    Definition(
        key="currency",
        group="Company",
        order=10,
        label="Currency",
        default="USD",
        help="The three letters of ISO 4217, for new products and customers.",
        check=_currency,
    ),
    Definition(
        key="company_address",
        group="Company",
        order=10,
        label="Address",
        default="",
        help="Stands on documents; commas part its lines: 1 Main Street, Springfield.",
        check=_lines,
    ),
    Definition(
        key="company_vat_id",
        group="Company",
        order=10,
        label="VAT or tax number",
        default="",
        help="Stands on invoices and order confirmations.",
        check=_lines,
    ),
    Definition(
        key="company_footer",
        group="Company",
        order=10,
        label="Foot of documents",
        default="",
        help="Bank account, register, opening hours: what each page of a document ends with.",
        check=_lines,
    ),
    Definition(
        key="mail_from",
        group="E-mail",
        order=50,
        label="Sender",
        default="",
        help="The address that e-mails come from; if it is empty, one that fits the server.",
        check=_address,
    ),
    Definition(
        key="disk_free_percent",
        group="Alerts",
        order=125,
        label="Alert when a disk has less free than",
        default=10,
        unit="%",
        help="Of the disks that this installation writes to.",
        check=between(0, 90),
    ),
)
