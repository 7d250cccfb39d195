"""The vendor's limits: so many requests a second and a minute, refused beyond."""

import threading
import time
from collections import deque

MINUTE = 60.0


class Pace:
    """Counts the requests of the last minute; without a limit it counts nothing."""

    def __init__(self) -> None:
        self.limit: tuple[int, int] | None = None  # a second, a minute
        self.lock = threading.Lock()
        self.moments: deque[float] = deque()

    def allows(self) -> bool:
        """Count a request, unless it is one too many."""
        if self.limit is None:
            return True
        with self.lock:
            return self.has_room(time.monotonic(), *self.limit)

    def has_room(self, now: float, a_second: int, a_minute: int) -> bool:
        """Whether both the last second and the last minute hold less than they may."""
        while self.moments and self.moments[0] <= now - MINUTE:
            self.moments.popleft()
        of_late = sum(moment > now - 1 for moment in self.moments)
        if of_late >= a_second or len(self.moments) >= a_minute:
            return False
        self.moments.append(now)
        return True
