"""Screens on walls: hung up by somebody who is signed in, and nobody's from then on."""

from sqlalchemy import func, select

from app.accounts.models import User
from app.attendance.models import Device
from app.attendance.services.devices import NewDevice, create_device, renew_token
from app.core.db import transaction
from app.core.texts import parse_line

KIOSK = "kiosk"


def hang_up_kiosk(*, by: User, name: str, **values: str) -> NewDevice:
    """Make a screen a kiosk: a new one, or the one of that name, whose screen it replaces.

    Raises:
        AlreadyExists: Something else is called so.
        Invalid: A value does not fit.
    """
    asked = func.lower(Device.name) == func.lower(parse_line(name))
    with transaction() as session:
        known = session.scalars(select(Device).where(asked)).one_or_none()
    if known is not None and known.kind == KIOSK:
        return renew_token(known.id, by=by)
    return create_device(by=by, name=name, kind=KIOSK, **values)
