"""A stand-in Amazon: a real HTTP server with a made-up seller."""

from tests.standins.amazon.server import Amazon

__all__ = ["Amazon"]
