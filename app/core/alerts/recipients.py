"""What the person asking hears of."""

from flask_login import current_user
from sqlalchemy import Select

from app.core.alerts import rules
from app.core.alerts.models import Alert
from app.core.permissions import catalogue, may


def hears(permission: str, role_id: int | None) -> bool:
    """Tell whether the person asking hears of an alert whose rule names a role, or none."""
    if role_id is None:
        return may(permission)
    return current_user.is_authenticated and current_user.role_id == role_id


def heard(query: Select[Alert]) -> Select[Alert]:
    """Those among some alerts that the person asking hears of."""
    held = [f"{area}.{verb}" for area, verbs in catalogue().items() for verb in verbs]
    permissions = [name for name in held if may(name)]
    return rules.heard(query, permissions=permissions, role_id=current_user.role_id)
