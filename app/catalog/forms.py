"""Forms of the catalogue's pages."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import wtforms
from flask_wtf.file import FileField, FileRequired
from wtforms import DecimalField, FieldList, FormField, IntegerField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import HiddenInput

from app.accounts.choices import user_field
from app.catalog.barcodes import parse_barcode
from app.catalog.breaks import parse_breaks
from app.catalog.choices import vendor_field
from app.catalog.costs import COSTS
from app.catalog.models import (
    KINDS,
    NOT_TRACKED,
    TRACKINGS,
    BarcodeLine,
    Customer,
    Vendor,
    VendorPartLine,
)
from app.catalog.rules import (
    Rule,
    codes_in,
    countries,
    parse_code,
    parse_country,
    parse_currency,
    parse_email,
    parse_line,
    parse_text,
)
from app.catalog.services import ComponentDraft
from app.core.currencies import CURRENCIES
from app.core.forms import (
    Follows,
    Form,
    PlainDecimalField,
    RecordField,
    VersionField,
    at_most_decimals,
)
from app.core.permissions import may_see
from app.core.quantities import LARGEST_QUANTITY, MONEY_DECIMALS, QUANTITY_DECIMALS

BLANK_LINES = 2  # always there for more, also without JavaScript
LONGEST_DAYS = 10_000
Choices = Iterable[tuple[Any, str]]


def _text(label: str, rule: Rule = parse_line, *, is_needed: bool = False, **more: Any) -> Any:
    needed = [InputRequired("This is needed.")] if is_needed else []
    return StringField(label, [*needed, Follows(rule)], **more)


def _number(label: str, *, decimals: int = QUANTITY_DECIMALS, **more: Any) -> Any:
    """Make a field for a number of zero or more; empty is None."""
    most = LARGEST_QUANTITY - 1
    within = NumberRange(0, most, f"Enter a number from 0 to {most}.")
    checks = [Optional(), at_most_decimals(decimals), within]
    return PlainDecimalField(label, checks, places=None, **more)


def _amount(label: str, *, decimals: int = QUANTITY_DECIMALS) -> Any:
    """Make a field for a number that is zero when it is left empty."""
    return _number(label, decimals=decimals, default=Decimal(0), filters=[_or_zero])


def _or_zero(number: Decimal | None) -> Decimal:
    return Decimal(0) if number is None else number


def _or_empty(text: str | None) -> str:
    return (text or "").replace("\0", "").strip()


def _days(label: str) -> Any:
    return IntegerField(label, [Optional(), NumberRange(0, LONGEST_DAYS)])


def _choices(records: Choices) -> list[SelectChoice]:
    return [SelectChoice("", "Not set"), *(SelectChoice(*record) for record in records)]


def _currency(label: str = "Currency") -> Any:
    return SelectField(label, [Follows(parse_currency)], choices=sorted(CURRENCIES))


def _country(label: str = "Country") -> Any:
    choices = _choices(countries().items())
    return SelectField(label, [Follows(parse_country)], choices=choices, default="")


class BarcodeRow(wtforms.Form):
    """A barcode; a row without a code says nothing."""

    code = StringField("Barcode", [Optional()])
    units = _number("Units")
    is_own = wtforms.BooleanField("A number of our own, also if it looks like a GTIN")

    def validate_code(self, field: StringField) -> None:
        """Read the code; one that looks like a GTIN and is none needs a word."""
        try:
            field.data = parse_barcode(field.data or "", is_own=self.is_own.data)
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def validate_units(self, field: DecimalField) -> None:
        """Refuse a code that is worth nothing."""
        if self.code.data and field.data == 0:
            raise ValidationError("More than zero.")


class VendorPartRow(wtforms.Form):
    """What a vendor calls the product; a row without a number says nothing."""

    vendor_id = vendor_field("Vendor")
    part_number = StringField("Part number", [Optional(), Follows(parse_code)])
    price = _number("Price", decimals=MONEY_DECIMALS)
    lead_time_days = _days("Days")
    minimum_quantity = _number("Minimum")
    purchase_unit = _text("Unit of purchase")
    pack_quantity = _number("Pack of")
    order_multiple = _number("Multiple")
    price_breaks = _text("Price breaks", parse_breaks)
    currency = SelectField(
        "Currency", choices=[SelectChoice("", "The vendor's"), *sorted(CURRENCIES)], default=""
    )

    def validate_pack_quantity(self, field: DecimalField) -> None:
        """Refuse a pack with nothing in it."""
        if field.data == 0:
            raise ValidationError("More than zero.")

    def validate_order_multiple(self, field: DecimalField) -> None:
        """Refuse a multiple of nothing."""
        if field.data == 0:
            raise ValidationError("More than zero.")

    def validate_vendor_id(self, field: RecordField) -> None:
        """Refuse a number that is nobody's."""
        if self.part_number.data and field.data is None:
            raise ValidationError("Whose number is it?")


