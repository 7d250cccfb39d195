"""What the pages of all slices are made of: lists, records, actions, wizards, charts."""

from app.core.pages.actions import Action
from app.core.pages.asked import Asked
from app.core.pages.bulk.actions import BulkAction, Outcome
from app.core.pages.buttons import Menu, RecordLink
from app.core.pages.columns import Column, Kind
from app.core.pages.cursors import Cursor
from app.core.pages.filters import (
    Choice,
    Day,
    Filter,
    Number,
    Reference,
    Search,
    Segments,
    Text,
)
from app.core.pages.links import Link, Nothing
from app.core.pages.lists import ListPage
from app.core.pages.records import RecordPage
from app.core.pages.resources import Resource
from app.core.pages.wizards import Step, Wizard

__all__ = [
    "Action",
    "Asked",
    "BulkAction",
    "Choice",
    "Column",
    "Cursor",
    "Day",
    "Filter",
    "Kind",
    "Link",
    "ListPage",
    "Menu",
    "Nothing",
    "Number",
    "Outcome",
    "RecordLink",
    "RecordPage",
    "Reference",
    "Resource",
    "Search",
    "Segments",
    "Step",
    "Text",
    "Wizard",
]
