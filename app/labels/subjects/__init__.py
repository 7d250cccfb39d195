"""What labels are about. A new subject is one more file here, and a line in `SUBJECTS`."""

from app.labels.subjects.definition import Found, Subject, Wanted
from app.labels.subjects.orders import ORDERS
from app.labels.subjects.places import PLACES
from app.labels.subjects.products import PRODUCTS

SUBJECTS = {subject.field: subject for subject in (PRODUCTS, PLACES, ORDERS)}

__all__ = ["SUBJECTS", "Found", "Subject", "Wanted"]
