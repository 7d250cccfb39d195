"""What the catalogue brings."""

from app.accounts.choices import user_choices
from app.catalog import api, views
from app.catalog.choices import product_choices, vendor_choices
from app.catalog.costs import COSTS
from app.catalog.importers import COMPONENTS, CUSTOMERS, PRODUCTS, VENDORS
from app.catalog.search import GROUPS
from app.catalog.settings import SETTINGS
from app.catalog.uses import uses_of_component, uses_of_vendor
from app.catalog.webhooks import WEBHOOKS
from app.core.navigation import Place
from app.core.pages.choices import ChoiceList
from app.core.permissions import Area, Verb
from app.core.slices import Slice

SLICE = Slice(
    name="catalog",
    webhooks=WEBHOOKS,
    settings=SETTINGS,
    pages=(views.products, views.images, views.customers, views.vendors),
    api=(api.products, api.customers, api.vendors),
    permissions=(
        Area(
            "products",
            order=10,
            verbs=(
                Verb("view", "See products", ("manager", "warehouse", "sales_rep", "user")),
                Verb("edit", "Create and change products", ("manager",)),
                Verb("import", "Import and export products", ("manager",)),
                Verb("costs", "See costs, and what differences are worth", ("manager",)),
            ),
        ),
        Area(
            "customers",
            order=20,
            verbs=(
                Verb("view", "See customers", ("manager", "sales_rep")),
                Verb("edit", "Create and change customers", ("manager", "sales_rep")),
                Verb("import", "Import and export customers", ("manager",)),
            ),
        ),
        Area(
            "vendors",
            order=30,
            verbs=(
                Verb("view", "See vendors", ("manager",)),
                Verb("edit", "Create and change vendors", ("manager",)),
                Verb("import", "Import and export vendors", ("manager",)),
            ),
        ),
    ),
    places=(
        Place("Products", "products.index", "tag", "products.view", 10, "Catalogue", main=True),
        Place(
            "Customers",
            "customers.index",
            "users",
            "customers.view",
            20,
            "Catalogue",
            main=True,
        ),
        Place("Vendors", "vendors.index", "truck", "vendors.view", 30, "Catalogue"),
    ),
    records={
        "product": "products.show",
        "customer": "customers.show",
        "vendor": "vendors.show",
    },
    guarded={"cost": COSTS, "vendor_parts": COSTS, "unit_cost": COSTS},
    uses={"vendor": uses_of_vendor, "product": uses_of_component},
    search=GROUPS,
    choices=(
        ChoiceList(
            name="vendors",
            permissions=("products.edit",),
            find=vendor_choices,
            new="vendors.new",
            new_permission="vendors.edit",
        ),
        ChoiceList(name="components", permissions=("products.edit",), find=product_choices),
        ChoiceList(name="sales-reps", permissions=("customers.edit",), find=user_choices),
    ),
    importers=(PRODUCTS, COMPONENTS, CUSTOMERS, VENDORS),
)
