"""All that Stripe brings."""

from app.integrations.system import Section, System
from app.integrations.systems.stripe import api
from app.integrations.systems.stripe.connector import Stripe
from app.integrations.systems.stripe.sections import balances_of
from app.integrations.systems.stripe.targets import TARGETS

SYSTEM = System(
    connector=Stripe(),
    targets=TARGETS,
    sections=(Section(template="stripe/_balance.html", shown=balances_of),),
    api=(api.bp,),
)
