"""Rows of a line editor that name products: who is meant, and what follows from that."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, TypeVar

import wtforms

from app.catalog.models import Product
from app.catalog.services.matching import FoundProducts, ProductMatch, find_products
from app.core.pages.lines import put

F = TypeVar("F", bound=wtforms.Form)
Fill = Callable[[Any, ProductMatch], None]


@dataclass(frozen=True, kw_only=True)
class ProductRow(Generic[F]):
    """A row as it is shown: its fields, the product that is meant, its problem."""

    fields: F
    match: ProductMatch | None
    problem: str

    @property
    def product(self) -> Product | None:
        """The product, if its code is known."""
        return self.match.product if self.match else None

    @property
    def units(self) -> Decimal | None:
        """How much one scan of the code is worth."""
        return self.match.units if self.match else None


def fill_row(row: Any, match: ProductMatch) -> None:
    """Write the SKU of the product that has just been named, and what its code is worth."""
    put(row.sku, match.product.sku)
    put(row.known, match.product.sku)
    if row.quantity.data is None and not any(row.quantity.raw_data or ()):
        put(row.quantity, match.units)


def product_rows(
    fields: Sequence[F], *, fill: Fill | None = fill_row, takes_inactive: bool = False
) -> list[ProductRow[F]]:
    """Name the products of rows, whose fields are `sku`, `known` and `quantity` at least.

    `fill` fills in a row that names another product than before; None of a form that is kept
    as it was sent: nobody has seen what would be filled in.
    """
    named = find_products({row.sku.data for row in fields if row.sku.data})
    rows = []
    for row in fields:
        match = named.matches.get(row.sku.data or "")
        if match and fill and row.known.data != match.product.sku:
            fill(row, match)
        problem = _problem(row.sku.data or "", match, named, takes_inactive=takes_inactive)
        rows.append(ProductRow(fields=row, match=match, problem=problem))
    return rows


def pieces_of(rows: Iterable[ProductRow[Any]]) -> Decimal:
    """Add up what rows say, as far as they are numbers."""
    said = (row.fields.quantity.data for row in rows)
    return sum((one for one in said if one is not None and one.is_finite()), Decimal(0))


def _problem(
    code: str, match: ProductMatch | None, named: FoundProducts, *, takes_inactive: bool
) -> str:
    """Say what is wrong with a code; the text of it stays as it was typed."""
    if match:
        is_fit = takes_inactive or match.product.is_active
        return "" if is_fit else "Not in use any more"
    if code in named.doubtful:
        return "Several products have such a code: choose one"
    return "Unknown product" if code else ""
