"""Contracts and the rules by which time is counted. What has held stays as it was."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.attendance import queries
from app.attendance.models import WEEKDAYS, Contract, Employee, PastRules, RuleSet
from app.attendance.reckoning.hours import Rules, written
from app.attendance.services.locking import ensure_day_open, locked_until
from app.attendance.services.reading import rules_of
from app.attendance.services.staleness import BEGIN_OF_TIME, mark_all_stale, mark_stale
from app.core.checks import Rule, checked, named_when_taken, needed
from app.core.currencies import parse_currency
from app.core.db import locked, transaction
from app.core.errors import AlreadyExists, Invalid
from app.core.settings import setting
from app.core.texts import parse_line

STANDARD = "Standard"
TERMS = {"valid_from", "weekly_hours", "rule_set_id"}  # what timesheets follow from

RULES: dict[str, Rule] = {"currency": needed(parse_currency)}
RULE_SET_RULES: dict[str, Rule] = {"name": needed(parse_line)}


@named_when_taken
def create_contract(employee_id: int, **values: Any) -> Contract:
    """Let a contract hold from a day on.

    Raises:
        AlreadyExists: Another one begins on that day.
        Invalid: A value does not fit.
        PeriodLocked: It would hold on days that are locked.
    """
    values["currency"] = values.get("currency") or setting("currency")
    with transaction() as session:
        session.scalars(locked(queries.employee(employee_id), Employee)).one()
        contract = Contract(employee_id=employee_id, **checked(values, RULES))
        _refuse_contract(session, contract)
        ensure_day_open(session, contract.valid_from)
        session.add(contract)
        session.flush()
        mark_stale(session, {employee_id: contract.valid_from})
    return contract


@named_when_taken
def revise_contract(
    employee_id: int, contract_id: int, *, version: int | None, **changes: Any
) -> Contract:
    """Put a contract right as it was in `version`. A change of terms is a new contract.

    Raises:
        StaleVersion: Somebody else was faster.
        AlreadyExists: Another one begins on that day.
        Invalid: A value does not fit.
        PeriodLocked: It would hold on days that are locked.
    """
    kept = checked(changes, RULES)
    with transaction() as session:
        session.scalars(locked(queries.employee(employee_id), Employee)).one()
        found = queries.contract(employee_id, contract_id)
        contract = session.scalars(locked(found, Contract)).one()
        with session.no_autoflush:
            first = contract.valid_from
            new = contract.revise(version=version, **kept)
            if new:
                _refuse_contract(session, contract)
            if TERMS & new.keys():
                ensure_day_open(session, min(first, contract.valid_from))
        session.flush()
        mark_stale(session, {employee_id: BEGIN_OF_TIME})
    return contract


@named_when_taken
def create_rule_set(*, name: str, **values: Any) -> RuleSet:
    """Add a set of rules.

    Raises:
        AlreadyExists: Another one has the name.
        Invalid: A value does not fit.
    """
    with transaction() as session:
        kept = checked({"name": name, **values}, RULE_SET_RULES)
        rules = RuleSet(**kept)
        _refuse_rule_set(session, rules)
        session.add(rules)
    return rules


@named_when_taken
def revise_rule_set(rule_set_id: int, *, version: int | None, **changes: Any) -> RuleSet:
    """Change a set of rules as it was in `version`: of all days that are not locked.

    Raises:
        StaleVersion: Somebody else was faster.
        AlreadyExists: Another one has the name.
        Invalid: A value does not fit.
    """
    kept = checked(changes, RULE_SET_RULES)
    with transaction() as session:
        rules = session.scalars(locked(queries.rule_set(rule_set_id), RuleSet)).one()
        before = rules_of(rules)
        with session.no_autoflush:
            if rules.revise(version=version, **kept):
                _refuse_rule_set(session, rules)
        session.flush()
        if before != rules_of(rules):
            _keep_past(session, rules, before)
        mark_all_stale(session)
    return rules


def _keep_past(session: Session, rules: RuleSet, before: Rules) -> None:
    """Let days that are locked be counted as they were; only the first change tells how."""
    last = locked_until(session)
    if last is not None:
        past = insert(PastRules).values(
            rule_set_id=rules.id, last_day=last, rules=written(before)
        )
        session.execute(past.on_conflict_do_nothing())


def install_rule_set() -> None:
    """Make the rules that an installation begins with, unless there are some."""
    with transaction() as session:
        if session.scalar(select(RuleSet.id).limit(1)) is None:
            session.add(RuleSet(name=STANDARD))


def _refuse_contract(session: Session, contract: Contract) -> None:
    taken = select(Contract.id).where(
        Contract.employee_id == contract.employee_id,
        Contract.valid_from == contract.valid_from,
        Contract.id.is_distinct_from(contract.id),
    )
    if session.scalar(taken) is not None:
        raise AlreadyExists("valid_from", "Another contract begins on this day.")
    rules = select(RuleSet.id).where(RuleSet.id == contract.rule_set_id)
    if session.scalar(rules) is None:
        raise Invalid("rule_set_id", "There are no such rules.")


def _refuse_rule_set(session: Session, rules: RuleSet) -> None:
    taken = select(RuleSet.id).where(
        func.lower(RuleSet.name) == func.lower(rules.name),
        RuleSet.id.is_distinct_from(rules.id),
    )
    if session.scalar(taken) is not None:
        raise AlreadyExists("name", f"There are rules called {rules.name} already.")
    after, double = rules.daily_overtime, rules.daily_double
    if double is not None and (after is None or double <= after):
        raise Invalid("daily_double", "Later than the overtime of a day begins.")
    _refuse_days(rules.rest_days or ())


def _refuse_days(days: Collection[int]) -> None:
    if any(not 0 <= day < len(WEEKDAYS) for day in days):
        raise Invalid("rest_days", "Days are counted from 0, Monday, to 6, Sunday.")
