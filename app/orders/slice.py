"""What orders bring."""

from app.catalog.choices import customer_choices, product_choices
from app.core.events import Periodic
from app.core.navigation import Place
from app.core.pages.choices import ChoiceList
from app.core.permissions import Area, Verb
from app.core.slices import Slice
from app.orders import api, queries, services, views
from app.orders.alerts import ALERTS
from app.orders.importers import ORDERS
from app.orders.papers import SALES_ORDERS
from app.orders.recipients import recipients_of_orders
from app.orders.search import GROUPS
from app.orders.settings import SETTINGS
from app.orders.uses import uses_of_customer, uses_of_product
from app.orders.webhooks import WEBHOOKS
from app.stock.choices import any_location_choices
from app.stock.recipients import RECIPIENTS
from app.stock.waiting import BACKORDERS, SERVE, WAITING

SLICE = Slice(
    name="orders",
    webhooks=WEBHOOKS,
    pages=(views.bp,),
    api=(api.bp, api.bp.alias),
    permissions=(
        Area(
            "orders",
            order=50,
            verbs=(
                Verb(
                    "view",
                    "See orders and their documents",
                    ("manager", "warehouse", "sales_rep"),
                ),
                Verb(
                    "edit",
                    "Write orders, change, split and close them",
                    ("manager", "sales_rep"),
                ),
                Verb("confirm", "Confirm, hold and allocate orders", ("manager", "sales_rep")),
                Verb("cancel", "Cancel orders", ("manager",)),
                Verb("ship", "Ship orders", ("manager", "warehouse")),
                Verb("return", "Return items", ("manager", "warehouse")),
                Verb(
                    "send",
                    "Send documents of orders by e-mail",
                    ("manager", "sales_rep"),
                ),
                Verb("import", "Import and export orders", ("manager",)),
            ),
        ),
    ),
    alerts=ALERTS,
    schedule={
        "watch-late-orders": Periodic(
            "*/10 * * * *", services.watch_late_orders, "Look for late orders", order=26
        ),
    },
    settings=SETTINGS,
    places=(Place("Orders", "orders.index", "list", "orders.view", 10, "Sales", main=True),),
    records={"sales_order": "orders.show", queries.ORDER: "orders.show"},
    documents={queries.ORDER: services.numbers_of},
    uses={"product": uses_of_product, "customer": uses_of_customer},
    search=GROUPS,
    choices=(
        ChoiceList(
            name="order-customers",
            permissions=("orders.edit",),
            find=customer_choices,
            new="customers.new",
            new_permission="customers.edit",
        ),
        ChoiceList(
            name="order-products",
            permissions=("orders.edit",),
            find=product_choices,
            new="products.new",
            new_permission="products.edit",
        ),
        ChoiceList(
            name="return-locations",
            permissions=("orders.return",),
            find=any_location_choices,
        ),
    ),
    importers=(ORDERS,),
    topics={"orders": "orders.view"},
    provides={
        SALES_ORDERS.provided_as: SALES_ORDERS,
        WAITING: services.waiting_demands,
        SERVE: services.allocate_waiting,
        BACKORDERS: queries.backorders,
        f"{RECIPIENTS}{queries.ORDER}": recipients_of_orders,
    },
)
