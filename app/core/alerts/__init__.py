"""What a group of people has to know until it is put right: said once, seen on every page.

A cause has a key, and one alert of it at most is open: raising it again only counts.
"""

from app.core.alerts.models import KINDS, Alert
from app.core.alerts.services import close_alert, raise_alert

__all__ = ["KINDS", "Alert", "close_alert", "raise_alert"]
