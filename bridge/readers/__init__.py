"""The threads that listen to readers, one for each, and come back to one that was unplugged."""

from bridge.readers.base import Reader, Status
from bridge.readers.making import make_reader

__all__ = ["Reader", "Status", "make_reader"]
