"""Magento 2: the connector, what its records become here, and what is told to the shop."""
