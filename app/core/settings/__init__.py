"""What an administrator decides for the whole company: one typed table of settings."""

from app.core.settings.definitions import Definition
from app.core.settings.models import Setting
from app.core.settings.services import all_settings, set_settings, setting, settings_version

__all__ = [
    "Definition",
    "Setting",
    "all_settings",
    "set_settings",
    "setting",
    "settings_version",
]
