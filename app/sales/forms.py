"""Forms of sales: rules, what codes mean, and the file of rates."""

from flask_wtf.file import FileField, FileRequired
from wtforms import IntegerField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from app.catalog.choices import customer_field, product_field
from app.core.forms import Form, VersionField
from app.sales.models import KINDS, SIGNS

LONGEST = 1000
HINT = "Codes parted by commas; * stands for anything."


def _choices(words: dict[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in words.items()]


def _stripped(text: str | None) -> str:
    return (text or "").strip()


def _pattern(label: str) -> StringField:
    return StringField(label, [Length(max=LONGEST)], filters=[_stripped], description=HINT)


class RuleForm(Form):
    """By what lines of a kind are known."""

    position = IntegerField(
        "Position",
        [InputRequired("Say where it stands."), NumberRange(1, 10_000)],
        description="The first rule that fits counts.",
    )
    kind = SelectField("Kind", choices=_choices(KINDS))
    product = _pattern("Product")
    document = _pattern("Document")
    description = _pattern("Description")
    sign = SelectField("Quantity", choices=_choices(SIGNS))


class ChangedRuleForm(RuleForm):
    """A rule that is there already."""

    version = VersionField()


class ValuationForm(Form):
    """Asks whether to value every line of sales again."""


class RatesForm(Form):
    """The file of the European Central Bank."""

    file = FileField(
        "File",
        [FileRequired("Choose a file.")],
        description="eurofxref-hist.zip or .csv of the European Central Bank.",
    )


class ItemForm(Form):
    """Which product a code of a source is."""

    product_id = product_field("Product", [InputRequired("Choose a product.")])


class PartyForm(Form):
    """Who a code of a source is."""

    customer_id = customer_field("Customer", [InputRequired("Choose a customer.")])
