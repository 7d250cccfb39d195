"""What goods cost is told to nobody who may not see it: no page, list, file, call, history."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from app.accounts.models import User
from app.catalog import services
from app.catalog.models import VendorPartLine
from app.core.db import Model, db
from app.core.jobs import runner
from app.core.pages.saved_views.services import choose_columns
from app.core.settings import set_settings
from app.core.slices import Slices
from app.imports import services as imports
from app.imports.jobs import check_file
from app.wiring import SIDE_BAR, SLICES
from tests.conftest import client_of
from tests.counting.conftest import Hand, asked, bin_, goods
from tests.factories import RoleFactory, UserFactory, VendorFactory
from tests.planning.factories import row_of_open_cycle
from tests.test_permissions import CATALOGUE, program

OURS = Slices(SLICES, groups=SIDE_BAR)
BEFORE, NOW, VENDORS = "713.57", "815.46", "642.93"
# Not in the middle of other figures: pages are full of hashes, and /metrics of long numbers.
COST = re.compile(rf"(?<![\w.])({'|'.join(map(re.escape, (BEFORE, NOW, VENDORS)))})(?!\d)")
# Columns that hold what goods cost, and the guarded field that each is told as.
COLUMNS = {
    "product.cost": "cost",
    "vendor_part.price": "vendor_parts",
    "count_line.unit_cost": "unit_cost",
    "stock_movement.unit_cost": "unit_cost",
    "transfer_part.unit_cost": "unit_cost",
    "purchase_order_line.unit_price": "purchase_lines",
    "planning_price.cost": "cost",
    "vendor_return.expected_credit": "expected_credit",
    "vendor_return.granted_credit": "granted_credit",
}
OTHERWISE_CALLED = {
    *("vendor_part.price", "purchase_order_line.unit_price"),
    *("vendor_return.expected_credit", "vendor_return.granted_credit"),
}
# Where somebody who may see costs finds them: else this law would pass by looking nowhere.
TOLD = {
    *("products.index", "products.show", "products.edit", "exports.show", "audit.index"),
    *("counts.index", "counts.show", "products_api.list_products", "products_api.get_product"),
    *("alias_products.list_products", "alias_products.get_product", "audit_api.list_audit"),
    *("imports_api.export_products", "counts.new_approval"),
    *("imports.show", "import_runs_api.show_import", "files.show"),
    *("jobs.show", "jobs_api.show", "jobs_api.index"),
    *("forecast_grid.show_cells", "forecasts_api.list_forecasts", "forecasts_api.get_forecast"),
}
# Half a cost, which a report shows as it came, and a row that can be imported.
GOODS = f"SKU,Name,Cost\nF-1,Filter,EUR {NOW} or so\nF-2,Lid,{BEFORE}\n".encode()


@pytest.fixture
def ids(app: Flask) -> dict[str, int]:
    """Goods whose costs stand in every place that there is: the ids that addresses name."""
    set_settings(count_recount_value=10**6, count_recount_percent=100)
    shelf, vendor = bin_("A-01", 1), VendorFactory.create()
    product = goods(2, shelf, "F-1", "FILTER1", cost=Decimal(BEFORE))
    count = Hand(UserFactory.create()).count(asked(shelf), "FILTER1")
    line = VendorPartLine(vendor.id, "P-1", Decimal(VENDORS))
    services.revise_product(product.id, version=None, cost=Decimal(NOW), vendor_parts=[line])
    row = row_of_open_cycle(product=product)
    forecast = {"cycle_id": row.cycle_id, "row_id": row.id}
    return {"product_id": product.id, "count_id": count.id} | forecast | imported()


def imported() -> dict[str, int]:
    """Check a file of goods that has costs, one of them with an error."""
    run = imports.upload("products", file_name="goods.csv", content=GOODS)
    imports.choose(run, run.mapping, update=True, options=[])
    imports.begin(run, check_file, "ready")
    runner.perform(run.job_id or 0)
    db.session.expire_all()
    return {"import_id": run.id, "run_id": run.job_id or 0, "file_id": run.error_file_id or 0}


def addresses(app: Flask, ids: dict[str, int]) -> Iterator[tuple[str, str]]:
    """Every address that is read; of lists and exports the file, too, and a search for it."""
    lists = {known.endpoint for known in app.extensions["lists"].values()}
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.websocket or rule.endpoint == "static":
            continue
        path = _path(rule, ids)
        yield rule.endpoint, path
        if rule.endpoint in lists and not rule.arguments:
            yield rule.endpoint, f"{path}?file=csv"
        if rule.endpoint == "imports.show":
            yield rule.endpoint, f"{path}?step=columns"
        if rule.endpoint.startswith("imports_api."):
            yield rule.endpoint, f"{path}?format=csv"
        if "search" in rule.rule:
            yield rule.endpoint, f"{path}?q=F-1"


def _path(rule: Rule, ids: dict[str, int]) -> str:
    known = {name: str(number) for name, number in ids.items()}
    known |= {"kind": "products", "format": "csv", "area": "products"}
    return re.sub(r"<(?:[^:>]+:)?([^>]+)>", lambda name: known.get(name[1], "1"), rule.rule)


def member(*without: str) -> User:
    held = sorted(CATALOGUE - {*without})
    user = UserFactory.create(role=RoleFactory.create(permissions=held))
    shown = ["sku", "name", "cost", "at_cost", "change", "number"]
    for name in ("products", "counts"):
        choose_columns(user.id, list_name=name, columns=shown)
    return user


def told(app: Flask, user: User, asked: Iterable[tuple[str, str]]) -> set[str]:
    """The endpoints whose answers to somebody have a cost in them."""
    pages, calls = client_of(app, user), program(app, user)

    def ask(path: str) -> str:
        client: FlaskClient = calls if path.startswith("/api/") else pages
        return client.get(path, headers={"Accept": "*/*"}).data.decode("latin-1")

    return {name for name, path in asked if COST.search(ask(path))}


# The test client drops the body of a download instead of closing it.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_nobody_is_told_costs_who_may_not_see_them(
    app: Flask, session: Session, ids: dict[str, int]
) -> None:
    every = list(addresses(app, ids))

    assert told(app, member("products.costs"), every) == set()
    assert told(app, member(), [one for one in every if one[0] in TOLD]) == TOLD


def test_every_column_with_a_cost_is_guarded() -> None:
    named = {
        f"{table.name}.{column.name}"
        for table in Model.metadata.tables.values()
        for column in table.columns
        if re.search(r"(^|_)cost(_(?!centre)|$)", column.name)
    }

    assert named | OTHERWISE_CALLED == COLUMNS.keys()
    assert set(COLUMNS.values()) == OURS.guarded.keys() - {"rate"}  # attendance has its tests
