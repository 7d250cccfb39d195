"""What products are made of, from a file and into one: a row for each component."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Text, cast, func, literal, select, update

from app.catalog import services
from app.catalog.importers.component_export import SUBSTITUTES, export
from app.catalog.importers.component_fields import FIELDS, MADE, NOTHING
from app.catalog.models import Component, ComponentLine, Product
from app.catalog.rules import codes_in
from app.catalog.services.matching import named_products
from app.core.days import today
from app.core.errors import DomainError, Invalid
from app.imports.definition import ASK_OWN_CODES, Counts, Importer
from app.imports.staging import Staging


class Row(NamedTuple):
    """A row that is to be written."""

    row: int
    product_id: int
    component_id: int
    sku: str  # of the component
    quantity: Decimal
    kind: str | None
    build_quantity: Decimal | None
    instead: tuple[tuple[int, str], ...] | None  # None: it is not said


class ComponentLoad:
    """Adds components to products and changes their quantities; none is taken away."""

    def __init__(self, staging: Staging) -> None:
        self.staging = staging
        self.session = staging.session
        self.rows = staging.rows
        self.instead: dict[int, tuple[tuple[int, str], ...]] = {}  # by row, where it is said

    def __call__(self) -> Counts:
        """Write the rows, or count them in a dry run."""
        self._refuse_empty()
        self._find("sku", "target_id")
        self._find("component", "component_id")
        self._refuse_ended()
        self._refuse_repeated()
        self._find_substitutes()
        self._compare()
        self._refuse_kindless()
        self._refuse_circles()
        left_alone = self._leave_known() if not self.staging.update else 0
        self._write()
        rows = self.rows.c
        return Counts(
            created=self.staging.count(rows.is_new),
            updated=self.staging.count(~rows.is_new, rows.is_changed),
            unchanged=self.staging.count(~rows.is_new, ~rows.is_changed) + left_alone,
        )

    def _refuse_empty(self) -> None:
        for name in ("sku", "component", "quantity"):
            reason = f"The {self.staging.importer.label_of(name).lower()} is missing."
            self.staging.refuse_where(name, self.rows.c[name].is_(None), reason)
        nothing = self.rows.c.quantity == 0
        self.staging.refuse_where("quantity", nothing, "Enter a quantity above zero.")
        nothing = self.rows.c.build_quantity == 0
        self.staging.refuse_where("build_quantity", nothing, "Enter a quantity above zero.")

    def _find(self, field: str, target: str) -> None:
        code, id_ = self.rows.c[field], self.rows.c[target]
        found = update(self.rows).values({target: Product.id})
        same = func.normal_code(Product.sku) == func.normal_code(code)
        self.session.execute(found.where(same, Product.sku == code))
        twins = select(func.normal_code(Product.sku)).where(Product.twin > 0)
        alone = func.normal_code(code).not_in(twins)
        self.session.execute(found.where(same, alone, id_.is_(None)))
        self.staging.refuse_where(field, id_.is_(None), "There is no product with this SKU.")
        idle = id_.in_(select(Product.id).where(~Product.is_active))
        self.staging.refuse_where(field, idle, "The product is not active.")

    def _refuse_ended(self) -> None:
        rows = self.rows.c
        reason = "It ended on " + cast(rows.until, Text) + "."
        ended = select(rows.row, literal("until"), cast(rows.until, Text), reason)
        self.staging.refuse(ended.where(rows.until < today()))
        is_own = rows.target_id == rows.component_id
        self.staging.refuse_where("component", is_own, "A product cannot contain itself.")

    def _refuse_repeated(self) -> None:
        rows = self.rows.c
        same = [rows.target_id, rows.component_id]
        first = func.min(rows.row).over(partition_by=same).label("first")
        seen = select(rows.row, rows.component, first).subquery()
        reason = "The same component is in row " + cast(seen.c.first, Text) + " already."
        self.staging.refuse(
            select(seen.c.row, literal("component"), seen.c.component, reason).where(
                seen.c.row != seen.c.first
            )
        )

    def _find_substitutes(self) -> None:
        """Find what may be taken instead; it is kept in the way in which exports say it."""
        rows = self.rows.c
        said = self.session.execute(
            select(rows.row, rows.component_id, rows.substitutes).where(
                rows.substitutes.is_not(None)
            )
        ).all()
        wanted = {
            one.row: [] if one.substitutes == NOTHING else codes_in(one.substitutes)
            for one in said
        }
        codes = named_products({code for some in wanted.values() for code in some})
        for one in said:
            mine = rows.row == one.row
            try:
                found = services.find_substitutes(wanted[one.row], one.component_id, codes)
            except Invalid as error:
                self.staging.refuse_where("substitutes", mine, str(error))
                continue
            self.instead[one.row] = found
            written = ", ".join(sku for _number, sku in found)
            self.session.execute(update(self.rows).values(substitutes=written).where(mine))

    def _compare(self) -> None:
        """Find the components that are known, and what of them or their products differs."""
        rows, known = self.rows.c, update(self.rows)
        is_other = (rows.quantity != Component.quantity) | (
            func.coalesce(rows.substitutes, SUBSTITUTES) != SUBSTITUTES
        )
        self.session.execute(
            known.values(is_new=False, is_changed=is_other).where(
                Component.product_id == rows.target_id,
                Component.component_id == rows.component_id,
            )
        )
        made_other = (Product.kind != func.coalesce(rows.kind, Product.kind)) | (
            Product.build_quantity != func.coalesce(rows.build_quantity, Product.build_quantity)
        )
        self.session.execute(
            known.values(is_changed=True).where(Product.id == rows.target_id, made_other)
        )

    def _refuse_kindless(self) -> None:
        rows = self.rows.c
        plain = rows.target_id.in_(select(Product.id).where(Product.kind == "item"))
        reason = f"Say whether it is a {' or an '.join(MADE)}."
        self.staging.refuse_where("kind", plain & rows.kind.is_(None), reason)

    def _refuse_circles(self) -> None:
        """Take out the rows by which a product would contain itself, and name the circle."""
        rows = self.rows.c
        while circle := self._circle():
            steps = {*pairwise(circle)}
            said = select(rows.row, rows.target_id, rows.component_id)
            given = self.session.execute(said).all()
            wrong = [row for row, *step in given if tuple(step) in steps]
            wrong += [one.row for one in given if {*self._steps_to_substitutes([one])} & steps]
            way = services.named_circle(self.session, circle)
            reason = f"The product would contain itself: {way}."
            self.staging.refuse_where("component", rows.row.in_(wrong), reason)

    def _circle(self) -> list[int]:
        """A circle in what is known and what is in the file, together."""
        rows = self.rows.c
        steps = select(Component.product_id, Component.component_id).union(
            select(rows.target_id, rows.component_id)
        )
        known = [(row[0], row[1]) for row in self.session.execute(steps)]
        wholes = self.session.execute(select(rows.row, rows.target_id)).all()
        return services.circle_in([*known, *self._steps_to_substitutes(wholes)])

    def _steps_to_substitutes(self, wholes: Iterable[Any]) -> Iterable[tuple[int, int]]:
        """What stands for a component may not contain the whole either."""
        return (
            (one.target_id, number)
            for one in wholes
            for number, _sku in self.instead.get(one.row, ())
        )

    def _leave_known(self) -> int:
        """Take out the rows whose component is known; give how many."""
        known = ~self.rows.c.is_new
        count = self.staging.count(known)
        self.session.execute(self.rows.delete().where(known))
        return count

    def _write(self) -> None:
        """Write product by product; what is refused of one takes out its rows alone."""
        for product_id, rows in self._by_product():
            try:
                with self.session.begin_nested() as point:
                    _write_product(product_id, rows)
                    if self.staging.dry_run:
                        point.rollback()
            except DomainError as error:
                self._refuse(rows, str(error))

    def _by_product(self) -> Iterable[tuple[int, list[Row]]]:
        rows = self.rows.c
        wanted = (
            select(
                *(rows.row, rows.target_id, rows.component_id, Product.sku),
                *(rows.quantity, rows.kind, rows.build_quantity),
            )
            .join(Product, Product.id == rows.component_id)
            .where(rows.is_new | rows.is_changed)
            .order_by(rows.target_id, rows.row)
        )
        found: dict[int, list[Row]] = {}
        for one in self.session.execute(wanted).all():
            row = Row._make([*one, self.instead.get(one.row)])
            found.setdefault(one.target_id, []).append(row)
        return found.items()

    def _refuse(self, rows: Sequence[Row], reason: str) -> None:
        numbers = [row.row for row in rows]
        self.staging.refuse_where("sku", self.rows.c.row.in_(numbers), reason)


def _write_product(product_id: int, rows: Sequence[Row]) -> None:
    services.add_components(
        product_id,
        [
            ComponentLine(row.component_id, row.quantity, row.sku, row.instead or ())
            for row in rows
        ],
        kind=next((row.kind for row in rows if row.kind), None),
        build_quantity=next((row.build_quantity for row in rows if row.build_quantity), None),
        keeping={row.component_id for row in rows if row.instead is None},
    )


COMPONENTS = Importer(
    kind="components",
    label="Components of bundles and assemblies",
    permission="products.import",
    fields=FIELDS,
    key=("sku", "component"),
    load=lambda staging: ComponentLoad(staging)(),
    export=export,
    options=ASK_OWN_CODES,
    scratch={"component_id": BigInteger()},
)
