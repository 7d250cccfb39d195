"""How a sync goes: page by page, each in one transaction with the place to go on from."""
