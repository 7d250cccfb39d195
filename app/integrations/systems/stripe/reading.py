"""Stripe's objects as rows of ours. What is not as it should be is refused, never guessed."""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from app.integrations.hub.errors import Unreadable
from app.integrations.inbound.targets import Values
from app.integrations.money.models import PAYOUT_STATES
from app.integrations.systems.stripe.amounts import amount, currency_of

Record = Mapping[str, Any]
LONGEST = 500
# Their categories, made for accounting, as roles; any other is "other".
ROLES = {
    "charge": "sale", "partial_capture_reversal": "sale", "charge_failure": "sale",
    "refund": "refund", "refund_failure": "refund",
    "dispute": "dispute", "dispute_reversal": "dispute",
    "fee": "fee", "network_cost": "fee", "tax": "fee",
    "payout": "payout", "payout_reversal": "payout", "payout_minimum_balance_hold": "other",
}  # fmt: skip
DISPUTED = {
    "needs_response": "needs_answer", "warning_needs_response": "needs_answer",
    "under_review": "under_review", "warning_under_review": "under_review",
    "won": "won", "lost": "lost", "warning_closed": "closed", "prevented": "closed",
}  # fmt: skip
# Where shops write the number of an order: the names of metadata, of letters and digits alone.
NUMBERED = (
    *("ordernumber", "incrementid", "order", "orderid"),
    *("invoicenumber", "invoice", "invoiceid"),
)
SAID = re.compile(
    r"\b(?:order|invoice)\b[\s:.#]*(?:no|number)?[\s:.#]*([A-Z0-9][\w/-]{2,39})", re.IGNORECASE
)


def transaction(record: Record) -> Values:
    """Read a balance transaction, with its fees under `fees`.

    Raises:
        Unreadable: A figure is missing, or they do not add up.
    """
    currency = currency_of(record.get("currency"))
    figures = {name: amount(record.get(name), currency) for name in ("amount", "fee", "net")}
    if figures["amount"] - figures["fee"] != figures["net"]:
        raise Unreadable("Its net amount is not what is left of the amount after the fee.")
    kind, category = _text(record, "type"), _text(record, "reporting_category")
    role = ROLES.get(category, "other")
    found = figures | {
        "external_id": record["id"],
        "role": role,
        "kind": kind,
        "currency": currency,
        "made_at": moment(record, "created"),
        "available_on": day(record, "available_on"),
        "is_pending": _text(record, "status") != "available",
        "source": named(record.get("source")),
        "description": _short(record.get("description")),
    }
    return found | {"fees": fees(record, found)}


def fees(record: Record, found: Values) -> list[Values]:
    """Read what its fee is made of; a fee that is charged alone is one by itself.

    Raises:
        Unreadable: A part is in another currency, or is no amount.
    """
    told_parts = record.get("fee_details")
    listed = told_parts if isinstance(told_parts, list) else []
    parts = [_fee(one, found["currency"]) for one in listed]
    told = sum((part["amount"] for part in parts), Decimal(0))
    if told != found["fee"]:
        parts.append(_part("unspecified", found["fee"] - told, found["currency"], ""))
    if found["role"] == "fee":
        description = found["description"]
        parts.append(_part(found["kind"], -found["amount"], found["currency"], description))
    return [
        part | {"transaction": found["external_id"], "position": place}
        for place, part in enumerate(parts)
    ]


def _fee(part: Any, currency: str) -> Values:
    if not isinstance(part, dict) or currency_of(part.get("currency")) != currency:
        raise Unreadable("A part of its fee is in another currency.")
    kind = part.get("type")
    told = amount(part.get("amount"), currency)
    return _part(str(kind or "unspecified"), told, currency, _short(part.get("description")))


def _part(kind: str, told: Decimal, currency: str, description: str) -> Values:
    return {"kind": kind, "amount": told, "currency": currency, "description": description}


