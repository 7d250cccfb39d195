"""How a supply plan is reckoned, in plain numbers: nothing here knows the database.

Quantities are whole thousandths of a product's unit, so that sums are exact; days are counted
from the first of the plan, which is 0.
"""

THOUSAND = 1000
