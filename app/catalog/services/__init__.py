"""What the business does with the catalogue."""

from app.catalog.services.component_lines import ComponentDraft, find_substitutes
from app.catalog.services.components import (
    BundlePart,
    MadeOfItself,
    add_components,
    bundle_parts,
    circle_in,
    named_circle,
    set_components,
)
from app.catalog.services.contacts import (
    activate_contact,
    create_contact,
    create_contacts,
    deactivate_contact,
    revise_contact,
)
from app.catalog.services.images import remove_image, set_image
from app.catalog.services.lookup import find_contact
from app.catalog.services.products import (
    activate_product,
    create_product,
    deactivate_product,
    revise_product,
)

__all__ = [
    "BundlePart",
    "ComponentDraft",
    "MadeOfItself",
    "activate_contact",
    "activate_product",
    "add_components",
    "bundle_parts",
    "circle_in",
    "create_contact",
    "create_contacts",
    "create_product",
    "deactivate_contact",
    "deactivate_product",
    "find_contact",
    "find_substitutes",
    "named_circle",
    "remove_image",
    "revise_contact",
    "revise_product",
    "set_components",
    "set_image",
]
