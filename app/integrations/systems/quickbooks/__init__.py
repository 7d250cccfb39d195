"""QuickBooks Online: the connector, what its records become here, the search service's API."""
