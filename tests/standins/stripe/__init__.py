"""A stand-in Stripe: a real HTTP server with a made-up account."""

from tests.standins.stripe.server import Stripe

__all__ = ["Stripe"]
