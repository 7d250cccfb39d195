"""The paper that goes with goods back to their vendor: without prices."""

from typing import Any

from app.catalog.models import Vendor
from app.catalog.rules import countries
from app.core.code128 import code128
from app.core.days import today
from app.core.db import db
from app.core.pdf import render_pdf
from app.core.settings import setting
from app.vendor_returns import queries
from app.vendor_returns.models import VendorReturn

COMPANY = ("company_name", "company_address", "company_vat_id", "company_footer")


def return_slip(found: VendorReturn) -> bytes:
    """Print what goes back, in the vendor's numbers, as PDF.

    Raises:
        PdfUnavailable: This machine cannot draw PDF.
    """
    ids = {line.product_id for line in found.lines}
    numbers: dict[int, Any] = dict(
        db.session.execute(queries.part_numbers(found.vendor_id, ids)).all()
    )
    return render_pdf(
        "vendor_returns/paper.html",
        title="Return",
        document=found,
        numbers=numbers,
        bars=code128(found.number),
        address=_address(found.vendor),
        today=today(),
        company={name.removeprefix("company_"): setting(name) for name in COMPANY},
    )


def _address(vendor: Vendor) -> list[str]:
    town = f"{vendor.postal_code} {vendor.city}".strip()
    company = vendor.company if vendor.company != vendor.name else ""
    parts = [vendor.name, company, vendor.address_line1, vendor.address_line2, town]
    return [one for one in [*parts, vendor.region, countries().get(vendor.country, "")] if one]