class ProductForm(Form):
    """Everything about a product, with its lines."""

    rearranging = frozenset({"more"})
    version = VersionField(validators=[Optional()])
    sku = _text("SKU", parse_code, is_needed=True)
    name = _text("Name", is_needed=True)
    description = wtforms.TextAreaField("Description", [Follows(parse_text)])
    category = _text("Category")
    unit = _text("Unit", is_needed=True, default="pcs", description="pcs, kg, box, …")
    price = _amount("Price", decimals=MONEY_DECIMALS)
    cost = _amount("Cost", decimals=MONEY_DECIMALS)
    currency = _currency()
    tax_class = _text("Tax class", default="standard")
    weight = _number("Weight")
    supplier_id = vendor_field("Supplier")
    lead_time_days = _days("Lead time")
    reorder_point = _amount("Reorder point")
    reorder_quantity = _amount("Reorder quantity")
    maximum_stock = _number("Maximum stock")
    safety_stock = _amount("Safety stock")
    tracking = SelectField(
        "Tracked",
        choices=[SelectChoice(*tracking) for tracking in TRACKINGS.items()],
        default=NOT_TRACKED,
    )
    has_expiry = wtforms.BooleanField("Its lots or pieces have an expiry date")
    barcodes = FieldList(FormField(BarcodeRow), "Barcodes")
    vendor_parts = FieldList(FormField(VendorPartRow), "Part numbers")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_see(COSTS):
            del self.cost

    @property
    def values(self) -> dict[str, Any]:
        """What the person entered, without the rows left empty."""
        codes = [row for row in self.barcodes.data if row["code"]]
        parts = [row for row in self.vendor_parts.data if row["part_number"]]
        return super().values | {
            "barcodes": [
                BarcodeLine(r["code"], r["units"] or Decimal(1), r["is_own"]) for r in codes
            ],
            "vendor_parts": [VendorPartLine(**self._seen(row)) for row in parts],
        }

    def _seen(self, row: dict[str, Any]) -> dict[str, Any]:
        seen = row | {"pack_quantity": row["pack_quantity"] or Decimal(1)}
        return seen if may_see(COSTS) else seen | {"price": None, "price_breaks": ""}

    def make_room(self) -> None:
        """Leave room for more lines."""
        for _ in range(BLANK_LINES):
            self.barcodes.append_entry()
            self.vendor_parts.append_entry()


class ImageForm(Form):
    """A picture of a product."""

    image = FileField("Picture", [FileRequired("Choose a picture.")])


class ContactForm(Form):
    """What customers and vendors have in common."""

    version = VersionField(validators=[Optional()])
    name = _text("Name", is_needed=True)
    code = _text("Code", parse_code)
    company = _text("Company")
    email = _text("E-mail", parse_email)
    phone = _text("Phone")
    currency = _currency()
    address_line1 = _text("Address")
    address_line2 = _text("Address, second line")
    city = _text("City")
    region = _text("Region or state")
    postal_code = _text("Postal code")
    country = _country()
    notes = wtforms.TextAreaField("Notes", [Follows(parse_text)])


class AddressForm(wtforms.Form):
    """Where goods go, if elsewhere."""

    line1 = _text("Address")
    line2 = _text("Address, second line")
    city = _text("City")
    region = _text("Region or state")
    postal_code = _text("Postal code")
    country = _country()


class CustomerForm(ContactForm):
    """A customer."""

    sales_rep_id = user_field("Sales rep")
    shipping_address = FormField(AddressForm)


class VendorForm(ContactForm):
    """A vendor."""

    lead_time_days = _days("Lead time")


FORMS: dict[type[Customer | Vendor], type[ContactForm]] = {
    Customer: CustomerForm,
    Vendor: VendorForm,
}


class ComponentRow(wtforms.Form):
    """So much of a component. `known` is the SKU last filled in."""

    known = StringField(widget=HiddenInput(), filters=[_or_empty])
    sku = StringField(
        "Product", [InputRequired("Which product?"), Follows(parse_code)], filters=[_or_empty]
    )
    quantity = PlainDecimalField(
        "Quantity",
        [
            InputRequired("How many?"),
            at_most_decimals(QUANTITY_DECIMALS),
            NumberRange(Decimal("0.001"), LARGEST_QUANTITY - 1, "Enter a number above zero."),
        ],
        places=None,
    )
    substitutes = StringField(
        "Or instead", [Length(max=1000)], filters=[_or_empty], description="SKUs, with commas."
    )


class ComponentsForm(Form):
    """What a product is made of. `lines_view` is how its lines are shown."""

    rearranging = frozenset({"more", "removed"})
    lines_view: Any
    version = VersionField(validators=[Optional()])
    kind = SelectField("Kind", choices=[SelectChoice(*kind) for kind in KINDS.items()])
    build_quantity = _number(
        "Made at once", description="How many pieces of an assembly come of these components."
    )
    components = FieldList(FormField(ComponentRow), "Components")

    @property
    def values(self) -> dict[str, Any]:
        """What the person entered."""
        rows = [
            ComponentDraft(
                row["quantity"], row["sku"], substitutes=codes_in(row["substitutes"])
            )
            for row in self.components.data
        ]
        made = self.build_quantity.data
        build_quantity = Decimal(1) if made is None else made
        return super().values | {"components": rows, "build_quantity": build_quantity}
