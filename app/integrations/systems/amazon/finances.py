"""Amazon's transactions as rows of ours.

What is deferred is counted once: as pending, until Amazon posts another that releases it and
calls the first one DEFERRED_RELEASED.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.core.currencies import CURRENCIES
from app.integrations.hub.errors import Unreadable
from app.integrations.inbound.targets import Values

Record = Mapping[str, Any]
ROLES = {
    "Shipment": "sale", "Refund": "refund", "GuaranteeClaim": "dispute",
    "Chargeback": "dispute", "ServiceFee": "fee",
    "Transfer": "payout", "Disbursement": "payout",
}  # fmt: skip
FEES = {"AmazonFees", "Fees", "ServiceFees"}
RELEASED, DEFERRED, COUNTED_ELSEWHERE = "RELEASED", "DEFERRED", "DEFERRED_RELEASED"
LONGEST = 500


def transaction(record: Record) -> Values:
    """Read a transaction with its fees under `fees`; one that others count has `is_gone`.

    Raises:
        Unreadable: A figure is missing, they do not add up, or its state is unknown.
    """
    status = record.get("transactionStatus")
    if status not in {RELEASED, DEFERRED, COUNTED_ELSEWHERE, None}:
        raise Unreadable(f"{str(status)[:30]} is no state of a transaction.")
    number, kind = _text(record, "transactionId"), _text(record, "transactionType")
    net, code = money(record.get("totalAmount"))
    role, posted = ROLES.get(kind, "other"), _moment(record)
    parts = [] if role == "payout" else [*_fees(record, code)]
    fee = sum((amount for _kind, amount in parts), Decimal(0))
    alone = role == "fee"
    told = _parts(parts, alone=alone, net=net, kind=kind)
    order = related(record, "ORDER_ID")
    _add_up(record, net, code)
    return {
        "external_id": number,
        "is_gone": status == COUNTED_ELSEWHERE,
        "role": role,
        "kind": kind,
        "amount": net if alone else net + fee,
        "fee": Decimal(0) if alone else fee,
        "net": net,
        "currency": code,
        "made_at": posted,
        "available_on": posted.date(),
        "is_pending": status == DEFERRED,
        "source": number,
        "description": " ".join(str(record.get("description") or "").split())[:LONGEST],
        "reference": order,
        "fees": [
            {
                "transaction": number, "position": place, "kind": name, "amount": amount,
                "currency": code, "description": "",
            }
            for place, (name, amount) in enumerate(told)
        ],
    }  # fmt: skip


def _parts(
    parts: list[tuple[str, Decimal]], *, alone: bool, net: Decimal, kind: str
) -> list[tuple[str, Decimal]]:
    """What a fee is made of; one that is charged alone is one by itself if nothing is said."""
    if not alone:
        return parts
    told = sum((amount for _kind, amount in parts), Decimal(0))
    return [*parts, *([(kind, -net - told)] if told != -net else [])]


def related(record: Record, name: str) -> str:
    """Give the number of something that a transaction is about; "" if it names none."""
    listed = record.get("relatedIdentifiers")
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, dict) and one.get("relatedIdentifierName") == name:
            return str(one.get("relatedIdentifierValue") or "")[:100]
    return ""


def money(value: Any) -> tuple[Decimal, str]:
    """Read an amount and its currency.

    Raises:
        Unreadable: It is none.
    """
    amount = value.get("currencyAmount") if isinstance(value, dict) else None
    code = value.get("currencyCode") if isinstance(value, dict) else None
    if not isinstance(amount, int | float | Decimal) or isinstance(amount, bool):
        raise Unreadable(f"{str(amount)[:30]} is no amount.")
    if not isinstance(code, str) or code not in CURRENCIES:
        raise Unreadable(f"{str(code)[:20]} is no currency.")
    found = Decimal(str(amount))  # what is mirrored comes as a float: as it was written
    if not found.is_finite() or abs(found) >= Decimal(10) ** 10 or found != round(found, 4):
        raise Unreadable(f"{amount} is larger or finer than can be kept.")
    return found, code


def _add_up(record: Record, total: Decimal, code: str) -> None:
    told = [*_children(record)]
    if not told:
        return
    amounts = [money(one.get("breakdownAmount")) for one in told]
    if any(currency != code for _amount, currency in amounts):
        raise Unreadable("A part of it is in another currency.")
    if sum((amount for amount, _currency in amounts), Decimal(0)) != total:
        raise Unreadable("Its parts do not add up to its amount.")


def _fees(record: Record, code: str) -> Iterator[tuple[str, Decimal]]:
    """What was taken, by its kinds, as positive figures."""
    for one in _children(record):
        if one.get("breakdownType") not in FEES:
            yield from _fees(one, code)
            continue
        parts = [*_children(one)] or [one]
        told = [
            (str(part.get("breakdownType")), money(part.get("breakdownAmount")))
            for part in parts
        ]
        whole, currency = money(one.get("breakdownAmount"))
        if currency != code or any(part[1] != code for _name, part in told):
            raise Unreadable("A part of its fee is in another currency.")
        if sum((amount for _name, (amount, _code) in told), Decimal(0)) != whole:
            raise Unreadable("The parts of its fee do not add up.")
        yield from ((name, -amount) for name, (amount, _code) in told)


def _children(record: Record) -> Iterator[Record]:
    listed = record.get("breakdowns")
    yield from (
        one for one in (listed if isinstance(listed, list) else []) if isinstance(one, dict)
    )


def _moment(record: Record) -> datetime:
    text = _text(record, "postedDate")
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Unreadable(f"{text[:30]} is no moment.") from None
    if found.tzinfo is None:
        raise Unreadable(f"{text[:30]} is a moment of nobody's clock.")
    return found


def _text(record: Record, name: str) -> str:
    value = record.get(name)
    if not isinstance(value, str) or not value:
        raise Unreadable(f"It has no {name}.")
    return value[:LONGEST]
