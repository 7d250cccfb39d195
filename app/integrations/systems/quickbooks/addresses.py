"""Where QuickBooks is: by environment, and a stand-in by configuration."""

from typing import NamedTuple

from flask import current_app


class Addresses(NamedTuple):
    """The addresses of one environment, as its discovery document names them."""

    label: str
    discovery: str
    authorize: str
    token: str
    revoke: str
    api: str


_AUTHORIZE = "https://appcenter.intuit.com/connect/oauth2"
_TOKEN = "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer"  # noqa: S105
_REVOKE = "https://developer.api.intuit.com/v2/oauth2/tokens/revoke"
_DISCOVERY = "https://developer.api.intuit.com/.well-known/openid_{}configuration"

VENDOR = {
    "production": Addresses(
        "Production", _DISCOVERY.format(""), _AUTHORIZE, _TOKEN, _REVOKE,
        "https://quickbooks.api.intuit.com",
    ),
    "sandbox": Addresses(
        "Sandbox", _DISCOVERY.format("sandbox_"), _AUTHORIZE, _TOKEN, _REVOKE,
        "https://sandbox-quickbooks.api.intuit.com",
    ),
}  # fmt: skip


def known() -> dict[str, Addresses]:
    """Every environment there is, the stand-in only where one is configured."""
    base = current_app.config.get("QUICKBOOKS_STANDIN")
    return VENDOR | ({"standin": _standin(base.rstrip("/"))} if base else {})


def _standin(base: str) -> Addresses:
    return Addresses(
        f"Stand-in on {base}",
        f"{base}/.well-known/openid_configuration",
        f"{base}/connect/oauth2",
        f"{base}/oauth2/v1/tokens/bearer",
        f"{base}/v2/oauth2/tokens/revoke",
        base,
    )
