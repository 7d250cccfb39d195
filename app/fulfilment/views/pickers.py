"""Who is asking, on which tablet."""

from flask_login import current_user

from app.fulfilment.services import Picker
from app.scanning.devices import device


def picker() -> Picker:
    """Give the person asking, with the tablet."""
    return Picker(user_id=current_user.id, device=device())
