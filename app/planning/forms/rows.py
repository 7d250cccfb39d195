"""Forms of the matrix."""

from wtforms import SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from app.catalog.choices import customer_field
from app.catalog.models import Product
from app.catalog.queries import products_with_skus
from app.core.db import db
from app.core.errors import Invalid
from app.core.forms import Form, Named, RecordField
from app.planning.models import Cycle


def _find_product(sku: str) -> int:
    found = db.session.execute(products_with_skus([sku])).first()
    if found is None:
        raise Invalid("product_id", "No product has this SKU.")
    return int(found[-1].id)


def _named_product(product_id: int) -> Named | None:
    product = db.session.get(Product, product_id)
    return Named(product.sku, product.name) if product else None


class AssignForm(Form):
    """Who forecasts a row."""

    user_id = SelectField("Rep", coerce=int)

    def offer_reps(self, cycle: Cycle) -> None:
        """Offer who takes part."""
        self.user_id.choices = [
            SelectChoice(one.user_id, one.user.name) for one in cycle.submissions
        ]


class RowForm(AssignForm):
    """What somebody is to forecast."""

    customer_id = customer_field("Customer", [InputRequired("Choose a customer.")])
    product_id = RecordField(
        "Product",
        [InputRequired("Choose a product.")],
        find=_find_product,
        named=_named_product,
    )
