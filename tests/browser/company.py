"""One record of everything, with names as long as people make them."""

import csv
import io
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from flask import Flask, url_for
from sqlalchemy import func, select

from app.accounts.models import Role, SecondFactor, User
from app.catalog import services as catalog
from app.catalog.models import BarcodeLine
from app.core import cleanup
from app.core.actors import Actor, acting_as
from app.core.alerts import raise_alert
from app.core.db import db
from app.core.pages.saved_views.services import save_view
from app.imports.models import ImportProfile
from app.imports.services import choose, run_import, upload
from app.sales.models import SalesItem, SalesParty, SalesRule
from app.stock import services as stock
from app.stock.models import Posting
from app.stock.reservations import ReservedQuantity
from app.webhooks import services as webhooks
from tests.browser.attending import attending
from tests.browser.building import building
from tests.browser.buying import buying
from tests.browser.counted import counted
from tests.browser.giving_back import giving_back
from tests.browser.outside import outside
from tests.browser.planned import planned
from tests.browser.printing import printing
from tests.browser.selling import selling
from tests.browser.traced import traced
from tests.browser.transferring import transferring
from tests.factories import CustomerFactory, ProductFactory, VendorFactory

LONG = "Stainless steel pour-over gooseneck kettle with thermometer, 1.2 litres, matt black"
# What answers with something else than a page of ours.
NO_PAGES = {
    "connections.edit_credentials",  # of another system than the one that is connected
    "accounts.new_registration",  # closed unless a setting opens it
    "exports.show",
    "files.show",
    "forecast_files.export",
    "forecast_grid.show_cells",  # what the grid asks for
    "payroll.show_file",
    "my_time.export_kept",
    "employees.export_kept_of",
    "employees.show_photo",
    "timesheets.show_pdf",
    "health.health",
    "health.ready",
    "home",
    "kiosk.show",  # of a browser that hangs at a door: tests/browser/test_kiosk.py
    "kiosk.show_state",
    "kiosk.live",
    "labels.calibration",
    "labels.sheet",
    "orders.document",
    "purchase_orders.document",
    "metrics.show",
    "vendor_returns.paper",
    "reports.download",
    "choices.index",  # options of a field
    "product_images.show",
    "quickbooks.finish",
    "realtime.live",
    "static",
    "stock.low_csv",
    "tablet.show_session",
    "tablet.worker",
    "stock.low_pdf",
}


def sales_file(name: str) -> bytes:
    """Sales of the year, with names as long as people make them."""
    text = io.StringIO()
    write = csv.writer(text).writerow
    head = (
        "Date,Document,Product,Description,Quantity,Unit price,Customer,Customer name,Country"
    )
    write(head.split(","))
    for year in (2025, 2026):
        for month in range(1, 13):
            for code in ("KETTLE-GOOSE-1200-BLK", "K-2", "POST"):
                row = (f"{year}-{month:02}-15", f"S{month}", code, name, month * 7, "12.5")
                write((*row, f"C-{code}", name, "DE"))
    return text.getvalue().encode()


def found(user: User) -> dict[str, Any]:
    """Make one of everything, and say what the addresses of its pages need."""
    with acting_as(Actor(user.id, user.name, None)):
        product = catalog.create_product(
            sku="KETTLE-GOOSE-1200-BLK",
            name=LONG,
            category="Brewing",
            reorder_point=Decimal(5),
            barcodes=[BarcodeLine("4006381333931", Decimal(1))],
        )
        for quantity, reason in [(12, "found"), (-9, "lost")]:
            target = stock.find_target(product_id=product.id, reason=reason)
            stock.adjust_stock(target, quantity=Decimal(quantity), reason=reason, key=reason)
        stock.reserve(
            ReservedQuantity(product.id, target.location_id, None, Decimal(1)), key="r"
        )
        ProductFactory.create_batch(3)
        labels = printing(product.sku, LONG)
        run = cleanup.delete_files.enqueue()
        raise_alert(
            kind="connection.reconnect",
            key="connection:0:reconnect",
            permission="jobs.manage",
            title=f"{LONG} must be connected again",
            text=f"{LONG} does not answer since noon.",
            href="/jobs",
        )
        customer = CustomerFactory.create(name=f"{LONG} and Sons")
        sold = selling(customer.id, user, LONG)
        counts = counted(user, LONG)
        attends = attending(user, LONG)
        bought = buying(product, user, LONG)
        made = building(product, target.location_id, LONG)
        trace = traced(customer.id, target.location_id, LONG)
        returned = giving_back(product, LONG)
        carried = transferring(product, LONG)
        imported = upload(
            "products", file_name=f"{LONG}.csv", content=f"SKU,Name\nK-1,{LONG}\n".encode()
        )
        sold_before = upload(
            "sales", file_name=f"{LONG}.csv", content=sales_file(LONG), profile=""
        )
        choose(sold_before, sold_before.mapping, fixed={"source": LONG}, profile=LONG[:80])
        run_import(sold_before.id, dry_run=False)
        forecast = planned(user, product, customer)
        listens = webhooks.create_endpoint(
            name=LONG, url="https://example.com/hooks/of/a/program", events=["order.shipped"]
        )
        webhooks.send_test(listens.endpoint.id)
        factor = SecondFactor(user_id=user.id, kind="app", name=LONG, secret=LONG)
        db.session.add(factor)
        db.session.commit()
        view = save_view(
            user.id, list_name="products", name=LONG[:60], role_id=None, state={}, columns=[]
        )
    return {
        **outside(customer.id),
        **sold,
        **counts,
        **attends,
        **bought,
        **made,
        **trace,
        **carried,
        **returned,
        **forecast,
        **labels,
        "product_id": product.id,
        "customer_id": customer.id,
        "vendor_id": VendorFactory.create(name=f"{LONG} Trading Company Limited").id,
        "location_id": target.location_id,
        "user_id": user.id,
        "role_id": db.session.scalars(select(Role.id).where(Role.name == "manager")).one(),
        "run_id": run.id,
        "entry": "delete-files",
        "name": "products",
        "alert_kind": "job.failed",
        "view_id": view.id,
        "import_id": imported.id,
        "posting_id": db.session.scalars(select(Posting.id)).first(),
        "endpoint_id": listens.endpoint.id,
        "item_id": db.session.scalars(select(func.min(SalesItem.id))).one(),
        "party_id": db.session.scalars(select(func.min(SalesParty.id))).one(),
        "profile_id": db.session.scalars(select(ImportProfile.id)).one(),
        "rule_id": db.session.scalars(select(func.min(SalesRule.id))).one(),
        "factor_id": factor.id,
    }


def addresses(app: Flask, ids: dict[str, Any]) -> Iterable[str]:
    """Addresses of all pages there are; an endpoint may have ids of its own.

    Raises:
        KeyError: The sample lacks a record that an address names: nobody would look at it.
    """
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            is_page = "GET" in (rule.methods or ()) and not rule.rule.startswith("/api/")
            if is_page and rule.endpoint not in NO_PAGES:
                named = ids | ids.get(rule.endpoint, {})
                yield url_for(rule.endpoint, **{name: named[name] for name in rule.arguments})
