"""A stand-in QuickBooks Online: a real HTTP server with a made-up company."""

from tests.standins.quickbooks.server import QuickBooks

__all__ = ["QuickBooks"]
