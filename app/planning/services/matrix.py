"""Who forecasts which customers and products; it stays as it is from opening on."""

from typing import NamedTuple

from sqlalchemy import delete, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.catalog.models import Customer, Product
from app.core import audit
from app.core.db import transaction
from app.core.errors import AlreadyExists, Invalid
from app.planning import queries
from app.planning.models import Cycle, ScopeRow
from app.planning.months import months_after
from app.planning.services.locking import lock_draft
from app.sales.queries import GOODS

LONGEST_HISTORY = 60  # months

# Who forecasts a row: who did in the cycle before; else whoever looks after the customer there;
# else whom the latest sale names; else who takes the rest.
_FOUND = """
    SELECT DISTINCT ON (p.customer_id, i.product_id) p.customer_id, i.product_id,
           (SELECT s.user_id FROM planning_scope s
             WHERE s.cycle_id = :before AND s.customer_id = p.customer_id
               AND s.product_id = i.product_id AND s.user_id = ANY(:reps)) AS same,
           (SELECT min(s.user_id) FROM planning_scope s
             WHERE s.cycle_id = :before AND s.customer_id = p.customer_id
               AND s.user_id = ANY(:reps)) AS customers,
           (SELECT min(u.id) FROM user_account u
             WHERE u.id = ANY(:reps) AND l.rep <> ''
               AND lower(l.rep) IN (lower(u.name), lower(u.username), lower(u.email))) AS named
      FROM sales_line l
      JOIN sales_item i ON i.id = l.item_id
      JOIN sales_party p ON p.id = l.party_id
      JOIN product d ON d.id = i.product_id AND d.is_active
      JOIN customer c ON c.id = p.customer_id AND c.is_active
     WHERE l.kind IN :kinds AND l.sold_on >= :first AND l.sold_on < :until
       AND NOT EXISTS (SELECT 1 FROM planning_scope s
                        WHERE s.cycle_id = :cycle_id AND s.customer_id = p.customer_id
                          AND s.product_id = i.product_id)
     ORDER BY p.customer_id, i.product_id, (l.rep <> '') DESC, l.sold_on DESC
"""
_FILL = text(
    f"""
    WITH found AS ({_FOUND}), meant AS (
        SELECT customer_id, product_id,
               COALESCE(same, customers, named, CAST(:others AS bigint)) AS user_id FROM found
    ), added AS (
        INSERT INTO planning_scope (cycle_id, user_id, customer_id, product_id)
        SELECT :cycle_id, user_id, customer_id, product_id FROM meant
         WHERE user_id IS NOT NULL RETURNING 1
    )
    SELECT (SELECT count(*) FROM added), (SELECT count(*) FROM meant WHERE user_id IS NULL)
    """  # noqa: S608  (our own words)
)


class Filled(NamedTuple):
    """How many rows are new, and how many nobody is known for."""

    added: int
    left_out: int


def fill_matrix(cycle_id: int, *, months: int, others_id: int | None = None) -> Filled:
    """Add what was sold in the months before the cycle; rows that are there stay.

    `others_id` is the rep who takes what nobody is known for; without one that is left out.

    Raises:
        CycleNotDraft: It was opened.
        Invalid: The rep takes no part.
    """
    if not 1 <= months <= LONGEST_HISTORY:
        raise Invalid("months", f"From 1 to {LONGEST_HISTORY} months.")
    with transaction() as session:
        cycle = lock_draft(session, cycle_id)
        if others_id is not None:
            _ensure_rep(session, cycle, others_id, "others_id")
        before = session.scalars(queries.cycle_before(cycle.month)).first()
        given = {
            "cycle_id": cycle_id,
            "before": before.id if before else 0,
            "reps": [*session.scalars(queries.rep_ids(cycle_id))],
            "others": others_id,
            "kinds": GOODS,
            "first": months_after(cycle.month, -months),
            "until": cycle.month,
        }
        filled = Filled(*session.execute(_FILL, given).one())
        _note_rows(session, cycle, filled.added)
    return filled


def add_row(cycle_id: int, *, user_id: int, customer_id: int, product_id: int) -> ScopeRow:
    """Let a rep forecast a product for a customer.

    Raises:
        CycleNotDraft: The cycle was opened.
        Invalid: The rep takes no part, or there is no such customer or product.
        AlreadyExists: Somebody has it.
    """
    with transaction() as session:
        cycle = lock_draft(session, cycle_id)
        _ensure_rep(session, cycle, user_id, "user_id")
        if session.get(Customer, customer_id) is None:
            raise Invalid("customer_id", "There is no such customer.")
        if session.get(Product, product_id) is None:
            raise Invalid("product_id", "There is no such product.")
        row = ScopeRow(
            cycle_id=cycle_id, user_id=user_id, customer_id=customer_id, product_id=product_id
        )
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError:
            raise AlreadyExists("product_id", "Somebody forecasts this already.") from None
        _note_rows(session, cycle, 1)
    return row


def assign_row(row_id: int, *, user_id: int) -> ScopeRow:
    """Give a row to another rep.

    Raises:
        CycleNotDraft: The cycle was opened.
        Invalid: The rep takes no part.
    """
    with transaction() as session:
        row = session.scalars(select(ScopeRow).where(ScopeRow.id == row_id)).one()
        cycle = lock_draft(session, row.cycle_id)
        _ensure_rep(session, cycle, user_id, "user_id")
        row.user_id = user_id
    return row


def remove_row(row_id: int) -> None:
    """Let nobody forecast a row.

    Raises:
        CycleNotDraft: The cycle was opened.
    """
    with transaction() as session:
        row = session.scalars(select(ScopeRow).where(ScopeRow.id == row_id)).one()
        cycle = lock_draft(session, row.cycle_id)
        session.execute(delete(ScopeRow).where(ScopeRow.id == row_id))
        session.expunge(row)
        _note_rows(session, cycle, -1)


def _ensure_rep(session: Session, cycle: Cycle, user_id: int, field: str) -> None:
    if user_id not in {*session.scalars(queries.rep_ids(cycle.id))}:
        raise Invalid(field, "This person takes no part in the cycle.")


def _note_rows(session: Session, cycle: Cycle, more: int) -> None:
    """Tell in the cycle's history how many rows there are."""
    if more:
        session.flush()
        now = session.scalar(queries.row_count(cycle.id)) or 0
        audit.note(cycle, "Rows", now - more, now)
        cycle.version += 1
