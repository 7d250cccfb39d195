"""People at work, valid by default."""

from datetime import date, time
from decimal import Decimal

from factory.declarations import LazyFunction, Sequence, SubFactory
from sqlalchemy import select

from app.attendance.models import (
    AbsenceType,
    Contract,
    Device,
    Employee,
    PayrollMap,
    RuleSet,
    Shift,
)
from app.core.db import db
from tests.factories import Factory


def standard_rules() -> RuleSet:
    return db.session.scalars(select(RuleSet).order_by(RuleSet.id)).first() or RuleSet(
        name="Standard"
    )


class EmployeeFactory(Factory[Employee]):
    class Meta:
        model = Employee

    number = Sequence("E-{:03}".format)
    name = Sequence("Person {}".format)
    time_zone = "Europe/Berlin"
    country = "DE"
    hire_date = date(2020, 1, 1)


class DeviceFactory(Factory[Device]):
    class Meta:
        model = Device

    name = Sequence("Device {}".format)
    kind = "bridge"


class ShiftFactory(Factory[Shift]):
    class Meta:
        model = Shift

    code = Sequence("S{}".format)
    name = "Early"
    begins = time(6)
    ends = time(14)


class AbsenceTypeFactory(Factory[AbsenceType]):
    class Meta:
        model = AbsenceType

    name = Sequence("Type {}".format)


class ContractFactory(Factory[Contract]):
    class Meta:
        model = Contract

    employee = SubFactory(EmployeeFactory)
    valid_from = date(2020, 1, 1)
    weekly_hours = Decimal(40)
    rule_set = LazyFunction(standard_rules)


class PayrollMapFactory(Factory[PayrollMap]):
    class Meta:
        model = PayrollMap

    name = Sequence("Program {}".format)
    columns = "File # = number\nHours = hours regular"
    file_name = "{batch}.csv"
