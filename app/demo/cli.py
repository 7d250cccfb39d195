"""`flask demo`: fill an empty installation with a believable company."""

import random
import sys
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from app.accounts.models import User
from app.catalog.models import Customer, Product, Vendor
from app.core.actors import Actor, acting_as
from app.core.db import db, transaction
from app.core.settings import setting
from app.counting.services import create_plan
from app.demo import (
    attendance,
    bills,
    bundles,
    catalog,
    locations,
    lots,
    partners,
    planning,
    purchases,
    returns,
    sales_history,
    sales_orders,
    shipments,
    transfers,
)
from app.demo.movements import DAYS, DemoProduct, StockHistory
from app.purchasing.services import find_warehouse
from app.stock.models import HomeLocation

SEED = 7
LINES_FOR_A_CUSTOMER = 75  # of sales a month, for each that a rep forecasts
FULL = "There are products already. The demo only fills an empty installation."


@click.command("demo")
@with_appcontext
def demo() -> None:
    """Make products, partners, people, 90 days of movements and punches: all or nothing."""
    if db.session.scalar(select(Product.id).limit(1)):
        click.echo(FULL)
        sys.exit(1)
    began = time.monotonic()
    with acting_as(_somebody()), transaction():
        counts = fill(random.Random(SEED), last=_midnight())  # noqa: S311  (repeatable)
    told = ", ".join(f"{number:,} {things}" for things, number in counts.items())
    click.echo(f"{told}, {DAYS} days of movements, in {time.monotonic() - began:.0f} s.")


def fill(
    rng: random.Random,
    *,
    last: datetime,
    days: int = DAYS,
    each: int = catalog.PER_CATEGORY,
    each_month: int = sales_history.EACH,
) -> dict[str, int]:
    """Make everything, the same each time but for the dates: the `days` before the `last`.

    `each` is how many products a category has, `each_month` how many lines of sales a month.
    """
    currency = str(setting("currency"))
    with transaction() as session:
        vendors = partners.vendors(rng, currency)
        customers = partners.customers(rng, currency)
        products = catalog.products(rng, vendors, currency, each=each)
        session.add_all([*vendors, *customers, *products])
        session.flush()
        known = locations.build()
        in_bins = _shelve(rng, products, known)
        session.flush()
        history = StockHistory(rng, in_bins, known, last - timedelta(days=days))
        history.open_stock()
        for day in range(1, days):
            history.run_day(day)
        history.reserve_some()
        sold = [good.product for good in in_bins]
        orders = sales_orders.orders(rng, customers, sold, last)
        at_work = attendance.people(rng, last, days=days)
        # Last, by a chance of their own: what was there before stays what it was.
        buying = random.Random(SEED)  # noqa: S311  (repeatable)
        purchases.terms(buying)
        bought = purchases.purchase_orders(buying, sold, known)
        supplied = _supply(sold, vendors, customers, known)
        lines = sales_history.sales(rng, customers, sold, last, each=each_month)
        ordered, planned = planning.cycles(
            buying, customers, sold, last, each=max(1, each_month // LINES_FOR_A_CUSTOMER)
        )
        suggested = planning.supply()
        reported = planning.reports()
    return {
        "products": len(products),
        "customers": len(customers),
        "vendors": len(vendors),
        "warehouses": len(known.bins),
        "orders": orders,
        **at_work,
        "purchase orders": bought,
        **supplied,
        "lines of sales": lines + ordered,
        "cycles of forecasts": planned,
        "suggestions of supply": suggested,
        "reports": reported,
    }


def _supply(
    sold: list[Product],
    vendors: list[Vendor],
    customers: list[Customer],
    known: locations.DemoLocations,
) -> dict[str, int]:
    """Let goods come and go in all the other ways that there are."""
    bin_ = known.bins["CENTRAL"][0]
    made = {
        "bundles": bundles.bundles(sold, customers, bin_),
        "transfers": transfers.transfers(sold, known),
        "returns to vendors": returns.returns(),
        "bills of vendors": bills.bills(),
        "inbound shipments": shipments.shipments(),
        "orders that vendors deliver": shipments.drop_ships(sold, customers),
    }
    create_plan(warehouse_id=find_warehouse(bin_.code))
    return made | {"lots and serial numbers": lots.lots(vendors, customers, bin_)}


def _shelve(
    rng: random.Random, products: list[Product], known: locations.DemoLocations
) -> list[DemoProduct]:
    """Give every product that is sold its bins, and the reorder point its sales ask for."""
    sold = [product for product in products if product.is_active]
    weights = [rng.choice((1, 1, 1, 2, 3, 6, 12, 30)) for _ in sold]
    central = known.bins["CENTRAL"]
    made = []
    for number, product in enumerate(sold):
        bins = {"CENTRAL": central[number % len(central)]}
        for code, share in (("NORTH", 0.25), ("SHOP", 0.15)):
            if rng.random() < share:
                bins[code] = rng.choice(known.bins[code])
        good = DemoProduct(product, weights[number] / sum(weights), bins)
        product.reorder_point = Decimal(good.reorder_point)
        product.reorder_quantity = Decimal(good.order_quantity)
        home = HomeLocation(product_id=product.id, location_id=bins["CENTRAL"].id)
        db.session.add(home)
        made.append(good)
    return made


def _somebody() -> Actor:
    """Act for the first person there is, as far as there is one."""
    person = db.session.scalars(select(User).order_by(User.id).limit(1)).first()
    return Actor(person.id, person.name, None) if person else Actor(None, "Demo", None)


def _midnight() -> datetime:
    return datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
