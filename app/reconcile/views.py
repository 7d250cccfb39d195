"""Money: the accounts that roll, fees by kind, payouts with what they settle."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Blueprint, request, url_for
from sqlalchemy import func, select
from werkzeug import Response

from app.core.db import db
from app.core.pages import RecordPage, Resource
from app.core.pages.asked import Asked, read
from app.core.pages.exports import asked_file
from app.core.pages.figures import FiguresPage, sent_figures
from app.core.permissions import requires
from app.core.web import render
from app.integrations.money import queries
from app.integrations.money.models import PAYOUT_STATES, MoneyDispute, MoneyTransaction, Payout
from app.reconcile import figures
from app.reconcile.lists import (
    CURRENCY,
    DAYS,
    DISPUTES,
    PAYOUTS,
    TRANSACTIONS,
    VIEW,
    crumbs,
    with_settled,
)
from app.reconcile.periods import period

bp = Blueprint("money", __name__, url_prefix="/money")
payouts = Blueprint("payouts", __name__, url_prefix="/money/payouts")
PAGE = FiguresPage((CURRENCY, *DAYS))
MOST = 100  # transactions on the page of a payout
HEAD = (
    *("Account", "Currency", "Opening", "Sales", "Refunds", "Disputes", "Other", "Fees"),
    *("Payouts", "Closing", "Held", "As of", "Variance"),
)


@bp.get("")
@requires(VIEW)
def index() -> Response:
    """Show where the money is and went; as a file, if the address says so."""
    asked = read(PAGE.filters, request.args)
    since, until = period(asked["from"], asked["to"])
    rows = figures.clearing(since, until)
    if form := asked_file(request.args.get("file", "")):
        return sent_figures(_as_rows(rows), form, title="Money", name="money")
    known = figures.currencies()
    currency = asked["currency"] or (known[0] if known else "")
    return render(
        "money/index.html",
        fragment="results",
        rows=rows,
        since=since,
        until=until,
        due=_due(),
        chart=figures.fees_chart(figures.fees(since, until, currency), currency),
        **_filters(asked),
    )


def _filters(asked: Asked) -> dict[str, Any]:
    said = {"asked": asked, "list": PAGE, "state": PAGE, "page": PAGE}
    return said | {"chips": PAGE.chips(asked, ".index")}


def _due() -> dict[str, int]:
    """What somebody should look at."""
    wanted = {
        "unmatched": select(func.count(MoneyTransaction.id)).where(queries.IS_UNMATCHED),
        "differing": select(func.count()).select_from(
            queries.payouts(differs=True).with_only_columns(Payout.id).subquery()
        ),
        "disputes": select(func.count()).where(MoneyDispute.state == "needs_answer"),
    }
    return {name: db.session.scalar(query) or 0 for name, query in wanted.items()}


def _as_rows(rows: Sequence[figures.Clearing]) -> Iterator[Sequence[Any]]:
    yield HEAD
    for one in rows:
        yield (
            *(one.connection, one.currency, one.opening, one.sales, one.refunds),
            *(one.disputes, one.other, -one.fees, -one.payouts, one.closing, one.held),
            *(one.said_at and one.said_at.isoformat(), one.variance),
        )


PAYOUT = Resource(
    name="payout",
    area="payouts",
    query=queries.payout,
    rule="/<int:payout_id>",
    keys={"payout_id": "id"},
)


def _settled(payout: Payout) -> dict[str, Any]:
    found = queries.transactions(payout_id=payout.id).order_by(MoneyTransaction.id.desc())
    return {
        "settled": db.session.scalars(found.limit(MOST)).all(),
        "sums": with_settled([payout])[0],
        "state": PAYOUT_STATES[payout.state],
    }


payout_page = RecordPage(
    resource=PAYOUT,
    permission=VIEW,
    heading="Payout {0.external_id}",
    subtitle="{0.connection.name}",
    crumbs=lambda _payout: [*crumbs(None), ("Payouts", url_for("payouts.index"))],
    body="money/_payout.html",
    context=_settled,
    has_history=False,
)

payout_page.add_to(payouts)
PAYOUTS.add_to(payouts)
TRANSACTIONS.add_to(bp, rule="/transactions", endpoint="transactions")
DISPUTES.add_to(bp, rule="/disputes", endpoint="disputes")
