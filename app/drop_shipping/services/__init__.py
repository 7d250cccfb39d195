"""What the business does with goods that vendors deliver to customers."""

from app.drop_shipping.services.creating import Offer, drop_ship, offers_of
from app.drop_shipping.services.delivering import FOLLOWING, deliveries_of
from app.drop_shipping.services.returning import return_to_vendors, returnable_of

__all__ = [
    "FOLLOWING",
    "Offer",
    "deliveries_of",
    "drop_ship",
    "offers_of",
    "return_to_vendors",
    "returnable_of",
]
