"""Lots and serial numbers of a file of balances: found, refused if they do not fit, made."""

from typing import Any

from sqlalchemy import ColumnElement, Text, cast, exists, func, literal, select, update

from app.catalog.models import NOT_TRACKED, SERIAL, Product
from app.imports.staging import Staging
from app.stock.models import Balance, Location, Lot

EXPIRY = "expires_on"


class LotLoad:
    """Finds the lot of each row whose product is tracked; asks for it where it is missing."""

    def __init__(self, staging: Staging) -> None:
        self.staging = staging
        self.session = staging.session
        self.rows = staging.rows.c
        self.tracking: ColumnElement[str] = self._of_product(Product.tracking)

    def __call__(self) -> None:
        """Find lots by their numbers, and refuse rows that do not say which."""
        rows = self.rows
        # What says its number in a column that is not mapped is refused as what says none.
        is_tracked, says = self.tracking != NOT_TRACKED, rows.lot.is_not(None)
        field = "lot" if "lot" in self.staging.mapped else "sku"
        unsaid = "The product is tracked: say the lot or serial number."
        self.staging.refuse_where(field, is_tracked & ~says & (rows.quantity != 0), unsaid)
        untracked = "The product is tracked neither by lot nor by serial number."
        self.staging.refuse_where(field, ~is_tracked & says, untracked)
        self._find()
        self._refuse_doubled()
        self._refuse_days()

    @property
    def number(self) -> ColumnElement[Any]:
        """The number of the lot as it is compared; empty where none is said."""
        return func.coalesce(func.normal_code(self.rows.lot), "")

    def make(self) -> None:
        """Make the lots that are new, and tell those that are known when they expire."""
        rows = self.rows
        new = select(
            rows.target_id, func.min(rows.lot), func.max(rows.expires_on), self.tracking
        ).where(rows.lot.is_not(None), rows.lot_id.is_(None), rows.quantity != 0)
        grouped = new.group_by(rows.target_id, func.normal_code(rows.lot))
        self.session.add_all(
            Lot(product_id=product_id, code=code, expires_on=day, is_serial=kind == SERIAL)
            for product_id, code, day, kind in self.session.execute(
                grouped.order_by(rows.target_id, func.normal_code(rows.lot))
            )
        )
        unsaid = select(Lot, rows.expires_on).join(
            self.staging.rows, (rows.lot_id == Lot.id) & rows.expires_on.is_not(None)
        )
        for lot, day in self.session.execute(unsaid.where(Lot.expires_on.is_(None))):
            lot.expires_on = day
        self.session.flush()
        self._find()

    def _of_product(self, column: Any) -> ColumnElement[Any]:
        found = select(column).where(Product.id == self.rows.target_id)
        return found.correlate(self.staging.rows).scalar_subquery()

    def _find(self) -> None:
        rows = self.rows
        same = func.normal_code(Lot.code) == func.normal_code(rows.lot)
        found = update(self.staging.rows).values(lot_id=Lot.id)
        self.session.execute(found.where(Lot.product_id == rows.target_id, same))

    def _refuse_doubled(self) -> None:
        """One serial number is one piece, at one place."""
        rows, is_piece = self.rows, self.tracking == SERIAL
        is_several = is_piece & rows.lot.is_not(None) & rows.quantity.not_in((0, 1))
        self.staging.refuse_where("quantity", is_several, "A serial number is one piece.")
        elsewhere = (
            select(literal(1))
            .where(
                Balance.serial_id == rows.lot_id,
                Balance.location_id.is_distinct_from(rows.location_id),
                rows.quantity != 0,
            )
            .correlate(self.staging.rows)
            .exists()
        )
        where = select(Location.code).join(Balance, Balance.location_id == Location.id)
        code = where.where(Balance.serial_id == rows.lot_id).correlate(self.staging.rows)
        reason = "This piece is on hand at " + code.scalar_subquery() + " already."
        self.staging.refuse(select(rows.row, literal("lot"), rows.lot, reason).where(elsewhere))
        first = func.min(rows.row).over(partition_by=[rows.target_id, self.number])
        seen = (
            select(rows.row, rows.lot, first.label("first"))
            .where(is_piece, rows.lot.is_not(None), rows.quantity != 0)
            .subquery()
        )
        again = "This piece is in row " + cast(seen.c.first, Text) + " already."
        self.staging.refuse(
            select(seen.c.row, literal("lot"), seen.c.lot, again).where(
                seen.c.row != seen.c.first
            )
        )

    def _refuse_days(self) -> None:
        """A lot has one last day, and one of what expires has some."""
        rows = self.rows
        field = EXPIRY if EXPIRY in self.staging.mapped else "sku"
        known = select(Lot.expires_on).where(Lot.id == rows.lot_id)
        day = known.correlate(self.staging.rows).scalar_subquery()
        alone = rows.expires_on.is_not(None) & rows.lot.is_(None)
        self.staging.refuse_where(field, alone, "Say the lot that expires then.")
        other = "The lot expires on " + cast(day, Text) + ": which is right?"
        self.staging.refuse(
            select(rows.row, literal(EXPIRY), cast(rows.expires_on, Text), other).where(
                rows.expires_on != day
            )
        )
        self._refuse_two_days()
        needs = self._of_product(Product.has_expiry) & (rows.quantity != 0)
        said = self.staging.rows.alias("said")
        elsewhere = exists().where(
            said.c.target_id == rows.target_id,
            func.normal_code(said.c.lot) == func.normal_code(rows.lot),
            said.c.expires_on.is_not(None),
        )
        unsaid = func.coalesce(rows.expires_on, day).is_(None) & ~elsewhere
        reason = "Say when it expires: the product has expiry dates."
        self.staging.refuse_where(field, needs & unsaid, reason)

    def _refuse_two_days(self) -> None:
        """Rows of one lot do not say two days."""
        rows = self.rows
        first = func.first_value(rows.expires_on).over(
            partition_by=[rows.target_id, self.number], order_by=rows.row
        )
        seen = (
            select(rows.row, rows.expires_on, first.label("first"))
            .where(rows.lot.is_not(None), rows.expires_on.is_not(None))
            .subquery()
        )
        differs = "The same lot expires on " + cast(seen.c.first, Text) + " in another row."
        self.staging.refuse(
            select(seen.c.row, literal(EXPIRY), cast(seen.c.expires_on, Text), differs).where(
                seen.c.expires_on != seen.c.first
            )
        )
