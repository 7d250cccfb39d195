"""Goods that go back to their vendors, as documents with the credit they are to bring."""