def payout(record: Record) -> Values:
    """Read a payout.

    Raises:
        Unreadable: A figure is missing, or its state is unknown.
    """
    currency, state = currency_of(record.get("currency")), _text(record, "status")
    if state not in PAYOUT_STATES:
        raise Unreadable(f"{state[:30]} is no state of a payout.")
    is_automatic = record.get("automatic") is True
    trace = record.get("trace_id")
    return {
        "external_id": record["id"],
        "amount": amount(record.get("amount"), currency),
        "currency": currency,
        "state": state,
        "is_automatic": is_automatic,
        "is_told": is_automatic and record.get("reconciliation_status") == "completed",
        "made_at": moment(record, "created"),
        "arrives_on": day(record, "arrival_date"),
        "bank": named(record.get("destination")),
        "trace": _short(trace.get("value")) if isinstance(trace, dict) else "",
        "problem": _short(record.get("failure_message")),
    }


def charge(record: Record) -> Values:
    """Read what a payment is for, and what the buyer paid."""
    currency = currency_of(record.get("currency"))
    return {
        "source": record["id"],
        "reference": reference(record),
        "charged_amount": amount(record.get("amount"), currency),
        "charged_currency": currency,
        "description": _short(record.get("description")),
    }


def reference(record: Record) -> str:
    """Give the number of an order or invoice that a payment names; "" if it names none."""
    told = record.get("metadata")
    if isinstance(told, dict):
        words = {re.sub(r"[^a-z0-9]", "", str(name).lower()): one for name, one in told.items()}
        for name in NUMBERED:
            if text := _short(words.get(name)).strip("# "):
                return text
    found = SAID.search(_short(record.get("description")))
    return found.group(1) if found and any(map(str.isdigit, found.group(1))) else ""


def dispute(record: Record) -> Values:
    """Read a dispute.

    Raises:
        Unreadable: A figure is missing, or its state is unknown.
    """
    currency, state = currency_of(record.get("currency")), _text(record, "status")
    if state not in DISPUTED:
        raise Unreadable(f"{state[:30]} is no state of a dispute.")
    details = record.get("evidence_details")
    due = details.get("due_by") if isinstance(details, dict) else None
    return {
        "external_id": record["id"],
        "source": named(record.get("charge")),
        "amount": amount(record.get("amount"), currency),
        "currency": currency,
        "reason": _text(record, "reason"),
        "state": DISPUTED[state],
        "made_at": moment(record, "created"),
        "due_at": None if due is None else moment({"due_by": due}, "due_by"),
    }


def balances(record: Record) -> Values:
    """Read the balance: available and pending by currency.

    Raises:
        Unreadable: An amount is none.
    """
    found: dict[str, Values] = {}
    for name in ("available", "pending"):
        for one in record[name]:
            currency = currency_of(one.get("currency"))
            row = found.setdefault(currency, _nothing(currency, record["at"]))
            row[name] += amount(one.get("amount"), currency)
    return {"balances": [*found.values()]}


def _nothing(currency: str, at: str) -> Values:
    zero = Decimal(0)
    return {"currency": currency, "available": zero, "pending": zero, "said_at": at}


def moment(record: Record, name: str) -> datetime:
    """Read a moment, in seconds since 1970.

    Raises:
        Unreadable: It is none.
    """
    seconds = record.get(name)
    if isinstance(seconds, int) and not isinstance(seconds, bool):
        with suppress(ValueError, OverflowError, OSError):
            return datetime.fromtimestamp(seconds, UTC)
    raise Unreadable(f"{str(seconds)[:30]} is no moment.")


def day(record: Record, name: str) -> date:
    """Read a day: Stripe writes it as its midnight in UTC."""
    return moment(record, name).date()


def named(value: Any) -> str:
    """Give the id of what is named, whole or by its id; "" if nothing is."""
    found = value.get("id") if isinstance(value, dict) else value
    return found if isinstance(found, str) else ""


def _text(record: Record, name: str) -> str:
    value = record.get(name)
    if not isinstance(value, str) or not value:
        raise Unreadable(f"It has no {name.replace('_', ' ')}.")
    return value[:LONGEST]


def _short(value: Any) -> str:
    return " ".join(value.split())[:LONGEST] if isinstance(value, str) else ""
