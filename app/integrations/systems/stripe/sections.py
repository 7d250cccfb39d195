"""What the page of a connection shows of Stripe: what it holds, and where webhooks go."""

from typing import Any

from app.core.db import db
from app.core.permissions import may
from app.integrations.hub.models import Connection
from app.integrations.money import queries


def balances_of(connection: Connection) -> dict[str, Any]:
    """Give the balances, for whoever may see money."""
    if not may("money.view"):
        return {"balances": ()}
    return {"balances": db.session.scalars(queries.balances(connection.id)).all()}
