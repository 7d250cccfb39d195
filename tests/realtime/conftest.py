"""What tests of live updates share."""

from tests.core.conftest import no_redis

__all__ = ["no_redis"]
