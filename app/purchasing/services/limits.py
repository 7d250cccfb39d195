"""Who may approve how much."""

from decimal import Decimal
from typing import Any

from app.accounts.models import Role
from app.catalog.rules import Rule, parse_currency
from app.core.checks import checked, named_when_taken
from app.core.db import db, locked, transaction
from app.core.errors import AlreadyExists, Invalid
from app.core.quantities import LARGEST_QUANTITY, MONEY_DECIMALS
from app.purchasing import queries
from app.purchasing.models import ApprovalLimit


def _amount(amount: Decimal) -> Decimal:
    if not amount.is_finite() or not 0 <= amount < LARGEST_QUANTITY:
        raise ValueError("Enter an amount of zero or more.")
    if amount != round(amount, MONEY_DECIMALS):
        raise ValueError(f"At most {MONEY_DECIMALS} decimals.")
    return amount


RULES: dict[str, Rule] = {"currency": parse_currency, "amount": _amount}


@named_when_taken
def create_limit(*, role_id: int, currency: str, amount: Decimal) -> ApprovalLimit:
    """Say up to which amount people of a role approve orders in a currency.

    Raises:
        Invalid: There is no such role, it may do everything, or a value does not fit.
        AlreadyExists: The role has a limit in that currency.
    """
    kept = checked({"currency": currency, "amount": amount}, RULES)
    with transaction() as session:
        role = session.get(Role, role_id)
        if role is None:
            raise Invalid("role_id", "There is no such role.")
        if role.is_fixed:
            raise Invalid("role_id", f"{role} may do everything: no limit holds it.")
        same = queries.limits_of(role_id).where(ApprovalLimit.currency == kept["currency"])
        if session.scalars(same).one_or_none():
            raise AlreadyExists("currency", f"{role} has a limit in {kept['currency']}.")
        limit = ApprovalLimit(role_id=role_id, **kept)
        session.add(limit)
        session.flush()
    return limit


def revise_limit(limit_id: int, *, version: int | None, **changes: Any) -> ApprovalLimit:
    """Change the amount of a limit as it was in `version`.

    Raises:
        StaleVersion: Somebody else was faster.
        Invalid: The amount does not fit.
    """
    kept = checked(changes, RULES)
    with transaction() as session:
        limit = session.scalars(locked(queries.limit(limit_id), ApprovalLimit)).one()
        limit.revise(version=version, **kept)
        session.flush()
    return limit


def delete_limit(limit_id: int) -> None:
    """Let people of a role approve without a limit in a currency again."""
    with transaction() as session:
        if limit := db.session.get(ApprovalLimit, limit_id):
            session.delete(limit)
