"""Many orders at once: what is asked for one is asked for all of them together.

Each is a savepoint of the caller's unit of work, as a whole: if one cannot be done, none is.
Who has to know which one it was does them one by one.
"""

from collections.abc import Mapping, Sequence

from app.core.db import transaction
from app.core.errors import Invalid
from app.documents.services import next_numbers
from app.orders.channels import channels
from app.orders.models import SalesOrder
from app.orders.services.bundles import take_apart
from app.orders.services.closing import checked_reason
from app.orders.services.creating import NewOrder, checked_head, draft_of
from app.orders.services.items import NamedProducts
from app.orders.services.locking import locked_orders, publish_changes


def create_orders(
    wanted: Sequence[NewOrder], *, channel: str, channel_account: str, products: NamedProducts
) -> list[SalesOrder]:
    """Make drafts of a shop's orders; `products` are those that their lines name.

    They are told when they are confirmed or held: else the caller does (`publish_change`).

    Raises:
        Invalid: A value of one does not fit.
        IntegrityError: One has come before.
    """
    if channel not in channels():
        raise Invalid("channel", f"There is no sales channel {channel}.")
    whence = {"channel": channel, "channel_account": channel_account}
    with transaction() as session:
        numbers = next_numbers(SalesOrder, len(wanted))
        made = [
            draft_of(one, checked_head(one), whence | {"number": number}, products=products)
            for one, number in zip(wanted, numbers, strict=True)
        ]
        session.add_all(made)
        session.flush()
        take_apart(made)
    return made


def hold_orders(reasons: Mapping[int, str]) -> list[SalesOrder]:
    """Put orders on hold, by their ids.

    Raises:
        NotAllowed: One is over, or somebody has it in hand.
        Invalid: A reason is too long.
    """
    with transaction():
        orders = locked_orders([*reasons])
        for order in orders:
            order.move_to("on_hold")
            order.hold_reason = checked_reason(reasons[order.id])
        publish_changes(orders)
    return orders
