"""What the history of sales brings."""

from app.catalog.choices import customer_choices, product_choices
from app.core.events import Periodic
from app.core.navigation import Place
from app.core.pages.choices import ChoiceList
from app.core.permissions import Area, Verb
from app.core.slices import Slice
from app.sales import api, jobs
from app.sales.importers import SALES
from app.sales.services.rules import install_rules
from app.sales.views import PAGES

SLICE = Slice(
    name="sales",
    permissions=(
        Area(
            "sales",
            order=95,
            verbs=(
                Verb("view", "Explore the history of sales", ("manager", "sales_rep")),
                Verb("import", "Import sales and exchange rates, undo imports", ("manager",)),
                Verb(
                    "manage",
                    "Say what codes of sources are, change the rules of kinds",
                    ("manager",),
                ),
            ),
        ),
    ),
    pages=PAGES,
    api=(api.history, api.salesdata, api.sales_rules, api.exchange_rates),
    importers=(SALES,),
    choices=(
        ChoiceList(name="sales-products", permissions=("sales.manage",), find=product_choices),
        ChoiceList(
            name="sales-customers", permissions=("sales.manage",), find=customer_choices
        ),
    ),
    places=(Place("Sales", "sales.index", "activity", "sales.view", 40, "Sales"),),
    records={"sales_rule": "sales_rules.show"},
    schedule={
        "follow-sales": Periodic(
            "20 * * * *", jobs.follow_invoices.enqueue, "Count invoices as sales", order=62
        ),
    },
    installs=(install_rules,),
)
