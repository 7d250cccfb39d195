"""The columns of files that say what products are made of."""

from datetime import date

from sqlalchemy import Date, Numeric

from app.catalog.models import KINDS
from app.catalog.rules import codes_in, parse_code
from app.imports.definition import Field
from app.imports.parsers import code, own_code, quantity

NOTHING = "-"
MADE = [kind for kind in KINDS if kind != "item"]


def parse_kind(said: str) -> str:
    """Read a kind of product that has components.

    Raises:
        ValueError: It is none.
    """
    kind = said.strip().lower()
    if kind not in MADE:
        raise ValueError(f"Write {' or '.join(MADE)}.")
    return kind


def parse_substitutes(said: str) -> str:
    """Read what may be taken instead, each once; a dash says that there is nothing."""
    return ", ".join(codes_in(said))


FIELDS = (
    Field(
        name="sku",
        label="Product",
        parse=code(parse_code),
        parse_own=own_code(parse_code),
        aliases=(
            "sku",
            "assembly",
            "bundle",
            "parent",
            "parent sku",
            "product assembly id",
            "kit",
        ),
        hint="The SKU of what is made.",
    ),
    Field(
        name="component",
        label="Component",
        parse=code(parse_code),
        parse_own=own_code(parse_code),
        aliases=("component sku", "component id", "part", "part sku", "item"),
        hint="The SKU of what it is made of. Components that a file leaves out stay.",
    ),
    Field(
        name="quantity",
        label="Quantity",
        parse=quantity,
        type=Numeric(14, 3),
        is_number=True,
        aliases=("qty", "per assembly qty", "quantity per", "per bundle"),
    ),
    Field(
        name="kind",
        label="Kind",
        parse=parse_kind,
        aliases=("type",),
        is_fixable=True,
        hint="Bundle (sold as a kit) or assembly (built and kept). Known ones need none.",
    ),
    Field(
        name="build_quantity",
        label="Made at once",
        parse=quantity,
        type=Numeric(14, 3),
        is_number=True,
        aliases=("build quantity", "yield", "output quantity"),
        hint="How many pieces of an assembly come of the components.",
    ),
    Field(
        name="substitutes",
        label="Substitutes",
        parse=parse_substitutes,
        aliases=("substitute", "substitute skus", "alternatives", "alternates"),
        hint="SKUs with commas between them, the first of them first. Empty keeps those that "
        "there are, - takes them away.",
    ),
    Field(
        name="until",
        label="Valid until",
        parse=date.fromisoformat,
        type=Date(),
        is_date=True,
        has_time=True,
        aliases=("end date", "valid to", "ended on"),
        hint="Rows that have ended are left out, and come back with the reason.",
    ),
)
