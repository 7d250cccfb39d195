"""All that QuickBooks brings."""

from app.integrations.system import System
from app.integrations.systems.quickbooks import api, views
from app.integrations.systems.quickbooks.connector import QuickBooks
from app.integrations.systems.quickbooks.targets import TARGETS

SYSTEM = System(
    connector=QuickBooks(),
    targets=TARGETS,
    callback="quickbooks.finish",
    pages=(views.callback,),
    api=(api.bp,),
)
