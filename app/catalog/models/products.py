"""What we trade in, the codes on it, and what its vendors call it."""

from collections.abc import Hashable, Iterable, Mapping
from decimal import Decimal
from typing import ClassVar, NamedTuple, TypeVar

from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKey,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.catalog.barcodes import barcode_key
from app.catalog.breaks import BREAKS_PATTERN, price_at
from app.catalog.models.contacts import Vendor
from app.core import audit
from app.core.audit import Audited
from app.core.codes import normal_code
from app.core.db import Model, Money
from app.core.files import StoredFile
from app.core.indexes import prefix_index, trigram_index, twin
from app.core.quantities import plain
from app.core.versions import Versioned


class BarcodeLine(NamedTuple):
    """A code, how many units it is worth, and whether somebody said that it is their own."""

    code: str
    units: Decimal = Decimal(1)
    is_own: bool = False  # it looks like a GTIN and is none

    @property
    def key(self) -> str:
        """What makes it the same barcode."""
        return barcode_key(self.code)

    def __str__(self) -> str:
        return self.code if self.units == 1 else f"{self.code} ({plain(self.units)} units)"


class VendorPartLine(NamedTuple):
    """A vendor's number for a product, and the terms on which it comes.

    It is sold in packs: `price` and `price_breaks` are of one of them, in `currency`, or in the
    vendor's where that is empty. `minimum_quantity` and `order_multiple` are in the product's
    own unit.
    """

    vendor_id: int
    part_number: str
    price: Decimal | None = None
    lead_time_days: int | None = None
    minimum_quantity: Decimal | None = None
    pack_quantity: Decimal = Decimal(1)
    purchase_unit: str = ""
    order_multiple: Decimal | None = None
    price_breaks: str = ""
    currency: str = ""

    @property
    def key(self) -> tuple[int, str]:
        """What makes it the same part number."""
        return self.vendor_id, normal_code(self.part_number)

    def __str__(self) -> str:
        terms = [
            f"vendor {self.vendor_id}",
            f"at {plain(self.price)}" if self.price is not None else "",
            f"{self.lead_time_days} days" if self.lead_time_days is not None else "",
            f"from {plain(self.minimum_quantity)}" if self.minimum_quantity else "",
            f"packs of {plain(self.pack_quantity)}" if self.pack_quantity != 1 else "",
            self.purchase_unit,
            f"multiple of {plain(self.order_multiple)}" if self.order_multiple else "",
            self.price_breaks,
            self.currency,
        ]
        return f"{self.part_number} ({', '.join(filter(None, terms))})"


KINDS = {
    "item": "Item",  # bought, and kept in stock
    "bundle": "Bundle",  # sold as a kit of its components, and never in stock itself
    "assembly": "Assembly",  # built of its components, and kept in stock
}
BUNDLE = "bundle"
TRACKINGS = {
    "none": "Not tracked",
    "lot": "By lot",
    "serial": "By serial number",
}
NOT_TRACKED, SERIAL = "none", "serial"
UNTRACKED = "Only what is tracked by lot or serial number says when it expires."


class ComponentLine(NamedTuple):
    """So much of a product that one of another is made of; `sku` is for people to read.

    `substitutes` may be taken instead, the first of them first: their ids, and their SKUs.
    """

    component_id: int
    quantity: Decimal
    sku: str = ""
    substitutes: tuple[tuple[int, str], ...] = ()

    @property
    def key(self) -> int:
        """What makes it the same component."""
        return self.component_id

    def __str__(self) -> str:
        said = f"{plain(self.quantity)} x {self.sku or f'product {self.component_id}'}"
        others = ", ".join(sku for _number, sku in self.substitutes)
        return f"{said} (or {others})" if others else said


