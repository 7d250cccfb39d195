"""`fields=items[sku,qty],total_count`: an answer is cut down to what is named.

Source: Framework/Webapi/Rest/Response/FieldsFilter.
"""

import re
from typing import Any

Wanted = dict[str, Any]
TOKENS = re.compile(r"[\[\],]|[^\[\],]+")


def parse(text: str) -> Wanted | None:
    """Read the names; None if the brackets do not fit, then nothing is cut."""
    root: Wanted = {}
    open_: list[Wanted] = [root]
    last: Wanted | None = None
    for part in TOKENS.findall(text.replace(" ", "")):
        if part == "[":
            if last is None:
                return None
            open_.append(last)
        elif part == "]":
            open_.pop()
        elif part != ",":
            last = open_[-1].setdefault(part, {})
        if not open_:
            return None
    return root if len(open_) == 1 else None


def cut(value: Any, wanted: Wanted) -> Any:
    """Keep what is wanted; a name without brackets is wanted whole."""
    if isinstance(value, list):
        return [cut(one, wanted) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name: cut(value[name], inner) if inner else value[name]
        for name, inner in wanted.items()
        if name in value
    }
