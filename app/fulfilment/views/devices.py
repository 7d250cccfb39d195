"""Which tablet is asking: each sign-in is one, so that two are told apart."""

from secrets import token_hex

from flask import session
from flask_login import current_user

from app.fulfilment.services import Picker


def picker() -> Picker:
    """Give the person asking, with the tablet."""
    device = session.setdefault("tablet", token_hex(8))
    return Picker(user_id=current_user.id, device=device)
