"""Pages of figures that are added up as somebody asks: their filters, chips and files."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask import send_file, url_for
from werkzeug import Response

from app.core.pages.asked import Asked
from app.core.pages.filters import Filter
from app.core.sheets import Format, write_table


@dataclass(frozen=True, slots=True)
class FiguresPage:
    """What the form of filters needs to know of the page it stands on."""

    filters: tuple[Filter, ...]
    sort: str = ""
    view: str = ""

    @property
    def state(self) -> Mapping[str, str]:
        """No order of its own: rows stand as they come."""
        return {}

    def chips(self, asked: Asked, endpoint: str) -> list[tuple[str, str]]:
        """Name the filters that are on, and the addresses without each."""
        said = [
            (one.says(asked.texts[one.name], asked[one.name]), one.name)
            for one in self.filters
            if one.name in asked.texts
        ]
        return [(label, _without(asked, name, endpoint)) for label, name in said if label]


def _without(asked: Asked, name: str, endpoint: str) -> str:
    texts: dict[str, Any] = {k: text for k, text in asked.texts.items() if k != name}
    return url_for(endpoint, **texts)


def sent_figures(
    rows: Iterable[Sequence[Any]], form: Format, *, title: str, name: str
) -> Response:
    """Answer with rows as a file, the head first; `name` is the file's without its ending."""
    file = BytesIO()
    write_table(rows, form, title, file)
    return send_file(
        file, form.content_type, as_attachment=True, download_name=f"{name}.{form.value}"
    )
