"""What labels are about. A new subject is one more file here, and a line in `SUBJECTS`."""

from app.labels.subjects.definition import LabelOptions, Subject
from app.labels.subjects.employees import EMPLOYEES
from app.labels.subjects.locations import LOCATIONS
from app.labels.subjects.lots import LOTS
from app.labels.subjects.orders import ORDERS
from app.labels.subjects.products import PRODUCTS

SUBJECTS = {
    subject.field: subject for subject in (PRODUCTS, LOCATIONS, LOTS, ORDERS, EMPLOYEES)
}

__all__ = ["SUBJECTS", "LabelOptions", "Subject"]
