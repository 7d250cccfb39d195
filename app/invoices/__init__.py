"""Invoices, whoever wrote them: listed, found and shown as their system has them."""
