"""Laws of the query language, tried with whatever hypothesis thinks of."""

from contextlib import suppress
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.standins.quickbooks.company import Company
from tests.standins.quickbooks.grammar import Query, QueryError, parse
from tests.standins.quickbooks.selection import matches

WORDS = [
    "SELECT", "*", "COUNT", "(", ")", "FROM", "Item", "Toy", "WHERE", "Id", "Name", "Active",
    "AND", "OR", "=", "<", ">=", "LIKE", "IN", ",", "'a'", "'b\\''", "1", "9" * 5000, "-1",
    "1²", "true", "ORDERBY", "ORDER", "BY", "DESC", "STARTPOSITION", "MAXRESULTS", "'", "%",
]  # fmt: skip
SOUP = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30)
MOMENT = 1_700_000_000.0


def quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def company(count: int = 0) -> Company:
    made = Company(lambda: MOMENT)
    for number in range(count):
        made.create("Item", Name=f"Pan {number}", Active=number % 3 > 0)
    return made


def found(company: Company, text: str) -> list[int]:
    return matches(company, parse(text))[1]


@given(SOUP | SOUP.map("SELECT * FROM Item {}".format) | st.text(max_size=60))
def test_any_text_is_a_query_or_is_refused_in_the_vendors_way(text: str) -> None:
    with suppress(QueryError):
        matches(company(2), parse(text))


@given(name=NAMES, other=NAMES)
def test_a_quoted_name_finds_its_own_object_alone(name: str, other: str) -> None:
    made = company()
    wanted = int(made.create("Customer", DisplayName=name))
    if other.casefold() != name.casefold():
        made.create("Customer", DisplayName=other)

    text = f"SELECT * FROM Customer WHERE DisplayName = {quoted(name)}"  # noqa: S608
    assert found(made, text) == [wanted]


@given(
    start=st.integers(1, 50),
    limit=st.integers(1, 1000),
    down=st.booleans(),
    swapped=st.booleans(),
    upper=st.booleans(),
)
def test_a_query_says_the_same_however_it_is_written(
    start: int, limit: int, *, down: bool, swapped: bool, upper: bool
) -> None:
    parts = [f"StartPosition {start}", f"MaxResults {limit}"]
    text = f"Select * From Item OrderBy Id {'Desc' if down else 'Asc'} "  # noqa: S608
    text += " ".join(parts[::-1] if swapped else parts)

    read = parse(
        text.upper().replace("ITEM", "Item").replace(" ID ", " Id ") if upper else text
    )

    assert read == Query("Item", order="Id", descending=down, start=start, limit=limit)


@given(count=st.integers(0, 40), size=st.integers(1, 15), every=st.booleans())
def test_pages_hold_each_object_once(count: int, size: int, *, every: bool) -> None:
    made = company(count)
    where = " WHERE Active IN (true, false)" if every else ""
    seen: list[int] = []

    while True:
        page = f"STARTPOSITION {len(seen) + 1} MAXRESULTS {size}"
        query = parse(f"SELECT * FROM Item{where} ORDERBY Id {page}")  # noqa: S608
        new = matches(made, query)[1][query.start - 1 : query.start - 1 + query.limit]
        seen += new
        if len(new) < size:
            break

    items: list[dict[str, Any]] = made.objects("Item")
    assert seen == [int(one["Id"]) for one in items if every or one["Active"]]


def test_what_one_query_found_is_not_what_another_finds() -> None:
    made = company(5)
    asked = ["", " WHERE Name = 'Pan 1'", " WHERE Id = '5'", " ORDERBY Id DESC"]

    answers = [found(made, f"SELECT * FROM Item{rest}") for rest in asked]  # noqa: S608

    assert answers == [[2, 3, 5], [2], [5], [5, 3, 2]]


def test_what_a_query_found_is_forgotten_when_anything_changes() -> None:
    made = company(5)
    text = "SELECT * FROM Item WHERE Name LIKE 'Pan%'"
    before = found(made, text)

    added = int(made.create("Item", Name="Pan new"))
    assert found(made, text) == [*before, added]

    made.deactivate("Item", str(added))
    made.vanish("Item", str(before[0]))
    assert found(made, text) == before[1:]
