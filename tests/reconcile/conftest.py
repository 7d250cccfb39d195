"""Money to look at: an account at a stand-in, synced."""

from tests.stripe.conftest import connection, stripe, sync
from tests.stripe.test_api import program

__all__ = ["connection", "program", "stripe", "sync"]
