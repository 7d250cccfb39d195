"""Amazon: the connector, and what its stock, ledger, reports and money become here."""
