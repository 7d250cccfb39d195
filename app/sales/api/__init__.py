"""Sales for programs: what they come to, their lines, imports, rates, rules and codes."""

from app.sales.api.history import history
from app.sales.api.rates import exchange_rates
from app.sales.api.rules import sales_rules
from app.sales.api.salesdata import salesdata

__all__ = ["exchange_rates", "history", "sales_rules", "salesdata"]
