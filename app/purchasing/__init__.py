"""Purchase orders: from the first line typed until the goods lie in their bins."""
