"""What webhooks bring."""

from app.core.events import Periodic
from app.core.navigation import Place
from app.core.permissions import Area, Verb
from app.core.slices import Slice
from app.webhooks import api, jobs, views
from app.webhooks.alerts import ALERTS

SLICE = Slice(
    name="webhooks",
    alerts=ALERTS,
    pages=(views.bp,),
    api=(api.bp,),
    permissions=(
        Area(
            "webhooks",
            order=115,
            verbs=(Verb("manage", "Let other programs hear of what happens"),),
        ),
    ),
    places=(
        Place(
            "Webhooks", "webhook_endpoints.index", "link", "webhooks.manage", 35,
            "Administration",
        ),
    ),
    records={"webhook_endpoint": "webhook_endpoints.show"},
    topics={"webhooks": "webhooks.manage"},
    schedule={
        "deliver-webhooks": Periodic(
            "* * * * *", jobs.deliver_due_webhooks.enqueue, "Tell webhooks again", order=15
        ),
        "delete-old-deliveries": Periodic(
            "50 2 * * *", jobs.delete_old_deliveries.enqueue,
            "Delete old webhook deliveries", order=125,
        ),
    },
)  # fmt: skip
