"""What the command bar finds of returns to vendors: the number on their paper."""

from app.core.search import Numbered

_RETURN = """SELECT vendor.name AS title,
    CASE WHEN status = 'cancelled' THEN 'Cancelled' ELSE '' END AS state
FROM vendor_return JOIN vendor ON vendor.id = vendor_id WHERE vendor_return.id = %(id)s
"""
GROUPS = (
    Numbered(
        prefix="VR-",
        statement=_RETURN,
        page="vendor_returns.show",
        key="return_id",
        icon="undo",
    ).group("vendor_returns", "vendor_returns.view", 47, "Returns to vendors"),
)
