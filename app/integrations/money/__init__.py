"""Money that outside systems hold for us: what moved it, what it cost, what was paid out."""
