"""Outside systems flow into the mirror: whole, by what has changed, by what a webhook names."""
