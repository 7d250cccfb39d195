"""A believable company to try things on: a wholesaler of coffee and kitchenware."""
