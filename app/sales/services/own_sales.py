"""Our own sales: what was shipped of orders, and what the books have invoiced, each once.

An order counts as its goods leave, and less what comes back. An invoice counts by its date,
unless it names an order of ours: then those goods are counted already. Both can be asked for
again at any time: what is there already is not written again, what has changed is put right.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import md5
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Column, Table, func, insert, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session, joinedload, selectinload

from app.catalog.models import Customer
from app.core.codes import normal_code
from app.core.db import db, locked, retried, transaction
from app.invoices.models import BookDocument, Invoice
from app.orders.models import SalesOrder
from app.sales.models import INVOICES, ORDERS, OWN_SOURCES, SalesItem, SalesParty, SalesSource
from app.sales.services.lines import NAMES, delete_lines, lock_lines, write_lines
from app.sales.services.rates import rates_of, valued
from app.sales.tables import sales_line

ZERO = Decimal(0)
BACK = "R"  # ends the line of what came back
DOCUMENTS = {"sales_receipt": 1, "credit_memo": -1}
AT_ONCE = 500


class OwnLine(NamedTuple):
    """A line of sales as an order or an invoice has it."""

    sold_on: date
    record_id: int
    document: str
    line: str
    code: str
    name: str
    product_id: int | None
    party: str
    party_name: str
    customer_id: int | None
    country: str
    rep: str
    quantity: Decimal
    amount: Decimal
    currency: str
    kind: str

    @property
    def unit_price(self) -> Decimal:
        """What one of them was."""
        return round(self.amount / self.quantity, 4) if self.quantity else ZERO

    @property
    def fingerprint(self) -> UUID:
        """What it says, as a number."""
        said = "\x1f".join(map(str, (*self, self.unit_price)))
        return UUID(md5(said.encode(), usedforsecurity=False).hexdigest())


# Orders


@retried
def follow_order(order_id: int) -> int:
    """Count what has left of an order since it was looked at last; gives the lines written."""
    with transaction() as session:
        wanted = select(SalesOrder).where(SalesOrder.id == order_id)
        order = session.scalars(
            locked(wanted, SalesOrder).options(
                selectinload(SalesOrder.lines),
                joinedload(SalesOrder.customer, innerjoin=True).joinedload(Customer.sales_rep),
            )
        ).one()
        lock_lines(session)
        source = own_source(session, ORDERS)
        counted = _counted(session, source, order.id)
        lines = [*_moved(order, counted)]
        _write(session, source, lines, occurred=_occurred(session, lines))
    return len(lines)


def _occurred(session: Session, lines: Sequence[OwnLine]) -> dict[tuple[date, UUID], int]:
    """How often each was written already: the same again on a day is the next of its kind."""
    of = sales_line.c
    marks = [(line.sold_on, line.fingerprint) for line in lines]
    known = (
        select(of.sold_on, of.fingerprint, func.max(of.occurrence))
        .where(tuple_(of.sold_on, of.fingerprint).in_(marks))
        .group_by(of.sold_on, of.fingerprint)
    )
    return {(day, mark): often for day, mark, often in session.execute(known)}


def follow_orders() -> int:
    """Look after orders of which more has left than is counted, or less."""
    source = own_source(db.session(), ORDERS) if _has_own(ORDERS) else 0
    lines = sales_line.c
    counted = (
        select(lines.record_id, func.sum(lines.quantity).label("quantity"))
        .where(lines.source_id == source, lines.record_id.is_not(None))
        .group_by(lines.record_id)
        .subquery()
    )
    line = SalesOrder.lines.property.mapper.class_
    moved = (
        select(
            line.order_id.label("order_id"),
            func.sum(line.quantity_shipped - line.quantity_returned).label("quantity"),
        )
        .where(line.bundle_line_id.is_(None))  # a bundle is sold as a whole
        .group_by(line.order_id)
        .subquery()
    )
    differs = (
        select(moved.c.order_id)
        .outerjoin(counted, counted.c.record_id == moved.c.order_id)
        .where(moved.c.quantity != func.coalesce(counted.c.quantity, 0))
        .order_by(moved.c.order_id)
    )
    return sum(map(follow_order, db.session.scalars(differs).all()))


def _counted(session: Session, source: int, order_id: int) -> dict[str, Decimal]:
    """What is counted of each line of an order already."""
    of = sales_line.c
    known = (
        select(of.line, func.sum(of.quantity))
        .where(of.record_id == order_id, of.source_id == source)
        .group_by(of.line)
    )
    return dict(session.execute(known).all())


def _moved(order: SalesOrder, counted: dict[str, Decimal]) -> Iterator[OwnLine]:
    """What has left and come back of an order, that is not counted yet.

    A shipment that was undone is a cancellation: it takes off what was counted.
    """
    today = datetime.now(UTC).date()
    left = order.shipped_at.date() if order.shipped_at and not counted else today
    for line in order.lines:
        shipped = line.quantity_shipped - counted.get(str(line.id), ZERO)
        if shipped:
            kind = "sale" if shipped > 0 else "cancellation"
            yield _of_order(order, line, left, shipped, kind, str(line.id))
        name = f"{line.id}{BACK}"
        returned = -line.quantity_returned - counted.get(name, ZERO)
        if returned:
            yield _of_order(order, line, today, returned, "return", name)


def _of_order(
    order: SalesOrder, line: Any, day: date, quantity: Decimal, kind: str, name: str
) -> OwnLine:
    customer, wanted = order.customer, line.quantity_wanted
    each = line.total / wanted if wanted else line.unit_price
    whole = sum((one.total for one in order.lines), ZERO)
    rest = (whole - order.discount_amount) / whole if whole else Decimal(1)
    return OwnLine(
        sold_on=day,
        record_id=order.id,
        document=order.number,
        line=name,
        code=line.sku or line.description or "?",
        name=line.description,
        product_id=line.product_id,
        party=customer.code,
        party_name=customer.name,
        customer_id=customer.id,
        country=order.ship_country or customer.country,
        rep=customer.sales_rep.name if customer.sales_rep else "",
        quantity=quantity,
        amount=round(each * quantity * rest, 4),
        currency=order.currency,
        kind=kind,
    )


# Invoices and other documents of the books


@retried
def follow_invoices() -> int:
    """Make the lines of invoices, receipts and credits as the books are; gives the changes."""
    with transaction() as session:
        lock_lines(session)
        source = own_source(session, INVOICES)
        wanted = {line.fingerprint: line for line in _invoiced(session)}
        of = sales_line.c
        known = select(of.sold_on, of.fingerprint).where(
            of.source_id == source, of.record_id.is_not(None)
        )
        there = session.execute(known).all()
        gone = [(day, mark) for day, mark in there if mark not in wanted]
        marks = {mark for _day, mark in there}
        if gone:
            delete_lines(session, tuple_(of.sold_on, of.fingerprint).in_(gone))
        new = [line for mark, line in wanted.items() if mark not in marks]
        _write(session, source, new)
    return len(new) + len(gone)


def _invoiced(session: Session) -> Iterator[OwnLine]:
    invoices = (
        select(Invoice)
        .where(Invoice.is_active, ~Invoice.is_void, ~_is_of_order())
        .options(selectinload(Invoice.lines), _customer(Invoice.customer))
        .execution_options(yield_per=AT_ONCE)
    )
    for invoice in session.scalars(invoices):
        for line in invoice.lines:
            if line.amount is None or line.is_part or not (line.quantity or line.amount):
                continue
            yield OwnLine(
                sold_on=invoice.invoice_date,
                record_id=invoice.id,
                document=str(invoice),
                line=f"{line.position}",
                code=line.item or line.description or "?",
                name=line.description,
                product_id=line.product_id,
                **_who(invoice, invoice.customer),
                quantity=line.quantity if line.quantity is not None else ZERO,
                amount=line.amount,
                currency=invoice.currency,
                kind="sale",
            )
    yield from _receipts(session)


def _customer(customer: Any) -> Any:
    return joinedload(customer).joinedload(Customer.sales_rep)


def _receipts(session: Session) -> Iterator[OwnLine]:
    """Receipts are sales; credits take off what was sold."""
    documents = select(BookDocument).where(
        BookDocument.kind.in_(DOCUMENTS), BookDocument.is_active, ~BookDocument.is_void
    )
    customers = {
        one.id: one
        for one in session.scalars(select(Customer).options(joinedload(Customer.sales_rep)))
    }
    for document in session.scalars(documents):
        sign = DOCUMENTS[document.kind]
        for position, line in enumerate(document.shown_lines, 1):
            if line["amount"] is None or line.get("is_part"):
                continue
            yield OwnLine(
                sold_on=document.document_date,
                record_id=-document.id,  # no invoice has it
                document=document.number or document.external_id,
                line=f"{position}",
                code=line.get("item") or line.get("description") or "?",
                name=line.get("description") or "",
                product_id=None,
                **_who(document, customers.get(document.customer_id or 0)),
                quantity=sign * (line["quantity"] or ZERO),
                amount=sign * line["amount"],
                currency=document.currency,
                kind="sale" if sign > 0 else "return",
            )


def _who(document: Any, customer: Customer | None) -> dict[str, Any]:
    if customer is None:
        nobody = {"customer_id": None, "country": "", "rep": ""}
        name = document.customer_name
        return nobody | {"party": document.customer_ref or name, "party_name": name}
    return {
        "party": customer.code,
        "party_name": customer.name,
        "customer_id": customer.id,
        "country": customer.country,
        "rep": customer.sales_rep.name if customer.sales_rep else "",
    }


def _is_of_order() -> Any:
    """Tell whether an invoice names an order of ours: by its number, theirs or the shop's."""
    named = or_(
        func.lower(SalesOrder.number).in_(
            [func.lower(Invoice.number), func.lower(Invoice.customer_po)]
        ),
        SalesOrder.external_number.in_([Invoice.number, Invoice.customer_po]),
    )
    is_theirs = or_(
        Invoice.customer_id.is_(None), SalesOrder.customer_id == Invoice.customer_id
    )
    is_wanted = SalesOrder.status.not_in(("draft", "cancelled"))
    return select(SalesOrder.id).where(named, is_theirs, is_wanted).exists()


