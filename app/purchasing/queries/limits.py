"""Selects over the limits of approval."""

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from app.accounts.models import Role
from app.purchasing.models import ApprovalLimit


def limits() -> Select[ApprovalLimit]:
    """Every limit, with its role, by the role's name."""
    return (
        select(ApprovalLimit)
        .join(ApprovalLimit.role)
        .options(joinedload(ApprovalLimit.role, innerjoin=True))
        .order_by(Role.name, ApprovalLimit.currency)
    )


def limit(limit_id: int) -> Select[ApprovalLimit]:
    """One of them."""
    return limits().where(ApprovalLimit.id == limit_id)


def limits_of(role_id: int) -> Select[ApprovalLimit]:
    """Those of a role."""
    return select(ApprovalLimit).where(ApprovalLimit.role_id == role_id)
