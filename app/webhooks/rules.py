"""What an address has to be, wherever it is typed or sent."""

from urllib.parse import urlsplit


def parse_url(text: str) -> str:
    """Read the address of an endpoint.

    Raises:
        ValueError: It is none, or holds a password, which would be seen by whoever sees it.
    """
    address = text.strip()
    try:
        parts = urlsplit(address)
        is_complete = parts.scheme in {"http", "https"} and bool(parts.hostname)
        is_complete = is_complete and parts.port != 0
    except ValueError:
        is_complete = False
    if not is_complete or not address.isprintable() or " " in address:
        raise ValueError("This is no address like https://example.com/hooks.")
    if parts.username or parts.password:
        raise ValueError("Leave out user and password: the signature says who is calling.")
    return address
