"""The page of a product, and what is done with one."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import url_for

from app.catalog import queries, services
from app.catalog.building import buildable_of
from app.catalog.costs import COSTS, cost_figures, keeping_prices
from app.catalog.figures import bundle_places, figures_of
from app.catalog.forms import ImageForm, ProductForm
from app.catalog.models import KINDS, TRACKINGS, Product
from app.catalog.services.images import LARGEST_IMAGE
from app.catalog.views.products import CHANGED, bp
from app.core.db import db
from app.core.pages import Action, RecordLink, RecordPage, Resource
from app.core.permissions import may
from app.core.settings import setting

PRODUCT = Resource(
    name="product",
    area="products",
    query=queries.product,
    rule="/<int:product_id>",
    keys={"product_id": "id"},
    event=CHANGED,
)

MOST_SHOWN = 200  # lines of what it is made of: a file has all of them


def _begin(form: ProductForm, _product: None) -> None:
    form.currency.data = form.currency.data or setting("currency")


def _made(product: Product) -> Mapping[str, Any]:
    """What it is made of and where it is used, as far as a page can show it."""
    is_made = product.kind != "item"
    levels = db.session.execute(queries.levels_of(product.id)).all() if is_made else []
    instead: dict[int, list[str]] = {}
    for number, sku in (
        db.session.execute(queries.substitutes_of(product.id)) if is_made else ()
    ):
        instead.setdefault(number, []).append(sku)
    used_in = db.session.execute(queries.used_in(product.id)).all()
    return {
        "levels": levels[:MOST_SHOWN],
        "instead": instead,
        "levels_left": len(levels[MOST_SHOWN:]),
        "used_in": used_in[:MOST_SHOWN],
        "used_in_left": len(used_in[MOST_SHOWN:]),
    }


def _revise(product_id: int, **changes: Any) -> Product:
    return services.revise_product(product_id, **keeping_prices(product_id, changes))


def _set_image(product_id: int, image: Any) -> None:
    services.set_image(product_id, image=image.read(LARGEST_IMAGE + 1))


def _categories(_product: Product | None) -> Mapping[str, Any]:
    return {"categories": db.session.scalars(queries.categories()).all()}


_verb = partial(Action, resource=PRODUCT, permission="products.edit")
_written = partial(
    _verb,
    form=ProductForm,
    fields="catalog/products/_fields.html",
    context=_categories,
    is_wide=True,
    is_page=True,
    leaves=True,
)

create = _written(
    name="create",
    is_new=True,
    title="New product",
    fill=_begin,
    act=services.create_product,
    done="{0.name} added.",
    choice=lambda product: (product.sku, product.name),
)
update = _written(
    name="update",
    title="Edit",
    heading="Edit product",
    subtitle="{0.sku} {0.name}",
    page_title="Edit {0.sku}",
    act=_revise,
    done="{0.name} saved.",
    kind="primary",
    icon="edit",
)
set_image = _verb(
    name="create_image",
    path="/image",
    title="Picture",
    subtitle="{0.name}",
    page_title="Picture of {0.sku}",
    submit="Save",
    form=ImageForm,
    fields="catalog/products/_image.html",
    has_file=True,
    act=_set_image,
    done="Picture saved.",
    icon="upload",
)
remove_image = _verb(
    name="remove_image",
    path="/image/removal",
    title="Remove picture",
    question="Remove the picture of {0.name}?",
    confirm="Remove",
    act=services.remove_image,
    done="Picture removed.",
    when=lambda product: product.image_id is not None,
)
deactivate = _verb(
    name="deactivate",
    path="/deactivation",
    title="Deactivate",
    question="Deactivate {0.name}?",
    kind="danger",
    act=services.deactivate_product,
    done="{0.name} deactivated.",
    when=lambda product: product.is_active,
)
activate = _verb(
    name="activate",
    path="/activation",
    title="Activate",
    act=services.activate_product,
    done="{0.name} activated.",
    when=lambda product: not product.is_active,
)


def _context(product: Product) -> Mapping[str, Any]:
    return {
        **_made(product),
        "kinds": KINDS,
        "trackings": TRACKINGS,
        "places": bundle_places(product.id) if product.is_bundle else [],
        "buildable": buildable_of(product.id) if product.kind == "assembly" else None,
        "has_cost": cost_figures(product.id) if may(COSTS) else None,
        "figures": figures_of([product.id])[product.id],
        "card_buttons": (remove_image, deactivate, activate),
    }


product_page = RecordPage(
    resource=PRODUCT,
    query=queries.product_page,
    permission="products.view",
    title="{0.sku} {0.name}",
    heading="{0.name}",
    subtitle="SKU {0.sku}",
    crumbs=lambda _product: [("Products", url_for("products.index"))],
    buttons=(
        RecordLink(
            label="Stock",
            href=lambda product: url_for("stock.show", product_id=product.id),
            permission="stock.view",
            icon="boxes",
            when=lambda product: not product.is_bundle,
        ),
        RecordLink(
            label="Labels",
            href=lambda product: url_for("labels.new", subject="sku", items=product.sku),
            permission="labels.print",
            icon="barcode",
        ),
        RecordLink(
            label="Build",
            href=lambda product: f"/builds/new?product={product.id}",
            permission="assembly.build",
            icon="plus",
            when=lambda product: product.kind == "assembly" and product.is_active,
        ),
        RecordLink(
            label="Buy what is missing",
            href=lambda product: f"/shortages/products/{product.id}/purchases/new",
            permission="purchase_orders.edit",
            icon="truck",
            is_dialog=True,
            when=lambda product: product.kind != "item" and product.is_active,
        ),
        RecordLink(
            label="Components",
            href=lambda product: url_for("products.edit_components", product_id=product.id),
            permission="products.edit",
            icon="list",
        ),
        set_image,
        update,
    ),
    topic=lambda _product: "stock" if may("stock.view") else "",
    events=("stock:changed",),
    body="catalog/products/_product.html",
    context=_context,
    labels={
        "sku": "SKU",
        "image_id": "Picture",
        "supplier_id": "Supplier",
        "vendor_parts": "Part numbers",
        "is_active": "Active",
        "tracking": "Tracked",
        "has_expiry": "Has expiry dates",
    },
)

product_page.add_to(bp)
for action in (create, update, set_image, remove_image, deactivate, activate):
    action.add_to(bp)
