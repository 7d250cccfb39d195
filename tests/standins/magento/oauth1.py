"""Requests signed by OAuth 1.0a, checked as the vendor checks them.

Source: RFC 5849; Framework/Oauth and Integration/Model/Oauth of magento2.
"""

import base64
import hashlib
import hmac
from urllib.parse import quote, unquote, unquote_plus

from flask import Request

from tests.standins.magento.access import LENGTH, Access
from tests.standins.magento.errors import REQUIRED, Refused

METHODS = {"HMAC-SHA256": hashlib.sha256, "HMAC-SHA1": hashlib.sha1}
NEEDED = ("oauth_consumer_key", "oauth_signature", "oauth_signature_method", "oauth_nonce",
          "oauth_timestamp", "oauth_token")  # fmt: skip
AHEAD = 600  # seconds that a client's clock may be ahead; behind, it may be any number
Parameters = dict[str, str]


def check(asked: Request, access: Access) -> None:
    """Let a well signed request pass. Raises Refused."""
    sent = parameters(asked.headers.get("Authorization", ""))
    check_parts(sent, access)
    check_integration(sent, access)
    right = signature(asked, sent, access)
    if not hmac.compare_digest(right, sent["oauth_signature"]):
        raise Refused(401, "The signature is invalid. Verify and try again.")


def parameters(header: str) -> Parameters:
    """Read the header: `OAuth oauth_nonce="...", ...`."""
    pairs = [part.strip().partition("=") for part in header.partition(" ")[2].split(",")]
    return {unquote(name): unquote(value.strip('"')) for name, _, value in pairs if value}


def check_parts(sent: Parameters, access: Access) -> None:
    """See that nothing is missing, and that the request is not an old one. Raises Refused."""
    if (version := sent.get("oauth_version", "1.0")) != "1.0":
        raise Refused(400, 'The "%1" Oauth version isn\'t supported.', [version])
    missing = [name for name in NEEDED if not sent.get(name)]
    if missing:
        raise Refused(400, REQUIRED, {"fieldName": missing[0]})
    method = sent["oauth_signature_method"]
    if method not in METHODS:
        raise Refused(400, "Signature method %1 is not supported", [method])
    check_consumer(sent["oauth_consumer_key"], access)
    moment = sent["oauth_timestamp"]
    if not moment.isdigit() or not 0 < int(moment) <= access.clock() + AHEAD:
        raise Refused(400, "Incorrect timestamp value in the oauth_timestamp parameter")
    if not access.is_new(sent["oauth_nonce"]):
        raise Refused(401, "The nonce is already being used by the consumer with ID %1", ["1"])


def check_consumer(key: str, access: Access) -> None:
    """See that the consumer is known. Raises Refused."""
    if len(key) != LENGTH:
        raise Refused(401, "Consumer key is not the correct length")
    if key != access.consumer_key:
        raise Refused(401, "A consumer having the specified key does not exist")


def check_integration(sent: Parameters, access: Access) -> None:
    """See that the token is the integration's. Raises Refused."""
    if len(sent["oauth_token"]) != LENGTH:
        raise Refused(401, "The token length is invalid. Check the length and try again.")
    if sent["oauth_token"] != access.access_token:
        raise Refused(401, "Specified token does not exist")
    if not access.is_active:
        raise Refused(401, "Access token has been revoked")


def signature(asked: Request, sent: Parameters, access: Access) -> str:
    """The signature that the request ought to have."""
    pairs = sorted(signed_pairs(asked, sent))
    together = "&".join(f"{name}={value}" for name, value in pairs)
    path = asked.environ.get("REQUEST_URI", asked.path).partition("?")[0]
    address = f"{asked.scheme}://{asked.host}{path}".lower()
    address = address.removesuffix(path.lower()) + path
    base = "&".join((asked.method, escaped(address), escaped(together)))
    key = f"{escaped(access.consumer_secret)}&{escaped(access.access_token_secret)}"
    method = METHODS[sent["oauth_signature_method"]]
    digest = hmac.new(key.encode(), base.encode(), method).digest()
    return base64.b64encode(digest).decode()


def signed_pairs(asked: Request, sent: Parameters) -> list[tuple[str, str]]:
    """The parameters of the header and of the address, escaped, without the signature."""
    said = asked.query_string.decode().split("&")
    pairs = [part.split("=") for part in said]
    query = [(unquote_plus(one[0]), unquote_plus(one[1])) for one in pairs if len(one) == 2]
    header = [(name, value) for name, value in sent.items() if name.startswith("oauth_")]
    whole = [*header, *query]
    return [(escaped(n), escaped(v)) for n, v in whole if n != "oauth_signature"]


def escaped(text: str) -> str:
    """Percent-encode as RFC 5849 wants it."""
    return quote(text, safe="~")
