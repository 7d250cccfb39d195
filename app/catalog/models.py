"""Products with their barcodes and vendor part numbers, customers, vendors."""

from decimal import Decimal

from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKey,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.audit import Audited
from app.core.db import Model, Money
from app.core.files import StoredFile
from app.core.versions import Versioned

# `search_text` folds case and accents, `code_key` also drops what is neither letter nor digit;
# both are SQL functions of the first migration. A leading blank lets `% word%` find the
# beginning of any word by trigrams.


def _trigram_index(table: str, column: str) -> Index:
    return Index(
        f"ix_{table}_{column}",
        column,
        postgresql_using="gin",
        postgresql_ops={column: "gin_trgm_ops"},
    )


def _prefix_index(table: str, column: str) -> Index:
    return Index(f"ix_{table}_{column}", column, postgresql_ops={column: "text_pattern_ops"})


class Contact(Audited, Versioned):
    """What customers and vendors have in common."""

    code: Mapped[str]
    name: Mapped[str]
    company: Mapped[str] = mapped_column(server_default="", default="")
    email: Mapped[str] = mapped_column(server_default="", default="")
    phone: Mapped[str] = mapped_column(server_default="", default="")
    address_line1: Mapped[str] = mapped_column(server_default="", default="")
    address_line2: Mapped[str] = mapped_column(server_default="", default="")
    city: Mapped[str] = mapped_column(server_default="", default="")
    region: Mapped[str] = mapped_column(server_default="", default="")
    postal_code: Mapped[str] = mapped_column(server_default="", default="")
    country: Mapped[str] = mapped_column(server_default="", default="")  # ISO 3166-1 alpha-2
    currency: Mapped[str] = mapped_column(server_default="USD", default="USD")  # ISO 4217
    notes: Mapped[str] = mapped_column(server_default="", default="")
    is_active: Mapped[bool] = mapped_column(server_default="true", default=True)
    search: Mapped[str] = mapped_column(
        Computed(
            "' ' || search_text(name || ' ' || company || ' ' || email || ' ' || code)",
            persisted=True,
        )
    )
    name_key: Mapped[str] = mapped_column(Computed("search_text(name)", persisted=True))
    code_key: Mapped[str] = mapped_column(Computed("code_key(code)", persisted=True))

    unaudited = frozenset({"search", "name_key", "code_key"})

    def __str__(self) -> str:
        return self.name


class Vendor(Contact, Model):
    """Somebody we buy from."""

    __tablename__ = "vendor"
    __table_args__ = (
        Index("uq_vendor_code", text("lower(code)"), unique=True),
        _trigram_index("vendor", "search"),
        _prefix_index("vendor", "name_key"),
        _prefix_index("vendor", "code_key"),
        Index("ix_vendor_name_id", "name", "id"),
        CheckConstraint("lead_time_days >= 0", "lead_time_days"),
    )

    lead_time_days: Mapped[int | None]


