"""What a build takes: its components, and what may be taken instead where one is short."""

from collections.abc import Mapping
from decimal import Decimal

from app.assembly.errors import MissingComponents
from app.catalog.models import ComponentLine, Product
from app.catalog.services import bundle_parts
from app.core.errors import Invalid
from app.core.quantities import QUANTITY_DECIMALS, grouped
from app.stock import services as stock
from app.stock.reservations import ReservedQuantity, allocate

ZERO = Decimal(0)


def components_for(product: Product, quantity: Decimal) -> dict[int, ComponentLine]:
    """Give what so much of an assembly takes, by product; bundles are taken apart.

    Raises:
        Invalid: It does not come out even.
    """
    bundles = bundle_parts([line.component_id for line in product.components])
    needed: dict[int, ComponentLine] = {}
    for line in product.components:
        each = line.quantity * quantity / product.build_quantity
        parts = bundles.get(line.component_id)
        found = (
            [ComponentLine(part.product_id, each * part.quantity, part.sku) for part in parts]
            if parts
            else [line._replace(quantity=each)]
        )
        for one in found:
            before = needed.get(one.component_id)
            total = one.quantity + (before.quantity if before else ZERO)
            others = one.substitutes or (before.substitutes if before else ())
            needed[one.component_id] = one._replace(quantity=total, substitutes=others)
    for one in needed.values():
        if one.quantity != round(one.quantity, QUANTITY_DECIMALS):
            reason = f"So many take {one.quantity:f} of {one.sku}: that does not come out even."
            raise Invalid("quantity", reason)
    return needed


def take_components(
    wanted: Mapping[int, ComponentLine], warehouse: str
) -> list[ReservedQuantity]:
    """Set components apart, all that is wanted of each, or else what may be taken instead.

    Every component has its own first: no substitute is taken of what another is short of.
    """
    demands = [stock.Demand(line.component_id, line.quantity) for line in wanted.values()]
    allocated = allocate(demands, within=f"{warehouse}/")
    taken, missing = [part for parts in allocated for part in parts], []
    for line, parts in zip(wanted.values(), allocated, strict=True):
        rest = line.quantity - sum((part.quantity for part in parts), ZERO)
        for number, _sku in line.substitutes if rest else ():
            [instead] = allocate([stock.Demand(number, rest)], within=f"{warehouse}/")
            taken += instead
            rest -= sum((part.quantity for part in instead), ZERO)
            if not rest:
                break
        if rest:
            missing.append(_missing(line, rest))
    if missing:
        raise MissingComponents(f"In {warehouse} there are missing: {', '.join(missing)}.")
    return taken


def _missing(line: ComponentLine, rest: Decimal) -> str:
    others = " or ".join([line.sku, *(sku for _number, sku in line.substitutes)])
    return f"{grouped(rest)} of {others}"
