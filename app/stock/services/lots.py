"""Lots and serial numbers: finding them by what people call them, making and changing them."""

from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy.exc import IntegrityError

from app.catalog.models import SERIAL, Product
from app.catalog.rules import parse_line
from app.catalog.scan_codes import read_scan, scan_separator, without_prefix
from app.catalog.services.matching import find_products
from app.core.checks import UNIQUE_VIOLATION
from app.core.codes import parse_code
from app.core.db import db, locked, retried, transaction
from app.core.errors import Invalid
from app.core.quantities import plain
from app.stock import queries
from app.stock.errors import LotUnfit
from app.stock.models import Lot
from app.stock.services.lookup import LotDraft, Route, Target
from app.stock.services.withholding import withhold

LONGEST_CODE = 100  # GS1 allows 20 characters: labels of others have more
LONGEST_REASON = 200
MOST_NAMED = 5  # lots in one sentence


def lot_of(product: Product, draft: LotDraft) -> Lot | None:
    """Find the lot of goods that come, or make it; None of what is not tracked.

    What a lot does not say yet, its expiry or its vendor, it is told.

    Raises:
        Invalid: The number is missing or too long, the expiry is missing or another than the
            lot has, or the product is not tracked.
    """
    if not product.is_tracked:
        refuse_untracked(product, draft)
        return None
    draft = _read(product, draft)
    code = _code(product, draft.code)
    found = db.session.scalars(queries.lot_called(product.id, code)).one_or_none()
    if found is None:
        found = _made(product, code, draft)
    _complete(product, found, draft)
    return found


def pieces_of(
    product: Product, quantity: Decimal, draft: LotDraft
) -> list[tuple[Decimal, LotDraft]]:
    """Part a quantity into its pieces, where each has a serial number; blanks part those.

    Raises:
        Invalid: There are more or fewer numbers than pieces.
    """
    if product.tracking != SERIAL or quantity in (0, 1):
        return [(quantity, draft)]
    codes = draft.code.split()
    if len(codes) != quantity:
        said = f"{plain(quantity)} of {product.sku} take as many serial numbers"
        raise Invalid("lot", f"{said}: {len(codes)} are there.")
    return [(Decimal(1), draft._replace(code=code)) for code in codes]


def coming_lot(target: Target) -> int | None:
    """Give the lot of goods that come to a place, made if it is new.

    Raises:
        Invalid: As `lot_of` does.
    """
    if not target.is_tracked and not target.lot.is_said:
        return None
    lot = lot_of(db.session.get_one(Product, target.product_id), target.lot)
    return lot.id if lot else None


def leaving_lot(target: Target | Route) -> int | None:
    """Give the lot of goods that lie at a place; None of what lay there before it was tracked.

    Raises:
        Invalid: There is no such lot, or goods of several lots lie there and none is named.
    """
    if not target.is_tracked and not target.lot.code:
        return None
    product = db.session.get_one(Product, target.product_id)
    if target.lot.code:
        return lot_called(product, target.lot.code).id
    lying = queries.lots_at(target.product_id, target.from_id)
    codes = [row.code for row in db.session.execute(lying)]
    if not any(codes) or None in codes:
        return None
    said = ", ".join(code for code in codes[:MOST_NAMED] if code)
    raise Invalid("lot", f"{product.sku} is tracked: say the {_word(product)}. Here: {said}.")


def lot_called(product: Product, code: str) -> Lot:
    """Find a lot of goods that are here.

    Raises:
        Invalid: There is none.
    """
    code = _read(product, LotDraft(code)).code
    found = db.session.scalars(queries.lot_called(product.id, code)).one_or_none()
    if found is None:
        raise Invalid("lot", f"{product.sku} has no {_word(product)} {code}.")
    return found


def revise_lot(
    lot_id: int, *, version: int | None, expires_on: date | None, made_on: date | None
) -> Lot:
    """Say something else of a lot: when it expires, and when it was made.

    Raises:
        Invalid: It would have been made after it expires, or a product that has expiry dates
            would have none.
        StaleVersion: Somebody else was faster.
    """
    with transaction() as session:
        lot = session.scalars(locked(queries.lot(lot_id), Lot)).one()
        lot.revise(version=version, expires_on=expires_on, made_on=made_on)
        if lot.expires_on is None and lot.product.has_expiry:
            raise Invalid("expires_on", f"Say when {lot.called} expires.")
        _refuse_made_late(lot.made_on, lot.expires_on)
        session.flush()
        withhold([lot.id])
    return lot


