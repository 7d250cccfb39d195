"""What of the stock can be imported."""

from app.stock.importers.opening import STOCK

__all__ = ["STOCK"]
