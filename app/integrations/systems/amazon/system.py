"""All that Amazon brings."""

from app.integrations.system import System
from app.integrations.systems.amazon import api
from app.integrations.systems.amazon.connector import Amazon
from app.integrations.systems.amazon.targets import TARGETS

SYSTEM = System(connector=Amazon(), targets=TARGETS, api=(api.bp,))
