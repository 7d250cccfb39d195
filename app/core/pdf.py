"""PDF out of HTML templates, by WeasyPrint; that draws with Pango, which may be missing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import current_app, render_template

from app.core.errors import DomainError

PAPER = "css/paper.css"
PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0"

Finisher = Callable[[Any, Any], None]


class PdfUnavailable(DomainError):
    """This machine lacks what draws PDF; everything else works."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            f"PDF needs Pango, which this machine lacks. On Debian or Ubuntu an administrator "
            f"installs it with: apt-get install {PACKAGES}"
        )


def render_pdf(
    template: str,
    *,
    look: str = PAPER,
    css: str = "",
    finisher: Finisher | None = None,
    **context: Any,
) -> bytes:
    """Print a template on paper; nothing is fetched from anywhere.

    `look` is a style sheet of ours, `css` more rules, known only now. `finisher` is called
    with WeasyPrint's document and the PDF before that is written.

    Raises:
        PdfUnavailable: Pango is missing.
    """
    html = render_template(template, **context)
    try:
        import weasyprint  # noqa: PLC0415  (loads Pango: only where something is printed)
    except OSError as error:
        raise PdfUnavailable from error
    rules = (Path(current_app.static_folder or "") / look).read_text()
    sheet = weasyprint.CSS(string=f"{rules}\n{css}")
    # Pictures stand in the page itself; no other address is followed.
    within = weasyprint.urls.URLFetcher(allowed_protocols=["data"])
    document = weasyprint.HTML(string=html, url_fetcher=within)
    return bytes(document.write_pdf(stylesheets=[sheet], finisher=finisher) or b"")
