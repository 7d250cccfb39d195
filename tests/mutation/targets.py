"""What must not break, and the tests that have to notice if it does."""

from typing import NamedTuple

from tests.mutation.operators import Mutant


class Target(NamedTuple):
    """A file whose functions are broken in every way, or whose SQL is broken as listed.

    `functions` None leaves the Python alone, an empty set takes all of it. `spared` are
    pieces of source whose loss nobody could see, each with its reason.
    """

    path: str
    tests: tuple[str, ...]
    functions: set[str] | None = None
    replacements: tuple[tuple[str, str], ...] = ()
    spared: dict[str, str] = {}

    def spares(self, mutant: Mutant) -> bool:
        """Tell whether a mutant is known to make no difference."""
        return mutant.before in self.spared


LEDGER = (
    *("tests/stock/test_posting.py", "tests/stock/test_posting_refusals.py"),
    *("tests/stock/test_counting.py", "tests/stock/test_reserving.py"),
    *("tests/stock/test_undoing.py", "tests/stock/test_concurrency.py"),
    *("tests/stock/test_ledger.py", "tests/stock/test_lock_order.py"),
)
RESERVATIONS = (
    "tests/stock/test_document_reservations.py",
    "tests/stock/test_reserving.py",
    "tests/orders/test_services.py",
    "tests/orders/test_concurrency.py",
)
IMPORTS = (
    "tests/catalog/test_import_products.py",
    "tests/catalog/test_import_product_lines.py",
    "tests/catalog/test_import_contacts.py",
    "tests/catalog/test_import_concurrency.py",
)
PERMISSIONS = (
    "tests/core/test_web.py",
    "tests/search/test_api.py",
    "tests/test_permissions.py",
)

TARGETS = [
    Target("app/stock/ledger/posting.py", LEDGER, set()),
    Target("app/stock/ledger/beginning.py", LEDGER, set()),
    Target("app/stock/ledger/balances.py", LEDGER, set()),
    Target("app/stock/reservations/allocating.py", RESERVATIONS, set()),
    Target("app/stock/reservations/consuming.py", RESERVATIONS, set()),
    Target("app/stock/reservations/locking.py", RESERVATIONS, set()),
    Target(
        "app/stock/ledger/postings.py",
        LEDGER,
        set(),
        spared={"int | None": "an annotation: nothing evaluates it"},
    ),
    Target("app/core/permissions.py", PERMISSIONS, set()),
    Target("app/imports/upsert.py", IMPORTS, set()),
]
