"""The addresses of the small ERP, with its field names: its clients change an address."""
