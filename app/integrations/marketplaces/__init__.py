"""What marketplaces keep of ours in their warehouses, and what they say happened to it."""
