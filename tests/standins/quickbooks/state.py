"""What all parts of the server share."""

from collections import deque
from collections.abc import Callable

from tests.standins.around import Watched
from tests.standins.quickbooks.company import Company
from tests.standins.quickbooks.deliveries import Delivery
from tests.standins.quickbooks.faults import KNOWN
from tests.standins.quickbooks.grants import Grants
from tests.standins.quickbooks.pace import Pace

Announce = Callable[[str, str, str], None]


def say_nothing(entity: str, key: str, operation: str) -> None:
    """Announce a change to nobody."""


class State(Watched):
    """The company, the consents, the planned faults and what was asked."""

    def __init__(self, *, record: bool) -> None:
        super().__init__(KNOWN, record=record)
        self.realm = "4620816365001234567"
        self.client_id = "ABstandInClientIdForTests"
        self.client_secret = "stand-in client secret"  # noqa: S105
        self.verifier_token = "stand-in verifier token"  # noqa: S105
        self.company = Company()
        self.grants = Grants(self.company.now)
        self.redirects: set[str] = set()  # where people may be sent back to; empty: anywhere
        self.pace = Pace()
        self.webhook_url: str | None = None
        self.webhook_form = "cloudevents"
        self.deliveries: deque[Delivery] = deque(maxlen=20)
        self.answered: dict[str, tuple[bytes, int]] = {}
        self.announce: Announce = say_nothing
