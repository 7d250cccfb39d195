"""What the aliases bring: calls only."""

from app.aliases import auth, customers, products, users
from app.core.slices import Slice

SLICE = Slice(name="aliases", api=(auth.bp, users.bp, products.bp, customers.bp))
