"""Who tells of sales, what they call products and customers, and the rules of kinds."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.catalog.models import Customer, Product
from app.core.audit import Audited
from app.core.db import Model
from app.core.versions import Versioned
from app.imports.models import ImportRun

KINDS = {
    "sale": "Sale",
    "return": "Return",
    "cancellation": "Cancellation",
    "service": "Service",
    "bad_debt": "Bad debt",
}
SIGNS = {"": "Any quantity", "negative": "Below zero", "positive": "Above zero"}
FILES = "Sales files"  # the source of files that name none
ORDERS, INVOICES = "orders", "invoices"
OWN_SOURCES = {ORDERS: "Shipped orders", INVOICES: "Invoices"}


class SalesSource(Model):
    """Who tells of sales: a shop or a country that sends files, or our own orders and invoices.

    The same line of one source counts once, in however many files it comes.
    """

    __tablename__ = "sales_source"
    __table_args__ = (
        Index("uq_sales_source_name", text("lower(name)"), unique=True),
        CheckConstraint("name <> ''", "name"),
    )

    name: Mapped[str]
    own: Mapped[str] = mapped_column(server_default="", default="")  # which of ours it is

    def __str__(self) -> str:
        return self.name


class SalesItem(Model):
    """What a source calls a product; `product` is ours, once it is known which."""

    __tablename__ = "sales_item"
    __table_args__ = (
        UniqueConstraint("source_id", "code_key"),
        Index("ix_sales_item_product", "product_id"),
        Index("ix_sales_item_unknown", "id", postgresql_where=text("product_id IS NULL")),
    )

    source_id: Mapped[int] = mapped_column(ForeignKey(SalesSource.id))
    code: Mapped[str]
    code_key: Mapped[str]  # in its normal form
    name: Mapped[str]
    product_id: Mapped[int | None] = mapped_column(ForeignKey(Product.id))

    source: Mapped[SalesSource] = relationship(lazy="raise")
    product: Mapped[Product | None] = relationship(lazy="raise")

    def __str__(self) -> str:
        return self.code


class SalesParty(Model):
    """What a source calls a customer; `customer` is ours, once that is known."""

    __tablename__ = "sales_party"
    __table_args__ = (
        UniqueConstraint("source_id", "code_key"),
        Index("ix_sales_party_customer", "customer_id"),
        Index("ix_sales_party_unknown", "id", postgresql_where=text("customer_id IS NULL")),
    )

    source_id: Mapped[int] = mapped_column(ForeignKey(SalesSource.id))
    code: Mapped[str]
    code_key: Mapped[str]
    name: Mapped[str]
    customer_id: Mapped[int | None] = mapped_column(ForeignKey(Customer.id))

    source: Mapped[SalesSource] = relationship(lazy="raise")
    customer: Mapped[Customer | None] = relationship(lazy="raise")

    def __str__(self) -> str:
        return self.code


class SalesRule(Audited, Versioned, Model):
    """Which lines are of a kind: all that it says must fit; the first rule that fits counts.

    Patterns are codes parted by commas, in which * stands for anything: `POST, DOT, BANK*`.
    """

    __tablename__ = "sales_rule"
    __table_args__ = (
        Index("ix_sales_rule_position", "position", "id"),
        CheckConstraint(f"kind IN {tuple(KINDS)}", "kind"),
        CheckConstraint(f"sign IN {tuple(SIGNS)}", "sign"),
        CheckConstraint("product || document || description || sign <> ''", "says_something"),
    )

    position: Mapped[int]
    kind: Mapped[str]
    product: Mapped[str] = mapped_column(server_default="", default="")
    document: Mapped[str] = mapped_column(server_default="", default="")
    description: Mapped[str] = mapped_column(server_default="", default="")
    sign: Mapped[str] = mapped_column(server_default="", default="")  # of the quantity

    def __str__(self) -> str:
        return f"Rule {self.position}"


class SalesOverlap(Model):
    """How many lines of one import were there already, by another one."""

    __tablename__ = "sales_overlap"
    __table_args__ = (
        UniqueConstraint("import_id", "holder_id"),
        Index("ix_sales_overlap_holder", "holder_id"),
    )

    import_id: Mapped[int] = mapped_column(ForeignKey(ImportRun.id))
    holder_id: Mapped[int] = mapped_column(ForeignKey(ImportRun.id))  # which brought them
    lines: Mapped[int]