# What both write


def _has_own(own: str) -> bool:
    return db.session.scalar(select(SalesSource.id).where(SalesSource.own == own)) is not None


def own_source(session: Session, own: str) -> int:
    """Give the id of one of our own sources; it is made when it is first needed."""
    found = select(SalesSource.id).where(SalesSource.own == own)
    if (known := session.scalar(found)) is not None:
        return known
    name = OWN_SOURCES[own]
    made = upsert(SalesSource).values(name=name, own=own)
    session.execute(
        made.on_conflict_do_update(
            index_elements=[func.lower(SalesSource.name)], set_={"own": own}
        )
    )
    return session.scalars(found).one()


def _write(
    session: Session,
    source: int,
    lines: Sequence[OwnLine],
    occurred: Mapping[tuple[date, UUID], int] | None = None,
) -> None:
    if not lines:
        return
    often = occurred or {}
    items = _ids(
        session,
        SalesItem,
        source,
        {normal_code(one.code): (one.code, one.name, one.product_id) for one in lines},
    )
    parties = _ids(
        session,
        SalesParty,
        source,
        {
            normal_code(one.party): (one.party, one.party_name, one.customer_id)
            for one in lines
            if one.party
        },
    )
    kept = Table(
        "sales_own",
        sales_line.metadata.__class__(),
        *[Column(column.name, column.type) for column in sales_line.columns],
        prefixes=["TEMPORARY"],
        postgresql_on_commit="DROP",
    )
    kept.create(session.connection())
    session.execute(
        insert(kept),
        [
            _row(one, source, items, parties)
            | {"occurrence": 1 + often.get((one.sold_on, one.fingerprint), 0)}
            for one in lines
        ],
    )
    write_lines(session, _valued(kept))
    kept.drop(session.connection())