@retried
def block_lot(lot_id: int, *, reason: str) -> Lot:
    """Let nothing more of a lot be reserved; what is reserved already stays, and is told.

    Raises:
        Invalid: No reason is given.
        LotUnfit: It is blocked already.
    """
    with transaction() as session:
        lot = session.scalars(locked(queries.lot(lot_id), Lot)).one()
        if lot.is_blocked:
            raise LotUnfit(f"{lot.label} is blocked already: {lot.block_reason}")
        lot.blocked_at, lot.block_reason = datetime.now(UTC), _reason(reason)
        lot.version += 1
        session.flush()
        withhold([lot.id])
    return lot


@retried
def free_lot(lot_id: int) -> Lot:
    """Let a lot be used again; if it has expired, still nothing of it is reserved.

    Raises:
        LotUnfit: It is not blocked.
    """
    with transaction() as session:
        lot = session.scalars(locked(queries.lot(lot_id), Lot)).one()
        if not lot.is_blocked:
            raise LotUnfit(f"{lot.label} is not blocked.")
        lot.blocked_at, lot.block_reason = None, ""
        lot.version += 1
        session.flush()
        withhold([lot.id])
    return lot


def refuse_untracked(product: Product, draft: LotDraft) -> None:
    """Refuse to be told the lot of what is not tracked: nobody would find it again.

    Raises:
        Invalid: A lot or an expiry is given.
    """
    if draft.is_said:
        raise Invalid("lot", f"{product.sku} is tracked neither by lot nor by serial number.")


def _made(product: Product, code: str, draft: LotDraft) -> Lot:
    """Make a lot; who makes the same one at this moment is waited for, and theirs is used."""
    if product.has_expiry and draft.expires_on is None:
        raise Invalid("expires_on", f"Say when {_word(product)} {code} expires.")
    _refuse_made_late(draft.made_on, draft.expires_on)
    made = Lot(
        **draft._replace(code=code)._asdict(),
        product_id=product.id,
        is_serial=product.tracking == SERIAL,
    )
    try:
        with transaction() as session, session.begin_nested():
            session.add(made)
            session.flush()
    except IntegrityError as error:
        if getattr(error.orig, "pgcode", None) != UNIQUE_VIOLATION:
            raise
        return lot_called(product, code)
    return made


def _complete(product: Product, lot: Lot, draft: LotDraft) -> None:
    """Tell a lot what it does not know yet; what it knows otherwise is asked about."""
    if draft.expires_on is not None and lot.expires_on not in (None, draft.expires_on):
        reason = f"{lot.label} of {product.sku} expires on {lot.expires_on}"
        raise Invalid("expires_on", f"{reason}, not on {draft.expires_on}: which is right?")
    if lot.expires_on is None and product.has_expiry and draft.expires_on is None:
        raise Invalid("expires_on", f"Say when {lot.called} expires.")
    said = {
        name: value
        for name, value in draft._asdict().items()
        if value is not None and getattr(lot, name) is None
    }
    _refuse_made_late(draft.made_on or lot.made_on, draft.expires_on or lot.expires_on)
    for name, value in said.items():
        setattr(lot, name, value)
    if said:
        db.session.flush()


def _read(product: Product, draft: LotDraft) -> LotDraft:
    """Take lot, serial number and dates out of a GS1 code, where one was scanned as the lot.

    Raises:
        Invalid: It is the label of another product.
    """
    try:
        scanned = read_scan(without_prefix(draft.code), separator=scan_separator)
    except ValueError:
        return draft
    number = scanned.serial if product.tracking == SERIAL else scanned.lot
    if not number:
        return draft
    match = find_products([scanned.code]).matches.get(scanned.code)
    if match is None or match.product.id != product.id:
        raise Invalid(
            "lot", f"This is a label of {match.product.sku if match else scanned.code}."
        )
    return draft._replace(
        code=number,
        expires_on=draft.expires_on or scanned.expires_on,
        made_on=draft.made_on or scanned.made_on,
    )


def _code(product: Product, text: str) -> str:
    try:
        code = parse_code(text)
    except ValueError as error:
        raise Invalid("lot", str(error)) from error
    if not code:
        raise Invalid("lot", f"{product.sku} is tracked: say the {_word(product)}.")
    if len(code) > LONGEST_CODE:
        raise Invalid("lot", f"At most {LONGEST_CODE} characters.")
    return code


def _word(product: Product) -> str:
    return "serial number" if product.tracking == SERIAL else "lot"


def _reason(text: str) -> str:
    try:
        reason = parse_line(text)
    except ValueError as error:
        raise Invalid("reason", str(error)) from error
    if not reason:
        raise Invalid("reason", "Say why: whoever looks for these goods reads it.")
    if len(reason) > LONGEST_REASON:
        raise Invalid("reason", f"At most {LONGEST_REASON} characters.")
    return reason


def _refuse_made_late(made_on: date | None, expires_on: date | None) -> None:
    if made_on is not None and expires_on is not None and made_on > expires_on:
        raise Invalid("made_on", "It would have been made after it expires.")
