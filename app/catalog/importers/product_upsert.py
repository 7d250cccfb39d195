"""Products in a handful of statements: themselves, their barcodes, their part numbers."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Numeric,
    Table,
    Text,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert

from app.catalog.importers.lookups import find_vendors
from app.catalog.models import NOT_TRACKED, UNTRACKED, Barcode, Product, VendorPart
from app.core.settings import setting
from app.imports.upsert import Columns, Upsert


class ProductUpsert(Upsert):
    """Loads products. Barcodes and part numbers are added, never taken away."""

    model = Product
    key = "sku"
    required = {"name": "A new product needs a name."}
    lines = (Barcode, VendorPart)

    def resolve(self) -> None:
        """Find the suppliers."""
        if "supplier" in self.staging.mapped:
            find_vendors(self.staging, "supplier", "supplier_id")

    def loaded(self) -> Columns:
        """The supplier is loaded by its id."""
        columns = dict(super().loaded())
        if "supplier" in self.staging.mapped:
            columns["supplier_id"] = self.rows.c.supplier_id
        return columns

    def defaults(self) -> Mapping[str, Any]:
        """New products are priced in the company's currency."""
        return {"currency": setting("currency")}

    def label(self) -> ColumnElement[str]:
        """As `str(product)`."""
        return Product.sku + " " + Product.name

    def children(self) -> Mapping[str, ColumnElement[str]]:
        """As `BarcodeLine` and `VendorPartLine` are written."""
        lines = {"barcodes": _shown_barcodes(), "vendor_part_number": _shown_parts()}
        names = {"barcodes": "barcodes", "vendor_part_number": "vendor_parts"}
        return {names[n]: line for n, line in lines.items() if n in self.staging.mapped}

    def compare_children(self) -> None:
        """Compare barcodes, part numbers and tracking, as far as the file has them."""
        if "has_expiry" in self.staging.mapped or "tracking" in self.staging.mapped:
            self._refuse_expiry_of_untracked()
        if "barcodes" in self.staging.mapped:
            self._stage_barcodes()
            self._refuse_taken_barcodes()
            self._mark_new_barcodes()
        if "vendor_part_number" in self.staging.mapped:
            self._find_part_vendors()
            self._mark_new_parts()

    def write_children(self) -> None:
        """Add what is new."""
        if "barcodes" in self.staging.mapped:
            self._write_barcodes()
        if "vendor_part_number" in self.staging.mapped:
            self._write_parts()

    def _refuse_expiry_of_untracked(self) -> None:
        """Nothing says when it expires that says neither lot nor serial number."""
        expires, tracking = (
            func.coalesce(
                self.rows.c[name] if name in self.staging.mapped else None,
                select(column).where(Product.id == self.rows.c.target_id).scalar_subquery(),
                otherwise,
            )
            for name, column, otherwise in (
                ("has_expiry", Product.has_expiry, False),
                ("tracking", Product.tracking, NOT_TRACKED),
            )
        )
        field = next(one for one in ("has_expiry", "tracking") if one in self.staging.mapped)
        self.staging.refuse_where(field, and_(expires, tracking == NOT_TRACKED), UNTRACKED)

    def _stage_barcodes(self) -> None:
        """Give every barcode a row of its own."""
        self.staged: Table = self.staging.add_table(
            "import_barcode",
            Column("row", BigInteger),
            Column("code", Text),
            Column("key", Text),
            Column("units", Numeric),
            Column("is_own", Boolean),
        )
        lines = func.jsonb_array_elements(self.rows.c.barcodes).table_valued("value")
        code, units = lines.c.value.op("->>")(0), cast(lines.c.value.op("->>")(1), Numeric)
        is_own = cast(lines.c.value.op("->>")(2), Boolean)
        every = select(self.rows.c.row, code, func.barcode_key(code), units, is_own)
        names = ["row", "code", "key", "units", "is_own"]
        self.session.execute(
            insert(self.staged).from_select(
                names, every.select_from(self.rows.join(lines, true()))
            )
        )

    def _refuse_taken_barcodes(self) -> None:
        """One code opens one product: not two of the file, and none that is there."""
        lines, field = self.staged.c, literal("barcodes")
        first = func.min(lines.row).over(partition_by=lines.key).label("first")
        seen = select(lines.row, lines.code, first).subquery()
        reason = "The barcode is in row " + cast(seen.c.first, Text) + " already."
        self.staging.refuse(
            select(seen.c.row, field, seen.c.code, reason).where(seen.c.row != seen.c.first)
        )
        belongs = "The barcode belongs to " + Product.sku + " already."
        self.staging.refuse(
            select(lines.row, field, lines.code, belongs)
            .join(self.rows, self.rows.c.row == lines.row)
            .join(Barcode, Barcode.key == lines.key)
            .join(Product, Product.id == Barcode.product_id)
            .where(Barcode.product_id.is_distinct_from(self.rows.c.target_id))
        )

    def _mark_new_barcodes(self) -> None:
        lines, rows = self.staged.c, self.rows.c
        is_known = exists().where(
            Barcode.key == lines.key,
            Barcode.product_id == rows.target_id,
            Barcode.units == lines.units,
        )
        self._mark(lines.row == rows.row, ~is_known)

    def _write_barcodes(self) -> None:
        """Insert them all; a carton's that was known learns its units."""
        lines, rows = self.staged.c, self.rows.c
        every = (
            select(rows.target_id, lines.code, lines.units, lines.is_own)
            .join(self.rows, rows.row == lines.row)
            .where(rows.has_new_lines)
            .order_by(lines.row)
        )
        statement = insert(Barcode).from_select(
            ["product_id", "code", "units", "is_own"], every
        )
        new = statement.excluded
        self.session.execute(
            statement.on_conflict_do_update(
                index_elements=[
                    func.barcode_key(Barcode.__table__.c.code),
                    Barcode.__table__.c.twin,
                ],
                set_={"units": new.units},
                where=and_(
                    Barcode.product_id == new.product_id,
                    Barcode.units.is_distinct_from(new.units),
                ),
            )
        )

    def _find_part_vendors(self) -> None:
        """A part number is the supplier's: the row's, or the product's."""
        rows = self.rows.c
        given = update(self.rows).values(part_vendor_id=rows.supplier_id)
        self.session.execute(given)
        known = update(self.rows).values(part_vendor_id=Product.supplier_id)
        self.session.execute(
            known.where(rows.target_id == Product.id, rows.part_vendor_id.is_(None))
        )
        has_none = rows.vendor_part_number.is_not(None) & rows.part_vendor_id.is_(None)
        reason = "A vendor part number needs a supplier."
        self.staging.refuse_where("vendor_part_number", has_none, reason)

    def _mark_new_parts(self) -> None:
        rows = self.rows.c
        is_known = exists().where(
            VendorPart.vendor_id == rows.part_vendor_id,
            func.normal_code(VendorPart.part_number)
            == func.normal_code(rows.vendor_part_number),
            VendorPart.product_id == rows.target_id,
        )
        self._mark(rows.vendor_part_number.is_not(None), ~is_known)

    def _write_parts(self) -> None:
        rows = self.rows.c
        every = select(rows.target_id, rows.part_vendor_id, rows.vendor_part_number)
        given = every.where(rows.vendor_part_number.is_not(None), rows.has_new_lines)
        columns = ["product_id", "vendor_id", "part_number"]
        statement = insert(VendorPart).from_select(columns, given.order_by(rows.row))
        self.session.execute(statement.on_conflict_do_nothing())

    def _mark(self, *conditions: ColumnElement[bool]) -> None:
        marked = update(self.rows).values(has_new_lines=True)
        self.session.execute(marked.where(*conditions))


