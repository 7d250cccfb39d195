"""Addresses of shops, as people type them and as they are kept."""

from urllib.parse import urlsplit

from app.core.errors import Invalid

LONGEST = 200
HERE = {"localhost", "127.0.0.1", "::1"}  # a stand-in on this machine


def parse(typed: str) -> tuple[str, str]:
    """Give a shop's number, which is its host and path, and its address.

    Raises:
        Invalid: It is no address, is not encrypted, or holds more than an address.
    """
    typed = typed.strip()
    try:
        parts = urlsplit(typed if "://" in typed else f"https://{typed}")
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise _invalid("This is not an address, such as https://shop.example.com.") from None
    if not host or len(typed) > LONGEST or not typed.isprintable() or " " in typed:
        raise _invalid("This is not an address, such as https://shop.example.com.")
    if parts.scheme != "https" and not (parts.scheme == "http" and host in HERE):
        raise _invalid("The address must begin with https://, else anybody could read along.")
    if parts.username is not None or parts.query or parts.fragment:
        raise _invalid("The address alone, without a name, ? or #.")
    name = f"[{host}]" if ":" in host else host
    place = name + (f":{port}" if port else "") + _path(parts.path)
    return place, f"{parts.scheme}://{place}"


def _path(path: str) -> str:
    """Without what people copy along with it."""
    path = path.partition("/rest/")[0].rstrip("/")
    return path.removesuffix("/rest").removesuffix("/index.php")


def _invalid(reason: str) -> Invalid:
    return Invalid("address", reason)
