"""Pick & pack for programs."""

from app.fulfilment.api import parcels, put_backs, sessions
from app.fulfilment.api.blueprint import bp

__all__ = ["bp", "parcels", "put_backs", "sessions"]
