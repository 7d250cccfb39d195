"""A stand-in Magento 2: a real HTTP server with a made-up shop."""

from tests.standins.magento.server import Magento

__all__ = ["Magento"]
