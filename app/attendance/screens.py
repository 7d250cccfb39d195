"""What screens listen to: the topics of the websocket."""

from hashlib import sha256

KIOSK = "kiosk"
ALL = f"{KIOSK}:all"


def channel_of(place: str) -> str:
    """Name what screens at a place listen to; one without a place greets everybody.

    Places are words of people, and topics are short: so it is a hash.
    """
    words = " ".join(place.split()).casefold()
    return f"{KIOSK}:{sha256(words.encode()).hexdigest()[:16] if words else 'everywhere'}"
