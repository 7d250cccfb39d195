"""Forms of the matrix."""

from wtforms import SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from app.catalog.choices import customer_field, product_field
from app.core.forms import Form
from app.planning.models import Cycle


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
    product_id = product_field("Product", [InputRequired("Choose a product.")])
