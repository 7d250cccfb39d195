"""What a group of people has to know until it is put right: said once, seen on every page.

A cause has a key, and one alert of it at most is open: raising it again only counts.
"""

from app.core.alerts.kinds import AlertKind
from app.core.alerts.models import SEVERITIES, Alert
from app.core.alerts.services import close_alert, keep_alert, raise_alert

__all__ = ["SEVERITIES", "Alert", "AlertKind", "close_alert", "keep_alert", "raise_alert"]
