"""Sales orders: from the first line typed until the goods are with the customer."""