class Product(Audited, Versioned, Model):
    """Something we trade in."""

    __tablename__ = "product"
    __table_args__ = (
        trigram_index("product", "search"),
        trigram_index("product", "description_search"),
        prefix_index("product", "name_key"),
        prefix_index("product", "sku_key"),
        Index("uq_product_normal_sku", text("normal_code(sku)"), "twin", unique=True),
        Index("ix_product_name_order", "name_key", "id"),
        Index("ix_product_category", "category", "sku"),
        Index("ix_product_price", "price", "sku"),
        Index("ix_product_supplier", "supplier_id", "sku"),
        Index("ix_product_updated_at", "updated_at", "sku"),
        Index("ix_product_inactive", "sku", postgresql_where=text("NOT is_active")),
        Index("ix_product_reorder", "id", postgresql_where=text("reorder_point > 0")),
        Index("ix_product_made", "kind", "sku", postgresql_where=text("kind <> 'item'")),
        CheckConstraint("sku <> ''", "sku"),
        CheckConstraint("name <> ''", "name"),
        CheckConstraint("price >= 0 AND cost >= 0", "money"),
        CheckConstraint("weight >= 0", "weight"),
        CheckConstraint(
            "reorder_point >= 0 AND reorder_quantity >= 0 AND maximum_stock >= 0", "reorder"
        ),
        CheckConstraint("safety_stock >= 0", "safety_stock"),
        CheckConstraint("lead_time_days >= 0", "lead_time_days"),
        CheckConstraint(f"kind IN {tuple(KINDS)}", "kind"),
        CheckConstraint("build_quantity > 0", "build_quantity"),
        CheckConstraint(f"tracking IN {tuple(TRACKINGS)}", "tracking"),
        CheckConstraint("NOT has_expiry OR tracking <> 'none'", "has_expiry"),
    )
    unaudited = frozenset({"search", "description_search", "name_key", "sku_key", "twin"})
    value_labels: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "kind": KINDS,
        "tracking": TRACKINGS,
    }

    sku: Mapped[str] = mapped_column(unique=True)
    twin: Mapped[int] = twin()
    name: Mapped[str]
    description: Mapped[str] = mapped_column(server_default="", default="")
    category: Mapped[str] = mapped_column(server_default="", default="")
    price: Mapped[Decimal] = mapped_column(Money, server_default="0", default=Decimal(0))
    cost: Mapped[Decimal] = mapped_column(Money, server_default="0", default=Decimal(0))
    currency: Mapped[str] = mapped_column(server_default="USD", default="USD")  # ISO 4217
    unit: Mapped[str] = mapped_column(server_default="pcs", default="pcs")
    tax_class: Mapped[str] = mapped_column(server_default="standard", default="standard")
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey(Vendor.id))
    weight: Mapped[Decimal | None]  # kilograms
    image_id: Mapped[int | None] = mapped_column(ForeignKey(StoredFile.id))
    reorder_point: Mapped[Decimal] = mapped_column(server_default="0", default=Decimal(0))
    reorder_quantity: Mapped[Decimal] = mapped_column(server_default="0", default=Decimal(0))
    maximum_stock: Mapped[Decimal | None]
    # Set aside from what is counted against the reorder point.
    safety_stock: Mapped[Decimal] = mapped_column(server_default="0", default=Decimal(0))
    lead_time_days: Mapped[int | None]
    kind: Mapped[str] = mapped_column(server_default="item", default="item")
    # How many come of one go of its components; of all kinds but assemblies it is 1.
    build_quantity: Mapped[Decimal] = mapped_column(server_default="1", default=Decimal(1))
    # Whether what comes in says its lot, or each piece its serial number, and when it expires.
    tracking: Mapped[str] = mapped_column(server_default="none", default="none")
    has_expiry: Mapped[bool] = mapped_column(server_default="false", default=False)
    is_active: Mapped[bool] = mapped_column(server_default="true", default=True)
    search: Mapped[str] = mapped_column(
        Computed(
            "' ' || search_text(name) || ' ' || search_text(sku) || ' ' || code_key(sku)",
            persisted=True,
        ),
        deferred=True,
    )
    description_search: Mapped[str] = mapped_column(
        Computed("' ' || search_text(description || ' ' || name)", persisted=True)
    )
    name_key: Mapped[str] = mapped_column(
        Computed("search_text(name)", persisted=True), deferred=True
    )
    sku_key: Mapped[str] = mapped_column(
        Computed("code_key(sku)", persisted=True), deferred=True
    )

    supplier: Mapped[Vendor | None] = relationship(lazy="raise")
    barcode_rows: Mapped[list["Barcode"]] = relationship(
        lazy="raise",
        back_populates="product",
        cascade="all, delete-orphan",
        order_by="Barcode.id",
    )
    vendor_part_rows: Mapped[list["VendorPart"]] = relationship(
        lazy="raise",
        back_populates="product",
        cascade="all, delete-orphan",
        order_by="VendorPart.id",
    )
    component_rows: Mapped[list["Component"]] = relationship(
        lazy="raise",
        back_populates="product",
        foreign_keys="Component.product_id",
        cascade="all, delete-orphan",
        order_by="Component.position, Component.id",
    )

    @property
    def is_bundle(self) -> bool:
        """Tell whether it is sold as a kit of its components, and never in stock itself."""
        return self.kind == BUNDLE

    @property
    def is_tracked(self) -> bool:
        """Tell whether its goods say which lot they are of, or which piece."""
        return self.tracking != NOT_TRACKED

    @property
    def barcodes(self) -> list[BarcodeLine]:
        """What scanners read on it, as plain values that `revise` compares and replaces."""
        return [row.line for row in self.barcode_rows]

    @barcodes.setter
    def barcodes(self, lines: list[BarcodeLine]) -> None:
        audit.note(self, "barcodes", self.barcodes, lines)
        self.barcode_rows = _synced(self.barcode_rows, lines, new=Barcode)

    @property
    def vendor_parts(self) -> list[VendorPartLine]:
        """What vendors call it, as plain values."""
        return [row.line for row in self.vendor_part_rows]

    @vendor_parts.setter
    def vendor_parts(self, lines: list[VendorPartLine]) -> None:
        audit.note(self, "vendor_parts", self.vendor_parts, lines)
        self.vendor_part_rows = _synced(self.vendor_part_rows, lines, new=VendorPart)

    @property
    def components(self) -> list[ComponentLine]:
        """What it is made of, as plain values."""
        return [row.line for row in self.component_rows]

    @components.setter
    def components(self, lines: list[ComponentLine]) -> None:
        audit.note(self, "components", self.components, lines)
        known = {row.component_id: row for row in self.component_rows}
        self.component_rows = [
            (known.get(line.component_id) or Component(component_id=line.component_id)).become(
                line, position=position
            )
            for position, line in enumerate(lines, start=1)
        ]

    def __str__(self) -> str:
        return f"{self.sku} {self.name}"


