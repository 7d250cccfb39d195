"""Stripe: the connector, and what its payouts, transactions and charges become here."""