class Customer(Contact, Model):
    """Somebody we sell to."""

    __tablename__ = "customer"
    __table_args__ = (
        Index("uq_customer_code", text("lower(code)"), unique=True),
        _trigram_index("customer", "search"),
        _prefix_index("customer", "name_key"),
        _prefix_index("customer", "code_key"),
        Index("ix_customer_name_id", "name", "id"),
        Index("ix_customer_sales_rep_id", "sales_rep_id"),
    )

    # Where goods go, if elsewhere: line1, line2, city, region, postal_code, country.
    shipping_address: Mapped[dict[str, str]] = mapped_column(
        JSONB, server_default="{}", default=dict
    )
    sales_rep_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class Product(Audited, Versioned, Model):
    """Something we trade in."""

    __tablename__ = "product"
    __table_args__ = (
        _trigram_index("product", "search"),
        _trigram_index("product", "description_search"),
        _prefix_index("product", "name_key"),
        _prefix_index("product", "sku_key"),
        Index("ix_product_name_id", "name", "id"),
        Index("ix_product_category", "category", "sku"),
        Index("ix_product_supplier_id", "supplier_id"),
        Index("ix_product_reorder", "id", postgresql_where=text("reorder_point > 0")),
        CheckConstraint("sku <> ''", "sku"),
        CheckConstraint("name <> ''", "name"),
        CheckConstraint("price >= 0 AND cost >= 0", "money"),
        CheckConstraint("weight >= 0", "weight"),
        CheckConstraint(
            "reorder_point >= 0 AND reorder_quantity >= 0 AND maximum_stock >= 0", "reorder"
        ),
        CheckConstraint("lead_time_days >= 0", "lead_time_days"),
    )
    unaudited = frozenset({"search", "description_search", "name_key", "sku_key"})

    sku: Mapped[str] = mapped_column(unique=True)
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
    lead_time_days: Mapped[int | None]
    is_active: Mapped[bool] = mapped_column(server_default="true", default=True)
    search: Mapped[str] = mapped_column(
        Computed(
            "' ' || search_text(name) || ' ' || search_text(sku) || ' ' || code_key(sku)",
            persisted=True,
        )
    )
    description_search: Mapped[str] = mapped_column(
        Computed("' ' || search_text(description || ' ' || name)", persisted=True)
    )
    name_key: Mapped[str] = mapped_column(Computed("search_text(name)", persisted=True))
    sku_key: Mapped[str] = mapped_column(Computed("code_key(sku)", persisted=True))

    supplier: Mapped[Vendor | None] = relationship(lazy="raise")
    barcodes: Mapped[list["Barcode"]] = relationship(
        lazy="raise",
        back_populates="product",
        cascade="all, delete-orphan",
        order_by="Barcode.id",
    )
    vendor_parts: Mapped[list["VendorPart"]] = relationship(
        lazy="raise",
        back_populates="product",
        cascade="all, delete-orphan",
        order_by="VendorPart.id",
    )

    def __str__(self) -> str:
        return f"{self.sku} {self.name}"


class Barcode(Audited, Model):
    """A code on the goods or on their carton; a carton's is worth several units.

    A UPC-A on the shelf, an EAN-13 and a GTIN-14 in a file are one code with more or fewer
    leading zeros (GS1 General Specifications, 3.1), so the `key` is compared.
    """

    __tablename__ = "barcode"
    __table_args__ = (
        Index("uq_barcode_key", "key", unique=True),
        Index("ix_barcode_product_id", "product_id"),
        _prefix_index("barcode", "code"),
        CheckConstraint("code <> ''", "code"),
        CheckConstraint("units > 0", "units"),
    )

    product_id: Mapped[int] = mapped_column(ForeignKey(Product.id))
    code: Mapped[str]
    key: Mapped[str] = mapped_column(Computed("barcode_key(code)", persisted=True))
    units: Mapped[Decimal] = mapped_column(server_default="1", default=Decimal(1))

    product: Mapped[Product] = relationship(lazy="raise", back_populates="barcodes")

    def __str__(self) -> str:
        return self.code


class VendorPart(Audited, Model):
    """What a vendor calls a product, and on which terms it comes."""

    __tablename__ = "vendor_part"
    __table_args__ = (
        UniqueConstraint("vendor_id", "part_number", "product_id"),
        Index("ix_vendor_part_product_id", "product_id"),
        _prefix_index("vendor_part", "part_key"),
        CheckConstraint("part_number <> ''", "part_number"),
        CheckConstraint("price >= 0", "price"),
        CheckConstraint("lead_time_days >= 0", "lead_time_days"),
    )

    product_id: Mapped[int] = mapped_column(ForeignKey(Product.id))
    vendor_id: Mapped[int] = mapped_column(ForeignKey(Vendor.id))
    part_number: Mapped[str]
    part_key: Mapped[str] = mapped_column(Computed("code_key(part_number)", persisted=True))
    price: Mapped[Decimal | None] = mapped_column(Money)
    lead_time_days: Mapped[int | None]
    minimum_quantity: Mapped[Decimal | None]

    product: Mapped[Product] = relationship(lazy="raise", back_populates="vendor_parts")
    vendor: Mapped[Vendor] = relationship(lazy="raise")

    def __str__(self) -> str:
        return self.part_number
