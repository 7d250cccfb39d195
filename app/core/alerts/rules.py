"""Who hears of which alerts, and how: as slices declare it, as an administrator decided it."""

from typing import NamedTuple

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from app.core.alerts.kinds import AlertKind, find_kind
from app.core.alerts.models import Alert, AlertRule
from app.core.audit.recorder import note
from app.core.db import db, locked, transaction
from app.core.errors import Invalid
from app.core.permissions import catalogue
from app.core.roles import roles
from app.core.slices import slices


class Rule(NamedTuple):
    """The rule of a kind. Without a role those hear whose role may put it right."""

    kind: AlertKind
    role_id: int | None
    is_shown: bool
    is_mailed: bool
    is_sent: bool
    version: int

    @property
    def name(self) -> str:
        """The name of its kind."""
        return self.kind.name

    @property
    def label(self) -> str:
        """What alerts of the kind tell, for people."""
        return self.kind.label

    @property
    def severity(self) -> str:
        """How bad it is."""
        return self.kind.severity

    @property
    def hears(self) -> str:
        """Say who hears of it: a role, or whoever holds a permission."""
        if self.role_id is not None:
            return f"Role: {dict(roles()).get(self.role_id, 'unknown')}"
        if not self.kind.permission:
            return "Whoever may put it right"
        area, _dot, verb = self.kind.permission.partition(".")
        return f"Whoever may: {catalogue()[area][verb]}"


def rules() -> dict[str, Rule]:
    """Give the rule of every kind, by its name."""
    decided = {row.kind: row for row in db.session.scalars(select(AlertRule))}
    return {name: _rule(kind, decided.get(name)) for name, kind in slices().alerts.items()}


def rule_of(kind: str) -> Rule | None:
    """Give the rule of a kind; None of one that no slice declares any more."""
    if kind not in slices().alerts:
        return None
    row = select(AlertRule).where(AlertRule.kind == kind)
    return _rule(find_kind(kind), db.session.scalars(row).one_or_none())


def revise_rule(
    kind: str,
    *,
    version: int | None = None,
    **changes: int | bool | None,
) -> Rule:
    """Change who hears of a kind of alert: `role_id`, `is_shown`, `is_mailed`, `is_sent`.

    What is open already is seen by who hears of it now; mails and webhooks that went out went
    out.

    Raises:
        Invalid: There is no such role.
        StaleVersion: Somebody has changed the same since `version`.
    """
    declared = find_kind(kind)
    names = dict(roles())
    if changes.get("role_id") is not None and changes["role_id"] not in names:
        raise Invalid("role_id", "There is no such role.")
    with transaction() as session:
        usual = _rule(declared, None)
        row = insert(AlertRule).values(
            kind=kind, is_shown=usual.is_shown, is_mailed=usual.is_mailed, is_sent=usual.is_sent
        )
        session.execute(row.on_conflict_do_nothing(index_elements=["kind"]))
        found = select(AlertRule).where(AlertRule.kind == kind)
        rule = session.scalars(locked(found, AlertRule)).one()
        before = rule.role_id
        if "role_id" in rule.revise(version=version, **changes):
            told = [names.get(one, "") if one else "" for one in (before, rule.role_id)]
            note(rule, "role", *told)
    return _rule(declared, rule)


def heard(query: Select[Alert], *, permissions: list[str], role_id: int) -> Select[Alert]:
    """Those among some alerts that somebody hears of who has a role, and what it holds."""
    for_roles = [rule for rule in rules().values() if rule.role_id is not None]
    for_mine = [rule.name for rule in for_roles if rule.role_id == role_id]
    others = Alert.kind.not_in([rule.name for rule in for_roles])
    may = and_(others, Alert.permission.in_(permissions))
    return query.where(or_(Alert.kind.in_(for_mine), may))


def kinds_shown() -> list[str]:
    """Give the names of kinds that stand on pages."""
    return [rule.name for rule in rules().values() if rule.is_shown]


def rules_naming(role_id: int) -> int:
    """Count the rules by which a role alone hears of something."""
    naming = select(func.count()).where(AlertRule.role_id == role_id)
    return db.session.scalar(naming) or 0


def _rule(kind: AlertKind, row: AlertRule | None) -> Rule:
    if row is None:
        return Rule(
            kind, None, is_shown=True, is_mailed=kind.is_mailed, is_sent=True, version=1
        )
    return Rule(kind, row.role_id, row.is_shown, row.is_mailed, row.is_sent, row.version)
