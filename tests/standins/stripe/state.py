"""What all parts of the server share."""

from collections import deque

from tests.standins.around import Watched
from tests.standins.stripe.account import Account
from tests.standins.stripe.faults import KNOWN

NUMBER, KEY = "acct_1StandInKitchen", "rk_test_StandInOfAKitchen"
SECRET = "whsec_StandInOfAKitchen"  # noqa: S105  (of nobody)


class State(Watched):
    """The account, the key that may read it, the planned faults and what was asked."""

    def __init__(self, *, record: bool) -> None:
        super().__init__(KNOWN, record=record)
        self.account = Account()
        self.key, self.secret = KEY, SECRET
        self.forbidden: set[str] = set()  # lists that the key may not read
        self.webhook_url: str | None = None
        self.deliveries: deque[str] = deque(maxlen=20)
