"""What the red bar of a tablet says: what was scanned, what was expected, what to do."""

from app.core.errors import DomainError
from app.scanning.errors import WrongScan


def red_bar_text(error: DomainError) -> str:
    """Put a refusal into the words of the red bar.

    The sentence at its end is the error's own; for a wrong scan it follows what was read and
    what would have been right.
    """
    if not isinstance(error, WrongScan):
        return str(error)
    parts = [
        f"Scanned {error.scanned}." if error.scanned else "",
        f"Expected {error.expected}." if error.expected else "",
        str(error),
    ]
    return " ".join(filter(None, parts))
