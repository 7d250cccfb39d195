"""What drop shipping brings."""

from app.catalog.choices import vendor_choices
from app.core.pages.choices import ChoiceList
from app.core.slices import Slice
from app.drop_shipping import api, services, views
from app.orders.deliveries import DELIVERIES
from app.purchasing.drop_shipping import DROP_SHIPPING

SLICE = Slice(
    name="drop_shipping",
    pages=(views.bp,),
    api=(api.bp,),
    choices=(
        ChoiceList(
            name="delivering-vendors",
            permissions=("purchase_orders.edit",),
            find=vendor_choices,
        ),
    ),
    provides={DROP_SHIPPING: services.FOLLOWING, DELIVERIES: services.deliveries_of},
)
