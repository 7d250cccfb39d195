"""The catalogue: what we trade in, whom we sell it to and whom we buy it from."""
