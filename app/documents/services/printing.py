"""Documents on paper: what all of them say, and the PDF."""

from decimal import Decimal
from typing import Any, NamedTuple

from app.core.days import today
from app.core.pdf import render_pdf
from app.core.settings import setting
from app.documents.models import Document
from app.documents.papers import DocumentType

__all__ = ["PrintedPaper", "print_paper", "tax_rates", "today"]

COMPANY = ("company_name", "company_address", "company_vat_id", "company_footer")


class TaxRate(NamedTuple):
    """What is taxed at a rate, in percent: the sum without tax, and the tax."""

    rate: Decimal
    net: Decimal
    tax: Decimal


class PrintedPaper(NamedTuple):
    """A paper as a file."""

    name: str
    content: bytes


def print_paper(of: DocumentType, document: Any, kind: str) -> PrintedPaper:
    """Print a paper of a document.

    Raises:
        NoSuchPaper: There is none of that name.
        PdfUnavailable: This machine cannot draw PDF.
    """
    paper = of.paper(kind)
    content = render_pdf(
        paper.template,
        title=paper.title,
        kind=kind,
        document=document,
        tax_rates=tax_rates(document),
        sums=document.amounts,
        today=today(),
        company={name.removeprefix("company_"): setting(name) for name in COMPANY},
        **of.printing(document, kind),
    )
    return PrintedPaper(f"{paper.file}-{document.number}.pdf", content)


def tax_rates(document: Document) -> list[TaxRate]:
    """Give the sums of each rate there is, after all discounts, the lowest first."""
    sums, shipping = document.amounts, document.terms[1]
    taxed = [
        (line.tax_rate, amounts.subtotal - share, amounts.tax)
        for line, amounts, share in zip(document.lines, sums.lines, sums.shares, strict=True)
    ]
    if sums.shipping.subtotal:
        taxed.append((shipping.tax_rate, *sums.shipping))
    return [
        TaxRate(
            rate,
            sum((net for one, net, _tax in taxed if one == rate), Decimal(0)),
            sum((tax for one, _net, tax in taxed if one == rate), Decimal(0)),
        )
        for rate in sorted({rate for rate, _net, _tax in taxed})
    ]
