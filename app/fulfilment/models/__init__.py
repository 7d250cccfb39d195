"""Pick tasks with their lines, parcels, and what has to go back to its bin."""

from app.fulfilment.models.parcels import Parcel, ParcelLine
from app.fulfilment.models.putbacks import PutBack
from app.fulfilment.models.tasks import (
    IN_WORK,
    LEASE,
    SHORT_REASONS,
    PickLine,
    PickStep,
    PickTask,
    PickTaskOrder,
)

__all__ = [
    "IN_WORK",
    "LEASE",
    "SHORT_REASONS",
    "Parcel",
    "ParcelLine",
    "PickLine",
    "PickStep",
    "PickTask",
    "PickTaskOrder",
    "PutBack",
]
