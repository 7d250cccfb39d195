"""Public holidays of a country and its regions, as the package `holidays` knows them."""

from datetime import date
from functools import lru_cache

YEARS_KEPT = 256


class UnknownPlace(ValueError):
    """There are no public holidays known of a country, or of a region of it."""


def check_place(country: str, region: str) -> None:
    """Refuse a region that is none of its country.

    Raises:
        UnknownPlace: With the regions there are.
    """
    import holidays  # noqa: PLC0415  (heavy: a module for each country)

    known = holidays.list_supported_countries(include_aliases=True)
    if region and country not in known:
        raise UnknownPlace(f"No regions are known of {country or 'no country'}.")
    if region and region not in known[country]:
        regions = ", ".join(sorted(known[country])) or "none"
        raise UnknownPlace(f"{region} is no region of {country}; there are: {regions}.")


@lru_cache(maxsize=YEARS_KEPT)
def public_holidays(country: str, region: str, year: int) -> dict[date, str]:
    """Give the public holidays of a year by day; none where nothing is known of the country.

    A day that is kept on another one because it falls on a weekend stands there twice: on its
    own day, and on the one that is free for it.
    """
    import holidays  # noqa: PLC0415  (heavy: a module for each country)

    if not country or country not in holidays.list_supported_countries(include_aliases=True):
        return {}
    found = holidays.country_holidays(country, subdiv=region or None, years=year)
    return {day: name for day, name in sorted(found.items()) if day.year == year}
