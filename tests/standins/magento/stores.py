"""The store views of the shop, and the places its goods lie in."""

from tests.standins.magento.orders import VIEW_NAMES
from tests.standins.magento.shop import SOURCES
from tests.standins.objects import Object

# code -> (id, name, locale, currency)
VIEWS = {
    "default": (1, VIEW_NAMES[1], "en_US", "EUR"),
    "polski": (2, VIEW_NAMES[2], "pl_PL", "PLN"),
}
EVERYWHERE = {*VIEWS, "all"}  # what may stand in the address
KINDS = ("base_url", "base_link_url", "base_static_url", "base_media_url")


def views() -> list[Object]:
    """The store views, the one of the administration too."""
    admin: Object = {"id": 0, "code": "admin", "name": "Admin", "website_id": 0}
    listed = [admin | {"store_group_id": 0, "is_active": 1}]
    for code, (key, name, _, _) in VIEWS.items():
        one: Object = {"id": key, "code": code, "name": name, "website_id": 1}
        listed.append(one | {"store_group_id": 1, "is_active": 1})
    return listed


def settings(url: str) -> list[Object]:
    """How each store view is set up."""
    addresses = {f"{secure}{kind}": url for kind in KINDS for secure in ("", "secure_")}
    return [
        {
            "id": key,
            "code": code,
            "website_id": 1,
            "locale": locale,
            "base_currency_code": "EUR",
            "default_display_currency_code": currency,
            "timezone": "Europe/Berlin",
            "weight_unit": "kgs",
            **addresses,
        }
        for code, (key, _, locale, currency) in VIEWS.items()
    ]


def sources() -> list[Object]:
    """The places, as a list of the API."""
    return [
        {
            "source_code": code,
            "name": f"{code.title()} Source",
            "enabled": True,
            "country_id": "DE",
            "postcode": "80331",
            "use_default_carrier_config": True,
            "carrier_links": [],
        }
        for code in SOURCES
    ]
