"""What the command bar finds of builds: their number."""

from app.core.search import Numbered

_BUILD = """SELECT product.name AS title,
    CASE WHEN undone_at IS NULL THEN '' ELSE 'Undone' END AS state
FROM build JOIN product ON product.id = product_id WHERE build.id = %(id)s
"""
GROUPS = (
    Numbered(
        prefix="BD-",
        statement=_BUILD,
        page="builds.show",
        key="build_id",
        icon="boxes",
    ).group("builds", "assembly.view", 48, "Builds"),
)
