"""What a term finds, and in which order: exact code, prefix, word prefix, anywhere, alike."""

import unicodedata

import pytest
from sqlalchemy.orm import Session

from app.core.db import transaction
from app.search.indexes import find
from tests.factories import (
    BarcodeFactory,
    CustomerFactory,
    ProductFactory,
    VendorFactory,
    VendorPartFactory,
)


def skus(index: str, term: str, most: int = 15) -> list[str]:
    return [hit["sku"] for hit in find(index, term, most=most)]


def names(index: str, term: str, most: int = 15) -> list[str]:
    return [hit["name"] for hit in find(index, term, most=most)]


def test_stages_come_in_order() -> None:
    ProductFactory.create(sku="E", name="Kitchen bottleopener")
    ProductFactory.create(sku="D", name="Steel openers")
    ProductFactory.create(sku="C", name="Opener, red")
    ProductFactory.create(sku="OPENER-2", name="Lid lifter")
    ProductFactory.create(sku="OPENER", name="Cap lifter")

    assert skus("product_names", "opener") == ["OPENER", "OPENER-2", "C", "D", "E"]


def test_what_several_stages_find_is_there_once() -> None:
    ProductFactory.create(sku="MUG-1", name="Mug mug, smug")

    assert skus("part_numbers", "mug") == ["MUG-1"]


def test_a_stage_gives_only_as_many_as_are_missing() -> None:
    ProductFactory.create_batch(4, name="Mug")
    ProductFactory.create_batch(4, name="Big mug")

    assert names("product_names", "mug", most=6) == ["Mug"] * 4 + ["Big mug"] * 2


@pytest.mark.parametrize("term", ["cafe", "CAFÉ", "café", unicodedata.normalize("NFD", "Café")])
def test_case_and_accents_do_not_matter(term: str) -> None:
    ProductFactory.create(sku="ACC", name="Grand Café crème")
    ProductFactory.create(sku="PLAIN", name="Grande cafe creme")

    assert set(skus("product_names", term)) == {"ACC", "PLAIN"}


@pytest.mark.parametrize("term", ["AB-12.34/5", "ab12345", "AB 12 345", "ab_12-345", "b-123"])
@pytest.mark.parametrize("sku", ["AB-12.34/5", "AB12345", "A B 1 2 3 4 5"])
def test_dashes_and_blanks_in_codes_do_not_matter(term: str, sku: str) -> None:
    ProductFactory.create(sku=sku, name="Valve")

    assert skus("product_names", term) == [sku]


def test_all_words_must_match_in_any_order() -> None:
    ProductFactory.create(sku="YES", name="Blue glass mug")
    ProductFactory.create(sku="NO", name="Blue mug")

    assert skus("product_names", "mug  gla blue") == ["YES"]


@pytest.mark.parametrize("term", ["blue glass", "mug glass", "glass mug", "lue lass", "ug ass"])
def test_no_word_is_left_out(term: str) -> None:
    for name in ("Blue mug", "Glass tray", "Plum"):
        ProductFactory.create(name=name)
    ProductFactory.create(sku="YES", name="Blue glass mug")

    assert skus("product_names", term) == ["YES"]


def test_more_words_than_the_index_takes_all_count() -> None:
    ProductFactory.create(sku="YES", name="one two three four five six")
    ProductFactory.create(sku="NO", name="one two three four five")

    assert skus("product_names", "six five four three two one") == ["YES"]


@pytest.mark.parametrize("term", ["m", "mu", "xl"])
def test_one_and_two_letters_begin_a_name_or_a_word(term: str) -> None:
    ProductFactory.create(sku="1", name="Mud XL")
    ProductFactory.create(sku="2", name="Gammut, axle")

    assert skus("product_names", term) == ["1"]


@pytest.mark.parametrize("term", ["am", "xl", "er"])
def test_two_letters_from_inside_a_word_are_found_where_nothing_begins_with_them(
    term: str,
) -> None:
    ProductFactory.create(sku="1", name="Gammut, axle 7er")
    ProductFactory.create(sku="2", name="Mud")

    assert skus("product_names", term) == ["1"]
    assert skus("part_numbers", term) == ["1"]


@pytest.mark.parametrize("term", ["%", "_", "\\", "50%", "a_b", "%%%", "mu_", "m%g", "'", '"'])
def test_wildcards_and_quotes_are_letters_like_others(term: str) -> None:
    ProductFactory.create(sku="9", name="mug aXb 501")

    assert skus("product_names", term) == []


@pytest.mark.parametrize("term", ["50% off", "a_b_c", "c:\\temp", "100%", "it's", "x;y", "--"])
def test_a_name_with_such_letters_is_found_by_them(term: str) -> None:
    ProductFactory.create(sku="ODD", name=f"{term} thing")

    assert skus("product_names", term) == ["ODD"]


@pytest.mark.parametrize(
    "term",
    [
        "'; DROP TABLE product; --",
        "%(term)s",
        "$fn$ SELECT 1",
        "\\' OR 1=1",
        "{table}",
        "\0\0mug\0",
        "\ud83e\uddc9".encode("utf-16", "surrogatepass").decode("utf-16"),
        "🧉🧉",
        "ﬁlter",
        "\uff4d\uff55\uff47",
        "مرحبا بالعالم",
        "\u200b\ufeff",
        "x" * 1000,
        "% " * 500,
        "a b c d e f g h i j " * 50,
    ],
)
@pytest.mark.parametrize("index", ["product_names", "part_numbers", "client_names"])
def test_whatever_is_typed_is_only_text(session: Session, index: str, term: str) -> None:
    ProductFactory.create(sku="MUG", name="Mug")

    found = find(index, term, most=15)

    assert len(found) <= 1
    assert find("product_names", "MUG", most=15)


