"""What a slice lets other programs hear of; `app.webhooks` tells them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEvent:
    """A fact that programs may subscribe to.

    `name` is its type as programs read it ("order.shipped"). `data` is called with the fields
    of the event when the first attempt is made, and gives plain values as the API shows them:
    what it tells is as new as the attempt. None: there is nothing to tell any more. `is_told`
    is asked when it happens: what is not told then is told to nobody.
    """

    name: str
    label: str
    event: type[Event]
    data: Callable[..., Mapping[str, Any] | None]
    is_told: Callable[..., bool] = lambda **_fields: True
