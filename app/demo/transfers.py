"""Goods between the warehouses: one transfer to be sent, one late, one short, one that came."""

from datetime import timedelta
from decimal import Decimal

from app.catalog.figures import figures_of
from app.catalog.models import Product
from app.core.days import today
from app.core.db import transaction
from app.demo.locations import DemoLocations
from app.purchasing.services import find_warehouse
from app.stock.models import Location
from app.transfers import services
from app.transfers.models import Transfer
from app.transfers.services import Said, Wanted

PIECES = Decimal(2)
LINES = 3  # of each transfer
STATES = ("draft", "late", "short", "received")


def transfers(products: list[Product], known: DemoLocations) -> int:
    """Make one in each state, from the central warehouse to the shop; gives how many."""
    there = figures_of([product.id for product in products])
    most = sorted(products, key=lambda one: (-there[one.id].available, one.sku))
    bin_in_shop = known.bins["SHOP"][0]
    with transaction():
        ends = {code: find_warehouse(bins[0].code) for code, bins in known.bins.items()}
        for number, state in enumerate(STATES):
            goods = most[number * LINES : (number + 1) * LINES]
            made = services.create_transfer(
                [Wanted(product.id, PIECES) for product in goods],
                source_id=ends["CENTRAL"],
                destination_id=ends["SHOP"],
                key=f"demo transfer {state}",
                expected_on=today() + timedelta(-1 if state == "late" else 2),
                note="For the window" if state == "draft" else "",
            )
            _bring(made, state, bin_in_shop)
    return len(STATES)


def _bring(transfer: Transfer, state: str, bin_in_shop: Location) -> None:
    if state == "draft":
        return
    key = f"demo {state}"
    items = [Said(line.id, line.quantity) for line in transfer.lines]
    services.send_transfer(transfer.id, items, key=f"{key} sent")
    if state == "late":
        return
    came = [item._replace(word="good") for item in items]
    if state == "short":
        came[0] = came[0]._replace(quantity=came[0].quantity - 1)
    services.receive_transfer(
        transfer.id, came, key=f"{key} received", location_id=bin_in_shop.id
    )
