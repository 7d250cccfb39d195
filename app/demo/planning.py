"""Three reps who forecast what customers order every month; six cycles, one of them open."""

import csv
import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from uuid import UUID

from sqlalchemy import select

from app.accounts.models import Role, User
from app.catalog.models import Customer, Product
from app.core.db import db, transaction
from app.demo.sales_history import DAYS, GROWTH, HEADER, MONTHS, SEASON
from app.imports import services as imports
from app.planning import services
from app.planning.models import Baseline, Cycle, ScopeRow, Submission
from app.planning.months import months_after
from app.reports import services as reporting
from app.reports.jobs import make_report
from app.reports.models import KINDS
from app.supply import services as supplying
from app.supply.jobs import make_supply_plan

NAMES = ("Rita Lopez", "Sven Dahl", "Tara Quinn")
SOURCE = "Standing orders"
CYCLES, HORIZON = 6, 12
EACH = 4  # customers of a rep, and
RANGE = 6  # products of a customer
SIZES = (6, 12, 24, 60)  # of what is ordered in a month
THRESHOLD = 30  # percent off the baseline
WRITTEN = 0.25  # of the cells, by reps who know better


@dataclass(frozen=True, slots=True)
class StandingOrder:
    """What a customer orders every month, about."""

    rep: User
    customer: Customer
    product: Product
    quantity: int


def cycles(
    rng: random.Random,
    customers: list[Customer],
    products: list[Product],
    last: datetime,
    *,
    each: int = EACH,
) -> tuple[int, int]:
    """Make what is ordered every month, and the cycles that forecast it; counts lines, cycles.

    `each` is how many customers a rep has.
    """
    first = months_after(last.date(), 1)
    people = _reps()
    standing = _standing(rng, people, customers, products, each=each)
    lines = _sell(rng, standing, months_after(last.date(), 0))
    for number in range(CYCLES):
        month = months_after(first, number - CYCLES + 1)
        cycle = _cycle(month, people, standing)
        services.make_baselines(cycle.id)
        _write(rng, cycle)
        if month != first:
            _hand_in(cycle)
            services.close_cycle(cycle.id)
    return lines, CYCLES


def supply() -> int:
    """Make a supply plan of what was forecast last; gives how many suggestions it has."""
    plan = supplying.create_plan(make_supply_plan)
    return int(supplying.make_plan(plan.id)["suggestions"])


def reports() -> int:
    """Make a report of each kind as an Excel file; gives how many."""
    for kind in KINDS:
        report = reporting.create_report(make_report, kind=kind)
        reporting.make_report(report.id)
    return len(KINDS)


def _reps() -> list[User]:
    """Add people who sell; nobody signs in as one until an administrator sets a password."""
    with transaction() as session:
        role = session.scalars(select(Role).where(Role.name == "sales_rep")).one()
        people = [
            User(
                username=name.split()[0].lower(),
                email=f"{name.split()[0].lower()}@example.com",
                name=name,
                role=role,
                password_hash="!",  # noqa: S106  (no password has this hash)
            )
            for name in NAMES
        ]
        session.add_all(people)
    return people


def _standing(
    rng: random.Random,
    people: list[User],
    customers: list[Customer],
    products: list[Product],
    *,
    each: int,
) -> list[StandingOrder]:
    active = [one for one in customers if one.is_active]
    loyal = rng.sample(active, min(len(active), each * len(people)))
    return [
        StandingOrder(
            people[place % len(people)], customer, product, rng.choice((6, 12, 24, 60))
        )
        for place, customer in enumerate(loyal)
        for product in rng.sample(products, min(RANGE, len(products)))
    ]


def _sell(rng: random.Random, standing: list[StandingOrder], until: date) -> int:
    content = StringIO()
    writer = csv.writer(content)
    writer.writerow((*HEADER, "Rep"))
    for number in range(MONTHS):
        month = months_after(until, number - MONTHS)
        for one in standing:
            usual = one.quantity * SEASON[month.month - 1] * GROWTH**number
            quantity = max(1, round(usual * rng.uniform(0.8, 1.2)))
            writer.writerow(_line(one, month + timedelta(days=rng.randrange(DAYS)), quantity))
    run = imports.upload(
        "sales", file_name="standing orders.csv", content=content.getvalue().encode()
    )
    imports.choose(run, run.mapping, fixed={"source": SOURCE})
    return int(imports.run_import(run.id, dry_run=False)["created"])


def _line(one: StandingOrder, day: date, quantity: int) -> tuple[object, ...]:
    customer, product = one.customer, one.product
    return (
        *(day, f"O{day:%y%m}{customer.id}", product.sku, product.name, quantity, product.price),
        *(customer.code, customer.company or customer.name, customer.country),
        *(product.currency, one.rep.name),
    )


def _cycle(month: date, people: list[User], standing: list[StandingOrder]) -> Cycle:
    cycle = services.create_cycle(
        month=month,
        months=HORIZON,
        due_on=month - timedelta(days=5),
        threshold=THRESHOLD,
        rep_ids=[one.id for one in people],
    )
    with transaction() as session:
        session.add_all(
            ScopeRow(
                cycle_id=cycle.id,
                user_id=one.rep.id,
                customer_id=one.customer.id,
                product_id=one.product.id,
            )
            for one in standing
        )
    return services.open_cycle(cycle.id)


def _write(rng: random.Random, cycle: Cycle) -> None:
    """Let reps raise some months and lower others, and say why where it is much."""
    found = (
        select(ScopeRow.id, Baseline.quantities)
        .join(Baseline, Baseline.scope_id == ScopeRow.id)
        .where(ScopeRow.cycle_id == cycle.id)
        .order_by(ScopeRow.id)
    )
    edits = []
    for row in db.session.execute(found).all():
        for month, baseline in zip(cycle.horizon, row.quantities, strict=False):
            if rng.random() < WRITTEN:
                factor = rng.choice((0.9, 1.1, 1.2, 1.5))
                quantity = round(float(baseline) * factor)
                edits.append(
                    services.CellEdit(
                        op_id=UUID(int=rng.getrandbits(128)),
                        row_id=row.id,
                        month=month,
                        version=0,
                        quantity=Decimal(quantity),
                        reason="Promotion agreed" if _is_far(quantity, baseline) else "",
                    )
                )
    services.save_cells(cycle.id, edits, rep_id=None)


def _is_far(quantity: int, baseline: Decimal) -> bool:
    return abs(quantity - baseline) * 100 >= THRESHOLD * baseline


def _hand_in(cycle: Cycle) -> None:
    mine = select(Submission.id).where(Submission.cycle_id == cycle.id)
    for submission_id in db.session.scalars(mine.order_by(Submission.id)).all():
        services.submit_forecast(submission_id, accepts_blanks=True)
        services.approve_submission(submission_id)