@pytest.mark.parametrize("name", ["Привет мир", "抹茶 ラテ", "ΚΑΦΕΣ ελληνικός", "Ærø ßtraße"])
def test_other_alphabets_are_found_by_beginning_and_middle(name: str) -> None:
    ProductFactory.create(sku="ALPHABET", name=name)

    assert skus("product_names", name[:2].lower()) == ["ALPHABET"]
    assert skus("product_names", name[1:].lower()) == ["ALPHABET"]


def test_a_typing_error_is_forgiven_when_nothing_else_is_found() -> None:
    ProductFactory.create(sku="THERMO", name="Steel thermometer")
    ProductFactory.create(sku="OTHER", name="Copper pan")

    assert skus("product_names", "thermomter") == ["THERMO"]


def test_what_is_alike_is_not_mixed_with_what_was_meant() -> None:
    ProductFactory.create(sku="RIGHT", name="Grinder")
    ProductFactory.create(sku="ALIKE", name="Grinders")
    ProductFactory.create(sku="LATER", name="Grindex")

    assert skus("product_names", "grinder") == ["RIGHT", "ALIKE"]


def test_short_terms_are_not_guessed() -> None:
    ProductFactory.create(name="Mug")

    assert skus("product_names", "mgu") == []


def test_a_part_number_is_a_sku_a_barcode_or_what_the_vendor_says() -> None:
    BarcodeFactory.create(product__sku="BAR", code="4006381333931")
    VendorPartFactory.create(product__sku="VEN", part_number="QX-77/1")
    ProductFactory.create(sku="SKU-QX77", name="Cable")

    assert skus("part_numbers", "4006381333931") == ["BAR"]
    assert skus("part_numbers", "qx771") == ["VEN"]
    assert skus("part_numbers", "qx77") == ["VEN", "SKU-QX77"]
    assert skus("part_numbers", "cable") == ["SKU-QX77"]


@pytest.mark.parametrize("term", ["4006", "33931", "0638", "400638133393", "4006-3813"])
def test_a_part_of_a_barcode_is_enough(term: str) -> None:
    BarcodeFactory.create(product__sku="BAR", code="4006381333931")

    assert skus("part_numbers", term) == ["BAR"]


@pytest.mark.parametrize("term", ["041250500735", "00041250500735", "0041250500735", "41250"])
def test_a_upc_finds_its_gtin(term: str) -> None:
    BarcodeFactory.create(product__sku="VITAMIN", code="00041250500735")

    assert skus("part_numbers", term) == ["VITAMIN"]


@pytest.mark.parametrize("term", ["041250500735", "0 41250 50073-5"])
def test_the_same_barcode_goes_before_a_sku_that_begins_alike(term: str) -> None:
    ProductFactory.create(sku="041250500735-X")
    BarcodeFactory.create(product__sku="VITAMIN", code="00041250500735")

    assert skus("part_numbers", term) == ["VITAMIN", "041250500735-X"]


def test_a_product_with_many_codes_alike_is_there_once() -> None:
    product = ProductFactory.create(sku="MANY")
    for number in range(20):
        BarcodeFactory.create(product=product, code=f"777{number:04}")

    assert skus("part_numbers", "777") == ["MANY"]


def test_names_are_not_searched_by_barcode_nor_by_description() -> None:
    BarcodeFactory.create(product__description="Keeps tea warm", code="77712345")

    assert skus("product_names", "77712345") == skus("product_names", "warm") == []


def test_descriptions_are_searched_with_the_name() -> None:
    ProductFactory.create(
        sku="POT", name="Teapot", description="Keeps tea warm. 100% cast iron"
    )

    for term in ("warm", "teapot", "iron tea", "eps te", "keps warn tea"):
        assert skus("product_descriptions", term) == ["POT"], term


@pytest.mark.parametrize(
    "term", ["zoë", "bakery", "zoe@ex", "C-77", "c77", "ry ltd", "example.com"]
)
@pytest.mark.parametrize("kind", ["client", "vendor"])
def test_people_are_found_by_name_company_email_and_code(kind: str, term: str) -> None:
    factory = CustomerFactory if kind == "client" else VendorFactory
    factory.create(code="C-77", name="Zoë", company="Bakery Ltd", email="zoe@example.com")
    factory.create(code="X-1", name="Nobody", company="Else", email="no@where.net")

    assert names(f"{kind}_names", term) == ["Zoë"]


def test_what_was_just_saved_is_found_at_once() -> None:
    with transaction() as session:
        product = ProductFactory.build(sku="NEW", name="Fresh thing")
        session.add(product)
    assert skus("product_names", "fresh") == ["NEW"]

    with transaction():
        product.name = "Stale thing"
    assert skus("product_names", "fresh") == []
    assert skus("product_names", "stale") == ["NEW"]


def test_a_miss_is_an_empty_answer() -> None:
    ProductFactory.create(name="Mug")

    assert find("part_numbers", "qwertyuiop", most=15) == []
