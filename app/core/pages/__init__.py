"""What the pages of all slices are made of: lists, records, actions, charts."""

from app.core.pages.asked import Asked
from app.core.pages.bulk.actions import BulkAction
from app.core.pages.columns import Column
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

__all__ = [
    "Asked",
    "BulkAction",
    "Choice",
    "Column",
    "Cursor",
    "Day",
    "Filter",
    "Link",
    "ListPage",
    "Nothing",
    "Number",
    "Reference",
    "Search",
    "Segments",
    "Text",
]
