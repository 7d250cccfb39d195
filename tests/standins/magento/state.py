"""What all parts of the server share."""

from tests.standins.around import Watched
from tests.standins.magento.access import Access
from tests.standins.magento.faults import KNOWN
from tests.standins.magento.shop import Shop


class State(Watched):
    """The shop, who may ask, the planned faults and what was asked."""

    def __init__(self, *, record: bool) -> None:
        super().__init__(KNOWN, record=record)
        self.shop = Shop()
        self.access = Access(self.shop.now)
        # Of new shipments and invoices, as the code of the vendor has them.
        self.ids_are_texts = True
