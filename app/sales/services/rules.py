"""Of which kind a line is: what the rules say, else what its quantity does."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session

from app.core.codes import normal_code
from app.core.db import db, locked, transaction
from app.core.errors import Invalid
from app.sales.models import SalesItem, SalesRule, SalesSource
from app.sales.services.lines import change_lines
from app.sales.tables import sales_line

MOST_PATTERNS = 200
# What an installation begins with; people change it as their sources need it.
USUAL = (
    {"kind": "bad_debt", "product": "B, BAD DEBT*", "document": "A*"},
    {
        "kind": "service",
        "product": (
            "POST, DOT, M, C2, D, S, PADS, BANK CHARGES, AMAZONFEE, CRUK, SHIPPING, FREIGHT, "
            "VERSAND, PORTO, FRAIS DE PORT"
        ),
    },
    {"kind": "cancellation", "document": "C*", "sign": "negative"},
    {"kind": "return", "sign": "negative"},
)


def sales_rules() -> Select[SalesRule]:
    """The rules in the order in which they are asked."""
    return select(SalesRule).order_by(SalesRule.position, SalesRule.id)


def patterns(text: str) -> list[str]:
    """Read patterns as LIKE has them; codes are compared in their normal form.

    Raises:
        ValueError: There are too many.
    """
    found = [normal_code(part) for part in text.split(",") if part.strip()]
    if len(found) > MOST_PATTERNS:
        raise ValueError(f"At most {MOST_PATTERNS} patterns.")
    escaped = (
        part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for part in found
    )
    return [part.replace("*", "%") for part in escaped]


def kind_of(
    rules: Sequence[SalesRule],
    *,
    product: Any,
    document: Any,
    description: Any,
    quantity: Any,
) -> ColumnElement[str]:
    """Give the kind of a line by the first rule that fits; without one it is a sale.

    `product` is the code in its normal form.
    """
    texts: Mapping[str, ColumnElement[str]] = {
        "product": product,
        "document": func.lower(document),
        "description": func.lower(description),
    }
    signs = {"negative": quantity < 0, "positive": quantity > 0}
    whens = []
    for rule in rules:
        asked = [
            _is_like(one, patterns(getattr(rule, name)))
            for name, one in texts.items()
            if getattr(rule, name)
        ]
        if rule.sign:
            asked.append(signs[rule.sign])
        whens.append((and_(*asked), literal(rule.kind)))
    return case(*whens, else_=literal("sale")) if whens else literal("sale")


def _is_like(one: ColumnElement[str], wanted: Sequence[str]) -> ColumnElement[bool]:
    """Compare whole codes all at once: only those with a * are tried one by one."""
    whole = [pattern.replace("\\", "") for pattern in wanted if "%" not in _bare(pattern)]
    parts = [one.like(pattern) for pattern in wanted if "%" in _bare(pattern)]
    return or_(*parts, *([one.in_(whole)] if whole else []))


def _bare(pattern: str) -> str:
    """Leave out the letters that stand for themselves."""
    return re.sub(r"\\.", "", pattern)


def add_rule(**values: Any) -> SalesRule:
    """Add a rule behind the others, or before those of its position.

    Raises:
        Invalid: It says nothing, so that it would fit everything.
    """
    _check(values)
    with transaction() as session:
        rule = SalesRule(**values)
        session.add(rule)
    return rule


def change_rule(rule_id: int, *, version: int | None, **values: Any) -> SalesRule:
    """Change a rule; lines that are there keep their kinds until they are classified again.

    Raises:
        Invalid: It says nothing.
        StaleVersion: Somebody else has changed it.
    """
    with transaction() as session:
        one = select(SalesRule).where(SalesRule.id == rule_id)
        rule = session.scalars(locked(one, SalesRule)).one()
        names = ("product", "document", "description", "sign")
        _check({name: getattr(rule, name) for name in names} | values)
        rule.revise(version=version, **values)
    return rule


def delete_rule(rule_id: int) -> None:
    """Take a rule out."""
    with transaction() as session:
        rule = session.get(SalesRule, rule_id)
        if rule is not None:
            session.delete(rule)


def _check(values: Mapping[str, Any]) -> None:
    parts = ("product", "document", "description")
    for name in parts:
        try:
            patterns(values.get(name, ""))
        except ValueError as error:
            raise Invalid(name, str(error)) from error
    says = any(patterns(values.get(name, "")) for name in parts) or values.get("sign")
    if not says:
        raise Invalid("product", "Say by what such lines are known.")


def classify_again() -> int:
    """Give every line the kind that the rules of today say; gives how many changed."""
    with transaction() as session:
        rules = session.scalars(sales_rules()).all()
        lines = sales_line.c
        wanted = kind_of(
            rules,
            product=SalesItem.code_key,
            document=lines.document,
            description=SalesItem.name,
            quantity=lines.quantity,
        )
        # Of what is ours the kind is known: it was shipped, it came back.
        told = select(SalesSource.id).where(SalesSource.own == "")
        which = SalesItem.id == lines.item_id, lines.source_id.in_(told), lines.kind != wanted
        return change_lines(session, {"kind": wanted}, *which)


def install_rules() -> None:
    """Begin with the usual rules, where there is no source of sales and no rule yet."""
    if db.session.scalar(select(func.count()).select_from(SalesRule)):
        return
    with transaction() as session:
        _add_usual(session)


def _add_usual(session: Session) -> None:
    for position, values in enumerate(USUAL, 1):
        session.add(SalesRule(position=position * 10, **values))
