"""What is to be bought and why, and the rules of reorder by warehouse."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import Select

from app.catalog.choices import vendor_name, vendor_options
from app.catalog.models import Product
from app.core.days import today
from app.core.db import db
from app.core.pages import (
    Action,
    Asked,
    BulkAction,
    Column,
    Link,
    ListPage,
    Nothing,
    Outcome,
    Reference,
    Resource,
    Search,
)
from app.purchasing import queries, services
from app.purchasing.forms import ReorderRuleForm
from app.purchasing.models import ReorderRule
from app.purchasing.services import Need
from app.purchasing.views.blueprint import reorder as bp
from app.purchasing.views.blueprint import rules as rules_bp
from app.stock.models import Location

VIEW, EDIT = "purchase_orders.view", "products.edit"
CHANGED = "reorder-rules:changed"
RULES_LINK = Link(label="Rules by warehouse", endpoint="reorder_rules.index", icon="settings")
NEW = Link(
    label="New rule",
    endpoint="reorder_rules.new",
    permission=EDIT,
    kind="primary",
    icon="plus",
)


@dataclass(frozen=True, slots=True)
class ReorderRow:
    """A product to be bought, with all that says why; one need for each of its warehouses."""

    row: Any
    needs: Sequence[Need]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)


def _reorder(asked: Asked) -> Select[Any]:
    return queries.reorder_list(
        today=today(), search=asked["search"], vendor_id=asked["vendor"]
    )


def _with_needs(rows: Sequence[Any]) -> list[ReorderRow]:
    """Add why, for the products of the page."""
    needs: dict[int, list[Need]] = {}
    for need in services.needs_of([row.id for row in rows]) if rows else ():
        needs.setdefault(need.product_id, []).append(need)
    return [ReorderRow(row, needs.get(row.id, [])) for row in rows]


def _drafted(result: Mapping[str, Any]) -> Outcome:
    """Say which drafts were made, as far as they are there."""
    numbers, refused = result["orders"], result["refused"]
    made = "1 draft" if len(numbers) == 1 else f"{len(numbers):,} drafts"
    said = f"{made} made" if numbers else "No draft was made"
    if refused:
        said += f", {REORDER.counted(refused)} refused"
    found = db.session.execute(queries.orders_numbered(numbers)).all()
    links = [
        (row.number, url_for("purchase_orders.show", purchase_order_id=row.id)) for row in found
    ]
    tells = ("done", "refused", "orders")
    return Outcome(f"{said}{':' if links else '.'}", links, tells)


def _figure(name: str, title: str, **more: Any) -> Column:
    return Column(name=name, title=title, kind="quantity", **more)


REORDER = ListPage(
    name="reorder",
    title="Reorder",
    subtitle="What is to be bought: what there is and what comes does not exceed the reorder "
    "point.",
    permission=VIEW,
    query=_reorder,
    key=Product.sku,
    css="reasoned",
    is_joined=True,
    prepare=_with_needs,
    href=lambda row: url_for("stock.show", product_id=row.id),
    sort="sku",
    filters=(
        Search(label="SKU, name or barcode"),
        Reference(
            name="vendor",
            label="Vendor",
            options=vendor_options,
            everything="All vendors",
            shows=vendor_name,
            chip="Vendor: {}",
        ),
    ),
    columns=(
        Column(name="sku", title="SKU", kind="code", sort=Product.sku),
        Column(
            name="name",
            title="Product",
            place="name",
            sort=Product.name_key,
            is_link=True,
            is_required=True,
        ),
        Column(name="vendor", title="Vendor", place="meta"),
        _figure("available", "Available", sort="available", place="wide desk", is_shown=False),
        _figure("incoming", "Incoming", place="wide desk", is_shown=False),
        _figure("point", "Reorder point", place="wide desk", is_shown=False),
        _figure("drafted", "In drafts", place="wide desk", is_shown=False),
        _figure("suggested", "Suggested", unit="unit", sort="suggested", place="figure"),
        Column(
            name="why",
            title="Why",
            kind="cell",
            cell="purchasing/_cells.html:why",
            is_exported=False,
            place="wrap",
        ),
    ),
    links=(RULES_LINK,),
    events=("stock:changed", "purchase-orders:changed"),
    nouns=("product", "products"),
    row_id=Product.id,
    row_name=Product.sku,
    tick=lambda row: (row.id, row.sku),
    actions=(
        BulkAction(
            name="draft",
            label="Draft purchase orders",
            permission="purchase_orders.edit",
            question="Draft purchase orders of {count}, one for each vendor and warehouse?",
            act_on_all=services.draft_orders,
            outcome=_drafted,
        ),
    ),
    unmatched=Nothing(
        title="Nothing matches.",
        advice="Try fewer letters or another vendor.",
        action="Show everything",
    ),
    nothing=Nothing(
        title="Nothing is to be bought.",
        advice="A product appears here when what there is and what comes falls to its reorder "
        "point.",
        icon="check",
    ),
)


def _rules(asked: Asked) -> Select[Any]:
    return queries.rules(search=asked["search"])


RULES = ListPage(
    name="reorder_rules",
    title="Reorder rules",
    subtitle="Where a product is bought warehouse by warehouse. Its own reorder point counts "
    "no more then.",
    permission=VIEW,
    query=_rules,
    key=ReorderRule.id,
    sort="sku",
    filters=(Search(label="SKU or name"),),
    columns=(
        Column(
            name="sku",
            title="SKU",
            kind="code",
            value="product.sku",
            sort=Product.sku,
            is_required=True,
        ),
        Column(name="name", title="Product", value="product.name", place="name"),
        Column(
            name="warehouse",
            title="Warehouse",
            kind="code",
            value="warehouse.code",
            sort=Location.code,
            place="meta",
        ),
        _figure("reorder_point", "Reorder point", place="figure"),
        _figure("safety_stock", "Safety stock", place="wide desk"),
        _figure("reorder_quantity", "Reorder quantity", place="wide desk"),
        _figure("maximum_stock", "Maximum", place="wide desk"),
        Column(
            name="lead_time_days", title="Lead time in days", kind="number", place="wide desk"
        ),
        Column(
            name="actions",
            title="Actions",
            kind="cell",
            cell="purchasing/_cells.html:rule",
            place="action",
            is_unseen=True,
            is_exported=False,
            permission=EDIT,
        ),
    ),
    links=(NEW,),
    events=(CHANGED,),
    crumbs=lambda _about: [("Reorder", url_for("reorder.index"))],
    unmatched=Nothing(
        title="Nothing matches.", advice="Try fewer letters.", action="Show everything"
    ),
    nothing=Nothing(
        title="No rules by warehouse.",
        advice="Products are bought for the company as a whole, by the reorder point of each.",
        link=NEW,
        icon="settings",
    ),
)
RULE = Resource(
    name="rule",
    area="reorder_rules",
    query=queries.rule,
    rule="/<int:reorder_rule_id>",
    keys={"reorder_rule_id": "id"},
    event=CHANGED,
)


def _offer(form: ReorderRuleForm, _rule: Any) -> None:
    form.offer_warehouses()


def _keep_place(form: ReorderRuleForm, _rule: Any) -> None:
    """Another product, or another warehouse, is another rule."""
    del form.product
    del form.warehouse_id


create = Action(
    resource=RULE,
    name="create",
    title="New rule",
    permission=EDIT,
    is_new=True,
    form=ReorderRuleForm,
    offer=_offer,
    act=services.create_rule,
    fields="purchasing/_rule_form.html",
    done="The rule is saved.",
    to=lambda _rule: url_for("reorder_rules.index"),
)
update = Action(
    resource=RULE,
    name="update",
    title="Edit",
    heading="{0.product.sku} in {0.warehouse.code}",
    permission=EDIT,
    form=ReorderRuleForm,
    offer=_keep_place,
    act=services.revise_rule,
    fields="purchasing/_rule_form.html",
    done="The rule is saved.",
    to=lambda _rule: url_for("reorder_rules.index"),
    kind="quiet",
)
remove = Action(
    resource=RULE,
    name="remove",
    path="/removal",
    title="Remove",
    question="Remove the rule of {0.product.sku} in {0.warehouse.code}?",
    confirm="Remove",
    permission=EDIT,
    act=services.delete_rule,
    done="The rule is gone.",
    to=lambda _rule: url_for("reorder_rules.index"),
    kind="quiet danger",
    icon="trash",
)

REORDER.add_to(bp)
RULES.add_to(rules_bp)
for action in (create, update, remove):
    action.add_to(rules_bp)
