"""How long to wait for a server that does not answer."""

import random

FIRST, LONGEST = 1.0, 60.0  # seconds


class Pauses:
    """Pauses that grow, and differ by chance: many bridges are not to knock together."""

    def __init__(self) -> None:
        self.failures = 0
        self._rng = random.Random()  # noqa: S311

    def failed(self, *, asked: float | None = None) -> float:
        """Give the seconds to the next attempt: at least as long as the server asked for."""
        longest = min(FIRST * 2**self.failures, LONGEST)
        self.failures = min(self.failures + 1, 10)
        return max(self._rng.uniform(longest / 2, longest), asked or 0)

    def succeeded(self) -> None:
        """Begin with short pauses again."""
        self.failures = 0
