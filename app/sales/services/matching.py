"""Which of our products and customers sources mean: by their codes, or as somebody says."""

from collections.abc import Sequence

from sqlalchemy import func, literal, select, update
from sqlalchemy.orm import Session

from app.catalog.models import Barcode, Customer, Product
from app.catalog.services import create_contact, create_product
from app.core.db import locked, transaction
from app.core.errors import Invalid
from app.sales.models import SalesItem, SalesParty
from app.sales.services.rules import kind_of, sales_rules


def match_products(session: Session) -> None:
    """Find products by SKU, then by barcode, for codes that are not known yet."""
    unknown = update(SalesItem).where(SalesItem.product_id.is_(None))
    options = {"synchronize_session": False}
    by_sku = unknown.values(product_id=Product.id).where(
        func.normal_code(Product.sku) == SalesItem.code_key, Product.twin == 0
    )
    session.execute(by_sku, execution_options=options)
    by_barcode = unknown.values(product_id=Barcode.product_id).where(
        func.barcode_key(Barcode.code) == func.barcode_key(SalesItem.code), Barcode.twin == 0
    )
    session.execute(by_barcode, execution_options=options)


def match_customers(session: Session) -> None:
    """Find customers by their code, for those that are not known yet."""
    found = (
        update(SalesParty)
        .values(customer_id=Customer.id)
        .where(
            SalesParty.customer_id.is_(None), func.lower(Customer.code) == SalesParty.code_key
        )
    )
    session.execute(found, execution_options={"synchronize_session": False})


def create_products(session: Session, item_ids: Sequence[int]) -> None:
    """Make products of codes that no rule calls a service or a bad debt."""
    kind = kind_of(
        session.scalars(sales_rules()).all(),
        product=SalesItem.code_key,
        document=literal(""),
        description=SalesItem.name,
        quantity=literal(1),
    )
    goods = select(SalesItem).where(SalesItem.id.in_(item_ids), kind == "sale")
    for item in session.scalars(goods.order_by(SalesItem.id)):
        item.product_id = create_product(sku=item.code, name=item.name or item.code).id


def create_customers(session: Session, party_ids: Sequence[int]) -> None:
    """Make customers of codes."""
    parties = select(SalesParty).where(SalesParty.id.in_(party_ids)).order_by(SalesParty.id)
    for party in session.scalars(parties):
        customer = create_contact(Customer, code=party.code, name=party.name or party.code)
        party.customer_id = customer.id


def assign_product(item_id: int, *, product_id: int) -> SalesItem:
    """Say which product a source means by a code; all its sales count as that product's.

    Raises:
        Invalid: There is no such product.
    """
    with transaction() as session:
        if session.get(Product, product_id) is None:
            raise Invalid("product_id", "There is no such product.")
        one = select(SalesItem).where(SalesItem.id == item_id)
        item = session.scalars(locked(one, SalesItem)).one()
        item.product_id = product_id
    return item


def assign_customer(party_id: int, *, customer_id: int) -> SalesParty:
    """Say which customer a source means by a code; all its sales count as theirs.

    Raises:
        Invalid: There is no such customer.
    """
    with transaction() as session:
        if session.get(Customer, customer_id) is None:
            raise Invalid("customer_id", "There is no such customer.")
        one = select(SalesParty).where(SalesParty.id == party_id)
        party = session.scalars(locked(one, SalesParty)).one()
        party.customer_id = customer_id
    return party
