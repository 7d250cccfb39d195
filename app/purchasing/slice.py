"""What purchasing brings."""

from app.catalog.choices import product_choices, vendor_choices
from app.catalog.costs import COST_FIGURES
from app.core.events import Periodic
from app.core.navigation import Place
from app.core.pages.choices import ChoiceList
from app.core.permissions import Area, Verb
from app.core.slices import Slice
from app.purchasing import api, jobs, queries, services, views
from app.purchasing.alerts import ALERTS
from app.purchasing.importers import PURCHASE_ORDERS as FILES
from app.purchasing.papers import PURCHASE_ORDERS
from app.purchasing.prices import COSTS
from app.purchasing.search import GROUPS
from app.purchasing.settings import SETTINGS
from app.purchasing.uses import uses_of_location, uses_of_product, uses_of_vendor
from app.purchasing.webhooks import WEBHOOKS
from app.stock.choices import any_location_choices
from app.stock.incoming import INCOMING

SLICE = Slice(
    name="purchasing",
    webhooks=WEBHOOKS,
    alerts=ALERTS,
    pages=(
        views.bp,
        views.limits_bp,
        views.receipts_bp,
        views.reorder_bp,
        views.rules_bp,
        views.receive_bp,
        views.values_bp,
        views.adjustments_bp,
        views.shipments_bp,
    ),
    api=(
        api.bp,
        api.receipts.bp,
        api.reorder.bp,
        api.reorder.rules_bp,
        api.limits.bp,
        api.tablet.bp,
        api.costs.bp,
        api.shipments.bp,
    ),
    permissions=(
        Area(
            "purchase_orders",
            order=55,
            verbs=(
                Verb("view", "See purchase orders", ("manager", "warehouse")),
                Verb("edit", "Write purchase orders, change and close them", ("manager",)),
                Verb("approve", "Approve purchase orders", ("manager",)),
                Verb("send", "Send purchase orders, note what vendors confirm", ("manager",)),
                Verb("receive", "Receive goods, and undo that", ("manager", "warehouse")),
                Verb("cancel", "Cancel purchase orders", ("manager",)),
                Verb("import", "Import and export purchase orders", ("manager",)),
                Verb("limit", "Say up to which amount a role approves"),
            ),
        ),
    ),
    schedule={
        "watch-late-purchase-orders": Periodic(
            "*/30 * * * *",
            services.watch_late_orders,
            "Look for late purchase orders",
            order=28,
        ),
        "watch-reorder": Periodic(
            "*/15 * * * *",
            jobs.watch_reorder.enqueue,
            "Look for products that run low",
            order=29,
        ),
    },
    settings=SETTINGS,
    tablet_places=(Place("Receive", "receive.index", "truck", "purchase_orders.receive", 35),),
    places=(
        Place(
            "Purchase orders",
            "purchase_orders.index",
            "truck",
            "purchase_orders.view",
            25,
            "Stock",
        ),
        Place("Reorder", "reorder.index", "refresh", "purchase_orders.view", 23, "Stock"),
        Place("Receipts", "receipts.index", "download", "purchase_orders.view", 27, "Stock"),
        Place(
            "Inbound shipments",
            "inbound_shipments.index",
            "truck",
            "purchase_orders.view",
            26,
            "Stock",
        ),
        Place("Stock value", "stock_value.index", "chart", COSTS, 35, "Stock"),
        Place("Write-offs and counts", "stock_adjustments.index", "chart", COSTS, 36, "Stock"),
        Place(
            "Approval limits",
            "approval_limits.index",
            "check",
            "purchase_orders.limit",
            57,
            "Administration",
        ),
    ),
    records={
        "purchase_order": "purchase_orders.show",
        "approval_limit": "approval_limits.index",
        queries.RECEIPT: "receipts.show",
        "reorder_rule": "reorder_rules.index",
        "inbound_shipment": "inbound_shipments.show",
    },
    documents={queries.RECEIPT: services.receipt_numbers_of},
    guarded={"purchase_lines": COSTS},
    uses={
        "product": uses_of_product,
        "vendor": uses_of_vendor,
        "location": uses_of_location,
    },
    search=GROUPS,
    choices=(
        ChoiceList(
            name="purchase-vendors",
            permissions=("purchase_orders.edit",),
            find=vendor_choices,
            new="vendors.new",
            new_permission="vendors.edit",
        ),
        ChoiceList(
            name="reorder-products", permissions=("products.edit",), find=product_choices
        ),
        ChoiceList(
            name="receipt-vendors",
            permissions=("purchase_orders.receive",),
            find=vendor_choices,
        ),
        ChoiceList(
            name="receipt-locations",
            permissions=("purchase_orders.receive",),
            find=any_location_choices,
        ),
        ChoiceList(
            name="purchase-products",
            permissions=("purchase_orders.edit",),
            find=product_choices,
            new="products.new",
            new_permission="products.edit",
        ),
    ),
    importers=(FILES,),
    topics={"purchase_orders": "purchase_orders.view"},
    provides={
        PURCHASE_ORDERS.provided_as: PURCHASE_ORDERS,
        f"{INCOMING}purchase_order": queries.incoming,
        COST_FIGURES: services.cost_figures,
    },
)
