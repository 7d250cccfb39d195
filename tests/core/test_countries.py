"""Countries by what people, shops and other programs call them."""

import pytest

from app.core.countries import countries, parse_country


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", ""), ("gb", "GB"), ("UK", "GB"), ("U.K.", "GB"), ("Great Britain", "GB"),
        ("United Kingdom", "GB"), ("Vereinigtes Königreich", "GB"), ("Royaume-Uni", "GB"),
        ("USA", "US"), ("U.S.A.", "US"), ("United States of America", "US"),
        ("Deutschland", "DE"), ("Allemagne", "DE"), ("DEU", "DE"), ("Österreich", "AT"),
        ("Oesterreich", "AT"), ("Suisse", "CH"), ("Holland", "NL"), ("EIRE", "IE"),
        ("Czech Republic", "CZ"), ("Korea, Republic of", "KR"), ("Viet Nam", "VN"),
        ("Türkiye", "TR"), ("Turkey", "TR"), ("日本", "JP"), ("Россия", "RU"),
        ("Iran, Islamic Republic of", "IR"), ("Côte d\u2019Ivoire", "CI"),
        ("Cote d'Ivoire", "CI"), ("U.S.", "US"), ("N. Ireland", "GB"), ("Burma", "MM"),
        ("Spain (ES)", "ES"), ("United Kingdom (UK)", "GB"), ("DE - Germany", "DE"),
        ("Netherlands (the)", "NL"), ("Guinea-Bissau", "GW"),
    ],
)  # fmt: skip
def test_a_country_is_known_by_its_names(written: str, code: str) -> None:
    assert parse_country(written) == code


TWO = ("DE: France", "Georgia (US)", "Korea (the)", "DE-Bayern")


@pytest.mark.parametrize(
    "written", ["Congo", "Korea", "EU", "Unspecified", "Europe", "ZZ", *TWO]
)
def test_what_is_no_country_or_may_be_two_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="is no country"):
        parse_country(written)


def test_every_country_is_known_by_the_name_that_we_show() -> None:
    assert {code: parse_country(name) for code, name in countries().items()} == {
        code: code for code in countries()
    }
