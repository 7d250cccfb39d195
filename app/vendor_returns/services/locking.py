"""One return under lock, as it is now."""

from sqlalchemy import select

from app.core.db import db, locked
from app.vendor_returns import queries
from app.vendor_returns.models import VendorReturn


def locked_return(return_id: int) -> VendorReturn:
    """Lock a return, and give it with all that its page names."""
    one = select(VendorReturn).where(VendorReturn.id == return_id)
    db.session.scalars(locked(one, VendorReturn)).one()
    query = queries.vendor_return(return_id).execution_options(populate_existing=True)
    return db.session.scalars(query).one()
