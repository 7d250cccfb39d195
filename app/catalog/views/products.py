"""Pages of products."""

from typing import Any

from flask import Blueprint, request, url_for
from werkzeug import Response

from app.catalog import queries, services
from app.catalog.figures import figures_of
from app.catalog.forms import ProductForm
from app.catalog.models import Product, Vendor
from app.catalog.views.lists import (
    STATE_LABELS,
    STATES,
    asked_filters,
    chips,
    exports,
    import_link,
)
from app.core import audit
from app.core.cache import cached
from app.core.db import db
from app.core.errors import DomainError
from app.core.permissions import requires
from app.core.settings import setting
from app.core.tables import Page, paginate
from app.core.web import (
    one_or_404,
    render,
    respond_created,
    respond_redirect,
    respond_saved,
    wants_fragment,
)

bp = Blueprint("products", __name__, url_prefix="/products")

HISTORY_SHOWN = 30
CHANGED = "product:changed"


@bp.get("")
@requires("products.view")
def index() -> Response:
    """List products; a search from htmx receives only the results."""
    filters = asked_filters("search", "category", "supplier")
    supplier_id = int(filters["supplier"]) if filters["supplier"].isdecimal() else None
    found = queries.products(
        search=filters["search"],
        category=filters["category"].replace("\0", ""),
        supplier_id=supplier_id,
        is_active=STATES[filters["state"]],
    )
    sorts = queries.PRODUCT_SORTS
    page = paginate(
        queries.in_list(found), sorts=sorts, default="sku", filters=filters, rows=True
    )
    return render(
        "catalog/products/index.html",
        fragment="results",
        page=page,
        filters=filters,
        figures=figures_of([row.id for row in page.items]),
        chips=_chips(page, filters, supplier_id),
        import_link=import_link("products"),
        exports=exports("products", page),
        **_choices(),
    )


@bp.get("/<int:product_id>")
@requires("products.view")
def show(product_id: int) -> Response:
    """Show a product with what there is of it and what happened to it."""
    product = one_or_404(queries.product_page(product_id))
    return render(
        "catalog/products/show.html",
        fragment="record",
        product=product,
        figures=figures_of([product.id])[product.id],
        history=db.session.scalars(audit.history(product).limit(HISTORY_SHOWN)).all(),
    )


@bp.get("/new")
@requires("products.edit")
def new() -> Response:
    """Ask for a new product."""
    form = ProductForm()
    if not form.currency.data:
        form.currency.data = setting("currency")
    return _form(_offered(form), product=None)


@bp.post("")
@requires("products.edit")
def create() -> Response:
    """Add a product."""
    form = _offered(ProductForm())
    if "more" in request.form:
        return _form(form, product=None)
    status = 422
    if form.validate_on_submit():
        values = form.values
        del values["version"]
        try:
            product = services.create_product(**values)
        except DomainError as error:
            status = form.refuse(error)
        else:
            return respond_created(
                _address(product),
                f"{product.name} added.",
                value=product.sku,
                name=product.name,
            )
    return _form(form, product=None, status=status)


@bp.get("/<int:product_id>/edit")
@requires("products.edit")
def edit(product_id: int) -> Response:
    """Ask for changes of a product."""
    product = one_or_404(queries.product(product_id))
    return _form(_offered(ProductForm(obj=product), product), product=product)


@bp.post("/<int:product_id>")
@requires("products.edit")
def update(product_id: int) -> Response:
    """Change a product."""
    product = one_or_404(queries.product(product_id))
    form = _offered(ProductForm(), product)
    if "more" in request.form:
        return _form(form, product=product)
    status = 422
    if form.validate_on_submit():
        try:
            product = services.revise_product(product_id, **form.values)
        except DomainError as error:
            status = form.refuse(error)
            product = one_or_404(queries.product(product_id))  # the refusal made ours stale
        else:
            return respond_redirect(_address(product), f"{product.name} saved.")
    return _form(form, product=product, status=status)


@bp.post("/<int:product_id>/deactivation")
@requires("products.edit")
def deactivate(product_id: int) -> Response:
    """Take a product out of use."""
    one_or_404(queries.product(product_id))
    product = services.deactivate_product(product_id)
    return respond_saved(_address(product), f"{product.name} deactivated.", event=CHANGED)


@bp.post("/<int:product_id>/activation")
@requires("products.edit")
def activate(product_id: int) -> Response:
    """Take a product into use again."""
    one_or_404(queries.product(product_id))
    product = services.activate_product(product_id)
    return respond_saved(_address(product), f"{product.name} activated.", event=CHANGED)


def _address(product: Product) -> str:
    return url_for("products.show", product_id=product.id)


def _form(form: ProductForm, *, product: Product | None, status: int = 200) -> Response:
    form.add_blank_lines()
    template = "catalog/products/edit.html" if product else "catalog/products/new.html"
    choices = {"categories": db.session.scalars(queries.categories()).all()}
    return render(
        template, fragment="form", status=status, form=form, product=product, **choices
    )


def _offered(form: ProductForm, product: Product | None = None) -> ProductForm:
    """Give the form its vendors, with those that the product has already."""
    chosen = {line.vendor_id for line in product.vendor_parts} if product else set()
    if product and product.supplier_id:
        chosen.add(product.supplier_id)
    vendors = db.session.execute(queries.vendor_choices(chosen=chosen))
    form.offer(vendors=[(row.id, row.name) for row in vendors])
    return form


def _choices() -> dict[str, Any]:
    """Give what the filters offer; a search in place shows no filters."""
    return {} if wants_fragment() else cached("product choices", _offers)


def _offers() -> dict[str, list[Any]]:
    vendors = db.session.execute(queries.vendor_choices()).all()
    categories = db.session.scalars(queries.categories()).all()
    return {
        "categories": [(category, category) for category in categories],
        "vendors": [(row.id, row.name) for row in vendors],
    }


def _chips(
    page: Page[Any], filters: dict[str, str], supplier_id: int | None
) -> list[tuple[str, str]]:
    supplier = db.session.get(Vendor, supplier_id) if supplier_id else None
    labels = {
        "category": filters["category"],
        "supplier": f"Supplier: {supplier}" if supplier else "",
        "state": STATE_LABELS.get(filters["state"], ""),
    }
    return chips(page, labels)