def _shown_barcodes() -> ColumnElement[str]:
    units = " (" + cast(func.trim_scale(Barcode.units), Text) + " units)"
    line = Barcode.code + case((Barcode.units == 1, ""), else_=units)
    lines = func.string_agg(line, aggregate_order_by(literal(", "), Barcode.id))
    return select(lines).where(Barcode.product_id == Product.id).scalar_subquery()


def _shown_parts() -> ColumnElement[str]:
    part, quantity = VendorPart, VendorPart.minimum_quantity
    pack, multiple = part.pack_quantity, part.order_multiple
    terms = func.concat_ws(
        ", ",
        "vendor " + cast(part.vendor_id, Text),
        "at " + cast(func.trim_scale(part.price), Text),
        cast(part.lead_time_days, Text) + " days",
        case((or_(quantity != 0), "from " + cast(func.trim_scale(quantity), Text))),
        case((pack != 1, "packs of " + cast(func.trim_scale(pack), Text))),
        func.nullif(part.purchase_unit, ""),
        "multiple of " + cast(func.trim_scale(multiple), Text),
        func.nullif(part.price_breaks, ""),
        func.nullif(part.currency, ""),
    )
    line = part.part_number + " (" + terms + ")"
    lines = func.string_agg(line, aggregate_order_by(literal(", "), part.id))
    return select(lines).where(part.product_id == Product.id).scalar_subquery()
