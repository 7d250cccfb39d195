"""Connections for programs: how they do, what waits for somebody, and what is done about it.

What lets us into a system is taken and never given.
"""

from app.integrations.api import connections, syncs, waiting
from app.integrations.api.blueprint import bp

__all__ = ["bp", "connections", "syncs", "waiting"]
