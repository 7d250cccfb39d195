"""One card is one number, whatever a reader makes of it; what is kept of it is a keyed hash."""

import hmac
from hashlib import sha256

CARD, FINGER, PIN, WEB = "card", "finger", "pin", "web"
LOW_32_BITS = 0xFFFF_FFFF
LONGEST = 20  # digits: of 64 bits
LAST_SLOT = 65_535


def card_number(text: str) -> int:
    """Read the number of a card: its low 32 bits, which all readers agree on.

    An EM4100 card has 40 bits; some readers send all of them, others 32.

    Raises:
        ValueError: It is none. Zero is what a disturbed reader sends.
    """
    digits = text.strip()
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= LONGEST):
        raise ValueError("A card is a decimal number of up to 20 digits.")
    number = int(digits) & LOW_32_BITS
    if number == 0:
        raise ValueError("No card has the number zero: this is noise.")
    return number


def slot_number(text: str) -> int:
    """Read the number of a slot in a fingerprint reader.

    Raises:
        ValueError: It is none.
    """
    digits = text.strip()
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= LONGEST):
        raise ValueError("A slot is a decimal number.")
    if int(digits) > LAST_SLOT:
        raise ValueError(f"A slot is a number up to {LAST_SLOT}.")
    return int(digits)


def hash_card(key: bytes, number: int) -> str:
    """Hash a card, so that nobody who reads the table can copy it."""
    return _hash(key, f"{CARD}:{number}")


def hash_finger(key: bytes, reader_id: int, slot: int) -> str:
    """Hash a slot: its number means something in its own reader alone."""
    return _hash(key, f"{FINGER}:{reader_id}:{slot}")


def _hash(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), sha256).hexdigest()