def _row(
    one: OwnLine, source: int, items: dict[str, int], parties: dict[str, int]
) -> dict[str, Any]:
    names = ("sold_on", "record_id", "document", "line", "country", "rep", "quantity", "amount")
    return {
        **{name: getattr(one, name) for name in (*names, "currency", "kind", "unit_price")},
        "fingerprint": one.fingerprint,
        "source_id": source,
        "item_id": items[normal_code(one.code)],
        "party_id": parties.get(normal_code(one.party)),
    }


def _valued(kept: Table) -> Any:
    """The same lines with what they are worth by the rates of their days."""
    rates = rates_of(select(kept.c.currency, kept.c.sold_on).distinct().subquery()).subquery()
    same = (rates.c.currency == kept.c.currency) & (rates.c.sold_on == kept.c.sold_on)
    columns = [
        valued(kept.c.amount, rates.c.factor).label("value")
        if name == "value"
        else kept.c[name]
        for name in NAMES
    ]
    return select(*columns).join(rates, same).subquery()


def _ids(
    session: Session, kind: Any, source: int, named: dict[str, tuple[str, str, int | None]]
) -> dict[str, int]:
    """Make what our own documents name, with what it is of ours; give the ids by key."""
    if not named:
        return {}
    ours = "product_id" if kind is SalesItem else "customer_id"
    rows = [
        {"source_id": source, "code_key": key, "code": code, "name": name, ours: our_id}
        for key, (code, name, our_id) in named.items()
    ]
    made = upsert(kind).values(rows)
    known = made.on_conflict_do_update(
        index_elements=["source_id", "code_key"],
        set_={ours: func.coalesce(made.excluded[ours], getattr(kind, ours))},
    )
    return dict(session.execute(known.returning(kind.code_key, kind.id)).all())
