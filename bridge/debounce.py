"""Which sightings of a card are a person who presents it: frames repeat, ghosts appear once."""

from collections import Counter
from typing import NamedTuple

TOGETHER = 1.5  # seconds within which equal frames are of one presentation
# The server counts no second punch within 60 seconds of the last sighting. So it hears of a
# card that is left on the reader more often than that.
SAID_AGAIN = 45.0


class Sighting(NamedTuple):
    """A card that the server has to hear of."""

    number: int
    is_held: bool = False  # it was there all the time: nobody has just presented it


class _Seen(NamedTuple):
    last: float
    told: float


class Debounce:
    """Lets a card through once for each time that it is presented.

    A reader repeats the frame while the card is there, so a card counts as left in place until
    it was not seen for some seconds. Whether a second presentation so soon is a second punch is
    decided by whoever keeps the punches.
    """

    def __init__(self, *, confirmations: int = 1, gone_after: float = 3.0) -> None:
        """Begin with no card in sight.

        Args:
            confirmations: Equal frames that make a card. Where a reader repeats, two of them
                keep out ghosts, which pass their checksum but come alone.
            gone_after: Seconds without a frame after which the card was taken away.
        """
        self.counts: Counter[str] = Counter()  # "held" and "unconfirmed", in frames
        self._confirmations, self._gone_after = confirmations, gone_after
        self._candidate, self._equal, self._candidate_at = 0, 0, 0.0
        self._seen: dict[int, _Seen] = {}

    def sighted(self, number: int, now: float) -> Sighting | None:
        """Take a frame's card; give it if it is news."""
        seen = self._seen.get(number)
        if seen and now - seen.last < self._gone_after:
            return self._held(number, now, seen)
        if not self._is_confirmed(number, now):
            self.counts["unconfirmed"] += 1
            return None
        self._seen = {card: at for card, at in self._seen.items() if self._is_there(at, now)}
        self._seen[number] = _Seen(now, now)
        return Sighting(number)

    def forget(self, number: int) -> None:
        """Take the next frame of a card as if it had just come."""
        self._seen.pop(number, None)

    def _held(self, number: int, now: float, seen: _Seen) -> Sighting | None:
        self.counts["held"] += 1
        is_due = now - seen.told >= SAID_AGAIN
        self._seen[number] = _Seen(now, now if is_due else seen.told)
        return Sighting(number, is_held=True) if is_due else None

    def _is_confirmed(self, number: int, now: float) -> bool:
        is_same = number == self._candidate and now - self._candidate_at < TOGETHER
        self._equal = self._equal + 1 if is_same else 1
        self._candidate, self._candidate_at = number, now
        return self._equal >= self._confirmations

    def _is_there(self, seen: _Seen, now: float) -> bool:
        return now - seen.last < self._gone_after
