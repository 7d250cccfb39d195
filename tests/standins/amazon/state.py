"""What all parts of the server share."""

from typing import Any

from tests.standins.amazon.faults import KNOWN
from tests.standins.amazon.seller import Seller
from tests.standins.around import Watched

NUMBER, CLIENT = "A1STANDINKITCHEN", "amzn1.application-oa2-client.standin"
SECRET = "amzn1.oa2-cs.v1.standin"  # noqa: S105  (of nobody)
REFRESH = "Atzr|StandInOfAKitchen"
TOKEN = "Atza|StandInOfAKitchen"  # noqa: S105


class State(Watched):
    """The seller, who may read what, reports being made, planned faults, what was asked."""

    def __init__(self, *, record: bool) -> None:
        super().__init__(KNOWN, record=record)
        self.seller = Seller()
        self.client, self.secret, self.refresh, self.token = CLIENT, SECRET, REFRESH, TOKEN
        self.reports: dict[str, dict[str, Any]] = {}
        self.documents: dict[str, tuple[bytes, str]] = {}  # content, media type
        self.polls = 0  # that a report is not done, before it is
        self.charset: str | None = "UTF-8"  # that documents say; None: they say nothing
        self.written_in = "UTF-8"
        self.is_packed = True
        self.page = 50
