"""Lists: what fulfils the criteria, one page of it, cut down to the fields asked for."""

import json
from typing import Any

from flask import Response, request

from tests.standins.magento import criteria, selection
from tests.standins.magento.criteria import Criteria
from tests.standins.magento.errors import answer
from tests.standins.magento.table import Table
from tests.standins.objects import encoded

EVERYTHING = Criteria((), (), 0, 1)


def listed(table: Table, *, is_optional: bool = False) -> Response:
    """Answer with a page. Raises Refused: the criteria are missing or make no sense."""
    wanted = EVERYTHING if is_optional and not request.args else criteria.parse(request.args)
    rows, total = table.search(wanted)
    items = b",".join(row.raw for row in rows)
    told = encoded(wanted.told)
    return shown(b'{"items":[%b],"search_criteria":%b,"total_count":%d}' % (items, told, total))


def shown(body: Any) -> Response:
    """Answer with the fields of a body that are asked for, or with all of it."""
    wanted = selection.parse(request.args.get("fields", ""))
    if not wanted:
        return answer(body)
    whole = json.loads(body) if isinstance(body, bytes) else body
    return answer(selection.cut(whole, wanted))
