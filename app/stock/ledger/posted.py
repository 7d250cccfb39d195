"""What the ledger answers; the posting keeps it, to give it again."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.core.quantities import plain


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedBalance:
    """A balance once a posting was through: `change` is what the posting did to it."""

    product_id: int
    location_id: int
    lot_id: int | None
    on_hand: Decimal
    reserved: Decimal
    change: Decimal
    is_doubted: bool = False
    is_withheld: bool = False

    @property
    def available(self) -> Decimal:
        """What may still be reserved; of doubted goods nothing, until they are counted."""
        is_kept = self.is_doubted or self.is_withheld
        return Decimal(0) if is_kept else self.on_hand - self.reserved

    def as_json(self) -> dict[str, Any]:
        """Write it as the posting keeps it."""
        return {
            "product_id": self.product_id,
            "location_id": self.location_id,
            "lot_id": self.lot_id,
            "on_hand": plain(self.on_hand),
            "reserved": plain(self.reserved),
            "change": plain(self.change),
            "is_doubted": self.is_doubted,
            "is_withheld": self.is_withheld,
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "PostedBalance":
        """Read it back from the posting."""
        figures = {name: Decimal(kept[name]) for name in ("on_hand", "reserved", "change")}
        return cls(**{**kept, **figures})


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A posting that was made, now or by an earlier request with the same key."""

    id: int
    movement_ids: tuple[int, ...]
    balances: tuple[PostedBalance, ...]
    is_repeat: bool = False

    def at(self, product_id: int, location_id: int) -> PostedBalance:
        """The balance of a product at a location; the first one, if lots are kept there."""
        place = (product_id, location_id)
        return next(b for b in self.balances if (b.product_id, b.location_id) == place)