class Barcode(Model):
    """A code on the goods or on their carton; a carton's is worth several units.

    A UPC-A on the shelf, an EAN-13 and a GTIN-14 in a file are one code with more or fewer
    leading zeros (GS1 General Specifications, 3.1), so the `key` is compared.
    """

    __tablename__ = "barcode"
    __table_args__ = (
        Index("uq_barcode_normal_code", text("barcode_key(code)"), "twin", unique=True),
        Index("ix_barcode_key", "key"),
        Index("ix_barcode_product_id", "product_id"),
        prefix_index("barcode", "code"),
        trigram_index("barcode", "code", "_inside"),
        CheckConstraint("code <> ''", "code"),
        CheckConstraint("units > 0", "units"),
    )

    product_id: Mapped[int] = mapped_column(ForeignKey(Product.id))
    code: Mapped[str]
    twin: Mapped[int] = twin()
    # Somebody has said so of a code that looks like a GTIN and is none.
    is_own: Mapped[bool] = mapped_column(server_default="false", default=False)
    key: Mapped[str] = mapped_column(
        Computed("barcode_key(code)", persisted=True), deferred=True
    )
    units: Mapped[Decimal] = mapped_column(server_default="1", default=Decimal(1))

    product: Mapped[Product] = relationship(lazy="raise", back_populates="barcode_rows")

    @property
    def line(self) -> BarcodeLine:
        """Its plain values."""
        return BarcodeLine(self.code, self.units, self.is_own)

    def __str__(self) -> str:
        return self.code


