"""The made-up shop behind the server, and the ways a test changes it."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

from tests.standins.magento import columns, documents, lines, moments, orders, products, states
from tests.standins.magento.orders import Demand
from tests.standins.magento.table import Table
from tests.standins.objects import Object

SOURCES = ("default", "outlet")
PLENTY, FEW = 500, 20


class Shop:
    """Tables of products, orders, invoices, shipments, and of what lies where."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.name = "Cook's Mill Online"
        self.seed = 1
        self.lock = threading.RLock()
        self.shipping_touches_orders = False  # also by a part that leaves the state as it is
        self.clamps_quantities = False  # whether too many are shipped as far as there are some
        self.products = Table("sku", columns.PRODUCTS, entity_id="id")
        self.orders = Table("entity_id", columns.ORDERS)
        self.invoices = Table("entity_id", columns.INVOICES)
        self.shipments = Table("entity_id", columns.SHIPMENTS)
        self.stock = Table(("sku", "source_code"), columns.STOCK)
        self.numbers = Table("", ())  # of lines, tracks and comments

    def now(self) -> float:
        """The shop's time, which tests may move."""
        return self.clock()

    def order(self, key: int) -> Object:
        """A copy of one order. Raises KeyError."""
        return self.orders.rows[key].fields

    def quantity(self, sku: str, source: str = "default") -> float:
        """How many of a product lie somewhere. Raises KeyError."""
        return float(self.stock.rows[sku, source].columns["quantity"])

    def set_quantity(self, sku: str, source: str, quantity: float, status: int = 1) -> None:
        """Say how many of a product lie somewhere."""
        with self.lock:
            said: Object = {"sku": sku, "source_code": source, "quantity": quantity}
            self.stock.put(said | {"status": status})

    def place(self, demand: Demand | Sequence[tuple[int, int]], at: float | None = None) -> int:
        """Order products, each with how many; gives the order's id."""
        demand = demand if isinstance(demand, Demand) else Demand(demand)
        with self.lock:
            key = self.orders.take_id()
            chance = Random(f"{self.seed} order {key}")
            moment = self.clock() if at is None else at
            self.orders.put(orders.order(key, demand, chance, moment, self.numbers.take_id))
            return key

    def place_paid(self, demand: Demand | Sequence[tuple[int, int]]) -> int:
        """Order products and pay them."""
        key = self.place(demand)
        self.invoice(key)
        return key

    def invoice(
        self, key: int, quantities: Mapping[int, float] | None = None, at: float | None = None
    ) -> int:
        """Bill some lines of an order, or all that is left. Raises KeyError."""
        with self.lock:
            order = self.order(key)
            left = {
                one["item_id"]: lines.remaining(one, "qty_invoiced")
                for one in lines.tops(order["items"])
            }
            number, moment = self.invoices.take_id(), self.clock() if at is None else at
            wanted = quantities or {item: count for item, count in left.items() if count}
            made = documents.invoice(number, order, wanted, moment, self.numbers.take_id)
            self.invoices.put(made)
            self.orders.put(order)
            return number

    def pieces_shipped(self) -> Counter[int]:
        """Count what was sent of each line of an order, by the id of the line."""
        counted: Counter[int] = Counter()
        for row in self.shipments.rows.values():
            for item in row.fields["items"]:
                counted[item["order_item_id"]] += item["qty"]
        return counted

    def ship(
        self, key: int, quantities: Mapping[int, float], at: float | None = None, **more: Any
    ) -> int:
        """Send some lines of an order; `more` are fields of the shipment. Raises KeyError."""
        with self.lock:
            order, number = self.order(key), self.shipments.take_id()
            moment = self.clock() if at is None else at
            made = documents.shipment(number, order, quantities, moment, self.numbers.take_id)
            if self.shipping_touches_orders:
                order["updated_at"] = moments.written(moment)
            self.shipments.put(made | more)
            self.orders.put(order)
            return number

    def change(self, key: int, how: Callable[[Object], Any]) -> Any:
        """Cancel, hold, unhold an order, or what a test wants. Raises KeyError."""
        with self.lock:
            order = self.order(key)
            done = how(order)
            if done is not False:
                order["updated_at"] = moments.written(self.clock())
                self.orders.put(order)
            return done

    def edit(self, key: int, demand: Demand | None = None, at: float | None = None) -> int:
        """Edit an order: the old one is cancelled, the new one is called the same with -1."""
        with self.lock:
            old = self.order(key)
            same = [(one["product_id"], one["qty_ordered"]) for one in lines.tops(old["items"])]
            new = self.place(demand or Demand(same, old["order_currency_code"]), at)
            fields = self.order(new)
            times = old.get("edit_increment", 0) + 1
            first = old.get("original_increment_id", old["increment_id"])
            fields |= {"increment_id": f"{first}-{times}", "edit_increment": times}
            fields |= {"original_increment_id": first, "relation_parent_id": str(key)}
            self.orders.put(fields | {"relation_parent_real_id": old["increment_id"]})
            relation = {"relation_child_id": str(new)}
            relation["relation_child_real_id"] = fields["increment_id"]
            states.cancel(old)
            old["updated_at"] = fields["created_at"]
            self.orders.put(old | relation)
            return new

    def delete(self, key: int) -> None:
        """Delete an order with all that belongs to it, as only extensions can."""
        with self.lock:
            for table in (self.invoices, self.shipments):
                for row in table.where("order_id", key):
                    table.remove(row.key)
            self.orders.remove(key)

    def change_product(self, sku: str, **changes: Any) -> None:
        """Set fields of a product. Raises KeyError."""
        with self.lock:
            fields = self.products.rows[sku].fields | changes
            self.products.put(fields | {"updated_at": moments.written(self.clock())})

    def add_product(self, number: int, created: float, updated: float) -> None:
        """Make the product of that id, and put plenty of it into the sources."""
        made = products.product(number, created, updated)
        self.products.put(made)
        if made["type_id"] == "simple":
            for source in SOURCES:
                self.set_quantity(made["sku"], source, PLENTY if source == "default" else FEW)
