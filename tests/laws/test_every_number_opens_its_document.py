"""Whatever stands on a paper of ours and leads to a document is a number that opens it."""

import re
from pathlib import Path

from app.core.slices import slices

MADE_OF_IDS = re.compile(r'f"([A-Z]+-)\{\w+:06\}"')
TYPED = re.compile(
    r"\.(?:sku|code|number|barcode|part_number)\.i?(?:contains|startswith)\((?:term|text|search|q)\b"
)


def test_every_number_that_is_made_of_an_id_is_one_the_command_bar_opens() -> None:
    models = [path.read_text() for path in Path("app").glob("*/models*/**/*.py")]
    models += [path.read_text() for path in Path("app").glob("*/models.py")]
    written = {prefix for text in models for prefix in MADE_OF_IDS.findall(text)}

    assert written >= {"TR-", "GR-"}
    assert written == {one.prefix for one in slices().search if one.prefix}


def test_no_search_looks_for_a_code_with_what_nobody_sees_in_it() -> None:
    """See `has_part`: what is pasted from a page or a mail has blanks and marks around it."""
    asking = {
        f"{path}: {line.strip()}"
        for path in Path("app").rglob("*.py")
        for line in path.read_text().splitlines()
        if TYPED.search(line)
    }

    assert asking == set()
