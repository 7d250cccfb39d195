"""Supply plan: forecasts and orders against stock and what comes, and what to buy or build."""
