"""What the built-in roles begin with, area by area, as the first release gave it to them."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Role
from app.accounts.roles import BUILT_IN
from app.core.db import db
from app.core.slices import slices

GIVEN = {
    "admin": {"*"},
    "manager": {
        "products.view",
        "products.edit",
        "products.import",
        "products.costs",
        "customers.view",
        "customers.edit",
        "customers.import",
        "vendors.view",
        "vendors.edit",
        "vendors.import",
        "stock.view",
        "stock.adjust",
        "stock.transfer",
        "stock.reserve",
        "stock.reverse",
        "stock.import",
        "stock.block",
        "stock.recall",
        "supply.view",
        "supply.make",
        "reports.view",
        "reports.make",
        "orders.view",
        "orders.edit",
        "orders.confirm",
        "orders.cancel",
        "orders.ship",
        "orders.return",
        "orders.import",
        "orders.send",
        "fulfilment.pick",
        "fulfilment.pack",
        "fulfilment.quantity",
        "fulfilment.takeover",
        "fulfilment.manage",
        "counting.count",
        "counting.view",
        "counting.manage",
        "counting.approve",
        "locations.edit",
        "invoices.view",
        "labels.view",
        "labels.print",
        "labels.manage",
        "integrations.view",
        "integrations.sync",
        "money.view",
        "reconcile.view",
        "reconcile.manage",
        "jobs.view",
        "jobs.manage",
        "audit.view",
        "views.share",
        "purchase_orders.view",
        "purchase_orders.edit",
        "purchase_orders.approve",
        "purchase_orders.send",
        "purchase_orders.receive",
        "purchase_orders.cancel",
        "purchase_orders.import",
        "assembly.view",
        "assembly.build",
        "transfers.view",
        "transfers.edit",
        "transfers.send",
        "transfers.receive",
        "vendor_returns.view",
        "vendor_returns.edit",
        "vendor_returns.send",
        "vendor_bills.view",
        "vendor_bills.match",
        "employees.view",
        "employees.edit",
        "employees.import",
        "employees.rates",
        "attendance.own",
        "attendance.view",
        "attendance.roster",
        "attendance.approve",
        "attendance.enrol",
        "attendance.payroll",
        "attendance.punch",
        "sales.view",
        "sales.import",
        "sales.manage",
        "forecasts.view",
        "forecasts.edit",
        "forecasts.manage",
    },
    "warehouse": {
        "products.view",
        "stock.view",
        "stock.adjust",
        "stock.transfer",
        "stock.reserve",
        "orders.view",
        "orders.ship",
        "orders.return",
        "fulfilment.pick",
        "fulfilment.pack",
        "counting.count",
        "labels.view",
        "labels.print",
        "purchase_orders.view",
        "purchase_orders.receive",
        "assembly.view",
        "assembly.build",
        "transfers.view",
        "transfers.edit",
        "transfers.send",
        "transfers.receive",
        "vendor_returns.view",
        "vendor_returns.send",
        "attendance.own",
    },
    "sales_rep": {
        "transfers.view",
        "products.view",
        "customers.view",
        "customers.edit",
        "stock.view",
        "stock.reserve",
        "orders.send",
        "orders.view",
        "orders.edit",
        "orders.confirm",
        "invoices.view",
        "attendance.own",
        "sales.view",
        "forecasts.view",
        "forecasts.edit",
    },
    "user": {
        "products.view",
        "stock.view",
        "attendance.own",
    },
}


@pytest.mark.parametrize("name", GIVEN)
def test_a_built_in_role_begins_with_what_the_slices_give_it(name: str) -> None:
    role = db.session.scalars(select(Role).where(Role.name == name)).one()

    assert set(role.permissions) == GIVEN[name]
    assert len(role.permissions) == len(GIVEN[name])


def test_there_are_no_other_built_in_roles(app: Flask) -> None:
    assert [role.name for role in BUILT_IN] == list(GIVEN)


def test_slices_give_permissions_only_to_roles_there_are(app: Flask) -> None:
    named = {role for roles in slices().first_holders.values() for role in roles}

    assert named == GIVEN.keys() - {"admin"}
