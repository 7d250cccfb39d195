"""Vendors deliver to our customers: which orders, how much has come, and what goes back."""
