"""The addresses of the small ERP."""