class VendorPart(Model):
    """What a vendor calls a product, and on which terms it comes."""

    __tablename__ = "vendor_part"
    __table_args__ = (
        UniqueConstraint("vendor_id", "part_number", "product_id"),
        Index(
            "uq_vendor_part_normal_number",
            "vendor_id",
            text("normal_code(part_number)"),
            "product_id",
            "twin",
            unique=True,
        ),
        Index("ix_vendor_part_product_id", "product_id"),
        prefix_index("vendor_part", "part_key"),
        trigram_index("vendor_part", "part_key", "_inside"),
        CheckConstraint("part_number <> ''", "part_number"),
        CheckConstraint("price >= 0", "price"),
        CheckConstraint("lead_time_days >= 0", "lead_time_days"),
        CheckConstraint("pack_quantity > 0", "pack_quantity"),
        CheckConstraint("order_multiple > 0", "order_multiple"),
        CheckConstraint(f"price_breaks ~ '{BREAKS_PATTERN}'", "price_breaks"),
    )

    product_id: Mapped[int] = mapped_column(ForeignKey(Product.id))
    vendor_id: Mapped[int] = mapped_column(ForeignKey(Vendor.id))
    part_number: Mapped[str]
    twin: Mapped[int] = twin()
    part_key: Mapped[str] = mapped_column(
        Computed("code_key(part_number)", persisted=True), deferred=True
    )
    price: Mapped[Decimal | None] = mapped_column(Money)
    lead_time_days: Mapped[int | None]
    minimum_quantity: Mapped[Decimal | None]
    pack_quantity: Mapped[Decimal] = mapped_column(server_default="1", default=Decimal(1))
    purchase_unit: Mapped[str] = mapped_column(server_default="", default="")
    order_multiple: Mapped[Decimal | None]
    price_breaks: Mapped[str] = mapped_column(server_default="", default="")
    currency: Mapped[str] = mapped_column(server_default="", default="")  # "": the vendor's

    product: Mapped[Product] = relationship(lazy="raise", back_populates="vendor_part_rows")
    vendor: Mapped[Vendor] = relationship(lazy="raise")

    @property
    def line(self) -> VendorPartLine:
        """Its plain values."""
        return VendorPartLine(**{name: getattr(self, name) for name in VendorPartLine._fields})

    def price_of(self, packs: Decimal) -> Decimal | None:
        """What one pack costs of so many; None where no price is known."""
        return price_at(packs, self.price, self.price_breaks)

    def __str__(self) -> str:
        return self.part_number


class Component(Model):
    """What one of a bundle holds, or what one go of an assembly takes."""

    __tablename__ = "product_component"
    __table_args__ = (
        UniqueConstraint("product_id", "component_id"),
        Index("ix_product_component_component", "component_id", "product_id"),
        CheckConstraint("quantity > 0", "quantity"),
        CheckConstraint("product_id <> component_id", "of_others"),
    )

    product_id: Mapped[int] = mapped_column(ForeignKey(Product.id))
    component_id: Mapped[int] = mapped_column(ForeignKey(Product.id))
    position: Mapped[int]
    quantity: Mapped[Decimal]

    product: Mapped[Product] = relationship(
        lazy="raise", back_populates="component_rows", foreign_keys=[product_id]
    )
    # Without its name nobody could read it, so it always comes with it.
    component: Mapped[Product] = relationship(
        lazy="joined", innerjoin=True, foreign_keys=[component_id]
    )

    # Few components have any, and whoever reads them wants those, too.
    substitute_rows: Mapped[list["ComponentSubstitute"]] = relationship(
        lazy="selectin",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="ComponentSubstitute.position",
    )

    @property
    def line(self) -> ComponentLine:
        """Its plain values."""
        others = tuple((one.substitute_id, one.substitute.sku) for one in self.substitute_rows)
        return ComponentLine(self.component_id, self.quantity, self.component.sku, others)

    def become(self, line: ComponentLine, *, position: int) -> "Component":
        """Say what a line says, at a place among the others."""
        self.quantity, self.position = line.quantity, position
        known = {one.substitute_id: one for one in self.substitute_rows}
        wanted = [number for number, _sku in line.substitutes]
        self.substitute_rows = [
            known.get(number) or ComponentSubstitute(substitute_id=number) for number in wanted
        ]
        for place, one in enumerate(self.substitute_rows, start=1):
            one.position = place
        return self

    def __str__(self) -> str:
        return str(self.line)


class ComponentSubstitute(Model):
    """What may be taken instead of a component, one for one."""

    __tablename__ = "component_substitute"
    __table_args__ = (
        UniqueConstraint("line_id", "substitute_id"),
        Index("ix_component_substitute_substitute", "substitute_id"),
    )

    line_id: Mapped[int] = mapped_column(ForeignKey(Component.id, ondelete="CASCADE"))
    substitute_id: Mapped[int] = mapped_column(ForeignKey(Product.id))
    position: Mapped[int]

    substitute: Mapped[Product] = relationship(lazy="joined", innerjoin=True)


Row = TypeVar("Row", Barcode, VendorPart)


def _synced(
    rows: list[Row], lines: Iterable[BarcodeLine | VendorPartLine], *, new: type[Row]
) -> list[Row]:
    """Make rows say what the lines say; a line that was there keeps its row."""
    known: dict[Hashable, Row] = {row.line.key: row for row in rows}
    synced = []
    for line in lines:
        row = known.get(line.key) or new()
        for name, value in line._asdict().items():
            setattr(row, name, value)
        synced.append(row)
    return synced
