"""Thirty months of sales of two shops, imported as a shop's files are."""

import csv
import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import StringIO

from app.catalog.models import Customer, Product
from app.imports import services

MONTHS = 30
EACH = 300  # lines of a month, about
SOURCE = "Wholesale, previous system"
HEADER = (
    *("Date", "Document", "Product", "Description", "Quantity", "Unit price", "Customer"),
    *("Customer name", "Country", "Currency"),
)
# How much of the year's average each month sells: gifts before Christmas, calm summers.
SEASON = (0.8, 0.8, 0.9, 0.95, 1.0, 0.95, 0.8, 0.75, 1.05, 1.15, 1.5, 1.35)
GROWTH = 1.008  # a month
DAYS = 28  # that every month has


def sales(
    rng: random.Random,
    customers: list[Customer],
    products: list[Product],
    last: datetime,
    *,
    each: int = EACH,
) -> int:
    """Make the months before the last day's, and import them; gives the lines."""
    content = StringIO()
    writer = csv.writer(content)
    writer.writerow(HEADER)
    loyal = rng.sample(customers, min(60, len(customers)))
    wanted = rng.sample(products, min(250, len(products)))
    first = _months_before(last.date(), MONTHS)
    for number in range(MONTHS):
        month = _months_before(last.date(), MONTHS - number)
        lines = round(each * SEASON[month.month - 1] * GROWTH**number)
        writer.writerows(
            _row(rng, month, rng.choice(loyal), wanted, number) for _ in range(lines)
        )
    run = services.upload(
        "sales", file_name=f"sales since {first}.csv", content=content.getvalue().encode()
    )
    services.choose(run, run.mapping, fixed={"source": SOURCE})
    return int(services.run_import(run.id, dry_run=False)["created"])


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, 1)


def _row(
    rng: random.Random, month: date, customer: Customer, products: list[Product], number: int
) -> tuple[object, ...]:
    product = products[min(int(rng.expovariate(4 / len(products))), len(products) - 1)]
    day = month + timedelta(days=rng.randrange(DAYS))
    quantity = rng.choice((1, 2, 4, 6, 6, 12, 12, 24))
    is_return = rng.random() < 0.03  # noqa: PLR2004  (three in a hundred come back)
    price = (product.price * Decimal(str(round(0.9 + number / 300, 3)))).quantize(
        Decimal("0.01")
    )
    document = f"{'R' if is_return else 'S'}{month:%y%m}{rng.randint(1, 120):03}"
    return (
        *(
            day,
            document,
            product.sku,
            product.name,
            -quantity if is_return else quantity,
            price,
        ),
        *(customer.code, customer.company or customer.name, customer.country, product.currency),
    )
