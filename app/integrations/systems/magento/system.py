"""All that Magento brings."""

from app.core.events import Periodic
from app.integrations.system import Section, System
from app.integrations.systems.magento import api, jobs, views
from app.integrations.systems.magento.connector import Magento
from app.integrations.systems.magento.stock import stock_source
from app.integrations.systems.magento.targets import TARGETS
from app.orders.events import OrderShipped

SYSTEM = System(
    connector=Magento(),
    targets=TARGETS,
    sections=(Section(template="magento/_stock.html", shown=lambda one: stock_source(one.id)),),
    sells=True,
    pages=(views.bp,),
    api=(api.bp,),
    jobs={OrderShipped: [jobs.queue_shipments]},
    schedule={
        "publish-stock": Periodic(
            "3-59/10 * * * *", jobs.publish_stocks.enqueue, "Publish stock to shops", order=60
        )
    },
)
