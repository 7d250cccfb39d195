"""An open cycle with one row of somebody, what is written in it, and cycles that are over."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from app.accounts.models import User
from app.catalog.models import Customer, Product
from app.core.days import today
from app.core.db import db
from app.core.files import StoredFile
from app.planning import services
from app.planning.models import Cycle, Submission
from app.planning.months import months_after
from app.planning.services.spreadsheets import forecast_file, keep_file
from app.reports import services as reports
from app.reports.jobs import make_report
from app.supply import services as supply
from app.supply.jobs import make_supply_plan
from tests.planning.factories import FIRST, FIRST_MONTH, changed, row_of_open_cycle
from tests.sales.samples import row, sold

OVER = (-4, -3)  # cycles, by months from the open one
SOLD = 20  # months


def planned(user: User, product: Product, customer: Customer) -> dict[str, Any]:
    """Make it, and say what the addresses of its pages need."""
    _sell(product, customer)
    for months in OVER:
        past = row_of_open_cycle(user, customer, product, month=months_after(FIRST, months))
        services.make_baselines(past.cycle_id)
        services.close_cycle(past.cycle_id)
    here = row_of_open_cycle(user, customer, product)
    services.make_baselines(here.cycle_id)
    cell = services.CellEdit(
        op_id=uuid4(),
        row_id=here.id,
        month=FIRST,
        version=0,
        quantity=Decimal(1200),
        comment="As agreed at the fair with the new assortment of kettles",
    )
    services.save_cells(here.cycle_id, [cell], rep_id=None)
    adjustment = services.adjust_consensus(
        here.cycle_id,
        total=Decimal(5000),
        month=FIRST,
        reason="The fair brings more than usual",
    )
    scenario = services.create_scenario(
        here.cycle_id, name="With the fair in Milan", note="If we take the larger stand"
    )
    services.adjust_scenario(scenario.id, total=Decimal(9000), reason="Twice the visitors")
    file = _bring_back(db.session.get_one(Cycle, here.cycle_id))
    mine = select(Submission.id).where(Submission.cycle_id == here.cycle_id)
    submission = db.session.scalars(mine).one()
    ids = {"cycle_id": here.cycle_id, "row_id": here.id, "submission_id": submission}
    plan = supply.create_plan(make_supply_plan)
    supply.make_plan(plan.id)
    report = reports.create_report(make_report, kind="forecast")
    reports.make_report(report.id)
    schedule = reports.create_schedule(
        kind="sales",
        form="pdf",
        every="month",
        next_on=today(),
        recipients="sales@example.com, board@example.com",
    )
    made = {"report_id": report.id, "schedule_id": schedule.id, "adjustment_id": adjustment.id}
    made["scenario_id"] = scenario.id
    return ids | made | {"file_id": file.id, "plan_id": plan.id}


def _bring_back(cycle: Cycle) -> StoredFile:
    """Bring back a file that says something else, and something that is no number."""

    def change(sheet: Any) -> None:
        sheet.cell(2, FIRST_MONTH).value = 1300
        sheet.cell(2, FIRST_MONTH + 1).value = "about as many as last year"

    content = changed(forecast_file(cycle, rep_id=None), change)
    return keep_file(cycle, content, name="Forecast for the fair.xlsx", rep_id=None)


def _sell(product: Product, customer: Customer) -> None:
    """Sell more each month until this one."""
    sold(
        *(
            row(
                str(number),
                product.sku,
                str(100 + number),
                (months_after(FIRST, number - SOLD) + timedelta(days=4)).isoformat(),
                customer=customer.code,
            )
            for number in range(SOLD - 1)
        )
    )
