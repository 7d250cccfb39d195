"""What products are made of: bundles that are sold as kits, assemblies that are built."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.catalog import queries
from app.catalog.events import ProductChanged
from app.catalog.figures import figures_of
from app.catalog.models import KINDS, ComponentLine, Product
from app.catalog.services.component_lines import ComponentDraft, lines_of, refuse_number
from app.catalog.uses import uses_of_component
from app.core.db import db, locked, retried, transaction
from app.core.errors import DomainError, Invalid, InvalidRow
from app.core.events import publish
from app.core.quantities import LARGEST_QUANTITY, QUANTITY_DECIMALS, grouped, plain
from app.core.uses import ensure_unused

# Two people could close a circle together, of which each sees only one half.
ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('product components'))")


class MadeOfItself(DomainError):
    """A product would contain itself; the message names the circle."""


class BundlePart(NamedTuple):
    """What one bundle holds of a product that lies on a shelf."""

    product_id: int
    sku: str
    name: str
    is_active: bool
    quantity: Decimal


@retried
def set_components(
    product_id: int,
    *,
    kind: str,
    components: Sequence[ComponentDraft],
    version: int | None,
    build_quantity: Decimal = Decimal(1),
) -> Product:
    """Say what a product is made of: `components` are all there are, in this order.

    A bundle is sold as a kit of them, and is never in stock itself. An assembly is built of
    them, `build_quantity` pieces in one go. An item has none.

    Raises:
        StaleVersion: Somebody else was faster.
        Invalid: The kind does not go with its components, or a quantity does not fit.
        InvalidRow: A component is unknown, out of use, or there twice.
        MadeOfItself: It would contain itself.
        InUse: It becomes a bundle, or is none any more, while stock or open orders need it.
    """
    with transaction() as session:
        session.execute(ONE_AT_A_TIME)
        query = queries.product_with_components(product_id)
        product = session.scalars(locked(query, Product)).one()
        known = {line.component_id: line for line in product.components}
        lines = lines_of(components, known=known)
        _refuse_unfit(kind, lines, build_quantity)
        _refuse_substitutes(product, kind, lines)
        wanted = {"kind": kind, "components": lines, "build_quantity": build_quantity}
        others = [number for line in lines for number, _sku in line.substitutes]
        parts = [line.component_id for line in lines]
        _refuse_circle(session, product, [*parts, *others])
        _write(session, product, wanted, version=version)
    return product


def add_components(
    product_id: int,
    lines: Sequence[ComponentLine],
    *,
    kind: str | None,
    build_quantity: Decimal | None,
    keeping: Collection[int] = (),
) -> Product:
    """Add components to a product, or change how much it takes of them; the others stay.

    Without a kind it stays what it is. A known component that is in `keeping` keeps what may
    be taken instead of it. The caller has looked for circles.

    Raises:
        Invalid: The kind does not go with its components, or a quantity does not fit.
        InUse: It becomes a bundle, or is none any more, while stock or open orders need it.
    """
    with transaction() as session:
        session.execute(ONE_AT_A_TIME)
        query = queries.product_with_components(product_id)
        product = session.scalars(locked(query, Product)).one()
        merged = {line.component_id: line for line in product.components}
        for line in lines:
            before = merged.get(line.component_id)
            if before and line.component_id in keeping:
                line = line._replace(substitutes=before.substitutes)  # noqa: PLW2901
            merged[line.component_id] = line
        wanted: dict[str, Any] = {
            "kind": kind or product.kind,
            "components": [*merged.values()],
            "build_quantity": build_quantity or product.build_quantity,
        }
        _refuse_unfit(wanted["kind"], wanted["components"], wanted["build_quantity"])
        _refuse_substitutes(product, wanted["kind"], wanted["components"])
        _write(session, product, wanted, version=None)
    return product


def bundle_parts(product_ids: Sequence[int]) -> Mapping[int, list[BundlePart]]:
    """Give what one of each bundle holds in the end: one query, also for bundles in bundles."""
    found: dict[int, list[BundlePart]] = {}
    if product_ids:
        for row in db.session.execute(queries.bundle_parts(product_ids)):
            found.setdefault(row.bundle_id, []).append(BundlePart(*row[1:]))
    return found


def _write(
    session: Session, product: Product, wanted: Mapping[str, Any], *, version: int | None
) -> None:
    was_bundle = product.is_bundle
    with session.no_autoflush:
        new = product.revise(version=version, **wanted)
        if product.is_bundle != was_bundle:
            refuse_needed(product)
    session.flush()
    if new:
        refuse_crumbs(session, [product.id])
        publish(ProductChanged(product_id=product.id))


def refuse_needed(product: Product) -> None:
    """Refuse to change whether something is kept in stock while something hangs on that.

    Raises:
        InUse: It is wanted, on order or reserved.
        Invalid: There is some of it on hand.
    """
    ensure_unused(product, besides=(uses_of_component,))
    on_hand = figures_of([product.id])[product.id].on_hand
    if on_hand:
        reason = f"{grouped(on_hand)} of {product.sku} are on hand, and a bundle has no stock."
        raise Invalid("kind", reason)


def refuse_crumbs(session: Session, product_ids: Sequence[int]) -> None:
    """Refuse bundles that would hold less of something than can be counted.

    Raises:
        Invalid: With the first of them.
    """
    bundles = session.scalars(queries.bundles_with(product_ids)).all()
    for row in session.execute(queries.bundle_parts(bundles)) if bundles else ():
        if row.quantity != round(row.quantity, QUANTITY_DECIMALS) or (
            row.quantity >= LARGEST_QUANTITY
        ):
            reason = f"A bundle would hold {plain(row.quantity)} of {row.sku}: that is"
            many = "too many" if row.quantity >= 1 else "too fine to be counted"
            raise Invalid("components", f"{reason} {many}.")


def _refuse_unfit(kind: str, lines: Sequence[ComponentLine], build_quantity: Decimal) -> None:
    if kind not in KINDS:
        raise Invalid("kind", f"Choose one of {', '.join(KINDS)}.")
    if kind == "item" and lines:
        raise Invalid("kind", "An item has no components: choose bundle or assembly.")
    if kind != "item" and not lines:
        raise Invalid("components", f"Say what the {kind} is made of.")
    refuse_number("build_quantity", build_quantity)
    if kind != "assembly" and build_quantity != 1:
        raise Invalid("build_quantity", "Only an assembly is built several at once.")


def _refuse_substitutes(product: Product, kind: str, lines: Sequence[ComponentLine]) -> None:
    """What a bundle holds is what a customer was promised: nothing is taken instead."""
    for row, line in enumerate(lines):
        if line.substitutes and kind != "assembly":
            reason = "only components of an assembly have substitutes."
            raise InvalidRow("components", row, "substitutes", reason)
        if any(number == product.id for number, _sku in line.substitutes):
            reason = f"{product.sku} cannot stand in for a part of itself."
            raise InvalidRow("components", row, "substitutes", reason)


def _refuse_circle(session: Session, product: Product, component_ids: Sequence[int]) -> None:
    if product.id in component_ids:
        raise MadeOfItself(f"{product.sku} cannot contain itself.")
    steps = session.execute(queries.steps_below(component_ids)).all()
    own = [(product.id, component_id) for component_id in component_ids]
    if circle := circle_in([*own, *((row[0], row[1]) for row in steps)]):
        said = named_circle(session, circle)
        raise MadeOfItself(f"{product.sku} would contain itself: {said}.")


def circle_in(steps: Iterable[tuple[int, int]]) -> list[int]:
    """Find a circle in steps from wholes to components: from one of it down to itself again."""
    parts: dict[int, set[int]] = {}
    for product_id, component_id in steps:
        parts.setdefault(product_id, set()).add(component_id)
    try:
        TopologicalSorter(parts).prepare()
    except CycleError as error:
        found: Sequence[int] = error.args[1]
        return [*reversed(found)]  # it goes from a component up to what it is in
    return []


def named_circle(session: Session, circle: Sequence[int]) -> str:
    """Write a circle down with the SKUs of its products."""
    skus = {one.id: one.sku for one in session.scalars(queries.products_among(circle))}
    return " > ".join(skus[number] for number in circle)
