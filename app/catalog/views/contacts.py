"""Pages of customers and of vendors: the same pages for both."""

from flask import Blueprint

from app.catalog.views.contact_list import contact_list
from app.catalog.views.contact_page import Kind, add_contact_page


def contact_pages(kind: Kind) -> Blueprint:
    """Make the pages of customers or of vendors."""
    area = area_of(kind)
    bp = Blueprint(area, __name__, url_prefix=f"/{area}")
    contact_list(kind, area).add_to(bp)
    add_contact_page(bp, kind)
    return bp


def area_of(kind: Kind) -> str:
    """Give the name of a kind in addresses and permissions."""
    return f"{kind.__tablename__}s"
