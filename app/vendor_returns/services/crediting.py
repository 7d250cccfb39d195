"""What a vendor has granted for what went back."""

from datetime import date
from decimal import Decimal

from app.core.days import today
from app.core.db import retried, transaction
from app.core.errors import Invalid
from app.core.quantities import LARGEST_QUANTITY
from app.documents.errors import NotAllowed
from app.documents.models import rounded
from app.vendor_returns.models import STATES, VendorReturn
from app.vendor_returns.services.creating import line_of
from app.vendor_returns.services.locking import locked_return


@retried
def credit_return(
    return_id: int,
    *,
    amount: Decimal,
    credit_note: str = "",
    credited_on: date | None = None,
) -> VendorReturn:
    """Note what the vendor has granted, in the currency of the return: zero is a refusal.

    Raises:
        NotAllowed: It has not left, or is credited already.
        Invalid: The amount does not fit.
    """
    if not amount.is_finite() or not 0 <= amount < LARGEST_QUANTITY:
        raise Invalid("amount", "Enter an amount of zero or more.")
    with transaction():
        found = locked_return(return_id)
        STATES.refuse(found.number, found.status, "credited")
        found.status = "credited"
        found.granted_credit = rounded(amount, found.currency)
        found.credit_note = line_of("credit_note", credit_note)
        found.credited_on = credited_on or today()
    return found


@retried
def reopen_return(return_id: int) -> VendorReturn:
    """Take a credit back that was noted wrongly: it is expected again.

    Raises:
        NotAllowed: It is not credited.
    """
    with transaction():
        found = locked_return(return_id)
        if found.status != "credited":
            raise NotAllowed(f"{found.number} is {found.state.label.lower()}.")
        found.status, found.granted_credit = "sent", None
        found.credit_note, found.credited_on = "", None
    return found
