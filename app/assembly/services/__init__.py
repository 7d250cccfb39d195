"""What the business does with assemblies."""

from app.assembly.services.building import (
    build_product,
    find_assembly,
    numbers_of,
    place_for,
    undo_build,
)
from app.assembly.services.possible import Level, Recipe, buildable, most_buildable
from app.assembly.services.taking import components_for

__all__ = [
    "Level",
    "Recipe",
    "build_product",
    "buildable",
    "components_for",
    "find_assembly",
    "most_buildable",
    "numbers_of",
    "place_for",
    "undo_build",
]
