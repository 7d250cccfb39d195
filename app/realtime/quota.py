"""The sockets of a process are shared out: each holds a thread while its page is open."""

import threading
from collections import Counter


class SocketQuota:
    """So many sockets at once, and of one person only some of them."""

    def __init__(self, total: int, *, per_person: int) -> None:
        self.total, self.per_person = total, per_person
        self._taken: Counter[int] = Counter()
        self._lock = threading.Lock()

    def take(self, person: int) -> bool:
        """Take a place for somebody; False if there is none left, or none for them."""
        with self._lock:
            is_full = self._taken.total() >= self.total
            if is_full or self._taken[person] >= self.per_person:
                return False
            self._taken[person] += 1
            return True

    def free(self, person: int) -> None:
        """Free a place."""
        with self._lock:
            self._taken[person] -= 1
            if not self._taken[person]:
                del self._taken[person]
