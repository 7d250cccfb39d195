"""The pages that every slice has, declared instead of written."""

from app.core.pages.actions import Action
from app.core.pages.buttons import Menu, RecordLink
from app.core.pages.records import RecordPage
from app.core.pages.resources import Resource
from app.core.pages.wizards import Step, Wizard

__all__ = ["Action", "Menu", "RecordLink", "RecordPage", "Resource", "Step", "Wizard"]
