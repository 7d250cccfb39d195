"""Background work of sales."""

from app.core.jobs import job
from app.sales.services import own_sales, rates, rules

LONGEST = 3600  # seconds


@job(queue="sync", label="Sort sales by kind", timeout=LONGEST, retry_after=(60,))
def classify_sales() -> dict[str, int]:
    """Give every line of sales the kind that the rules say."""
    return {"changed": rules.classify_again()}


@job(queue="sync", label="Value sales", timeout=LONGEST, retry_after=(60,))
def value_sales() -> dict[str, int]:
    """Say of every line of sales what it is worth by the rates of today."""
    return {"changed": rates.value_again()}


@job(queue="sync", label="Count shipped orders as sales", timeout=300, retry_after=(10, 60))
def follow_order(*, order_id: int, **_rest: object) -> dict[str, int]:
    """Let the sales of an order follow what was shipped and returned of it."""
    return {"lines": own_sales.follow_order(order_id)}


@job(queue="scheduled", label="Count invoices as sales", timeout=LONGEST, retry_after=(60,))
def follow_invoices() -> dict[str, int]:
    """Let sales follow the invoices of the books, and orders that nobody has told of."""
    return {"lines": own_sales.follow_invoices() + own_sales.follow_orders()}
