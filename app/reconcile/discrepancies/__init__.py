"""Where our stock and that of marketplaces differ, why, and what was done about it."""
