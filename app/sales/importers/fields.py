"""What is read of a file of sales, and what shops of other countries call it."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import DateTime, Numeric

from app.catalog.rules import parse_code, parse_country, parse_currency, parse_line
from app.core.db import Money
from app.core.quantities import MONEY_DECIMALS, QUANTITY_DECIMALS, parse_decimal
from app.imports.definition import Field
from app.imports.parsers import code, own_code

EARLIEST = date(1980, 1, 1)
AHEAD = timedelta(days=366)  # nobody has sold anything later than that
MOST_LETTERS = 60
# A number that a program has written with decimals because some cells of the column are empty.
_WHOLE = re.compile(r"([0-9]+)\.0")


def parse_day(text: str) -> str:
    """Read when something was sold, as ISO 8601 writes it.

    Raises:
        ValueError: So long ago, or so far ahead, that the date must be wrong.
    """
    day = date.fromisoformat(text[:10])
    if not EARLIEST <= day <= datetime.now(UTC).date() + AHEAD:
        raise ValueError(f"{day} is no day on which this was sold.")
    return text


def parse_quantity(text: str) -> Decimal:
    """Read a quantity; what came back is below zero."""
    return parse_decimal(text, decimals=QUANTITY_DECIMALS)


def parse_amount(text: str) -> Decimal:
    """Read an amount of money, which may be below zero."""
    return parse_decimal(text, decimals=MONEY_DECIMALS)


def parse_party(text: str) -> str:
    """Read the code of a customer; `17850.0` is 17850."""
    found = _WHOLE.fullmatch(text)
    return parse_code(found[1] if found else text)


def parse_place(text: str) -> str:
    """Read a country; a name that is none of ISO 3166-1 stays as it is."""
    try:
        return parse_country(text)
    except ValueError:
        return parse_line(text)[:MOST_LETTERS]


FIELDS = (
    Field(
        name="sold_on",
        label="Date",
        parse=parse_day,
        type=DateTime(timezone=False),
        is_date=True,
        has_time=True,
        aliases=(
            *(
                "invoice date",
                "date of invoice",
                "order date",
                "sales date",
                "transaction date",
            ),
            *("document date", "posting date", "day", "invoicedate", "Rechnungsdatum", "Datum"),
            *(
                "Belegdatum",
                "Buchungsdatum",
                "Verkaufsdatum",
                "Date facture",
                "Date de facture",
            ),
            *(
                "Date commande",
                "Factuurdatum",
                "Fecha",
                "Fecha factura",
                "Data",
                "Data fattura",
            ),
            *("Data faktury", "Data sprzedaży", "Datum vystavení", "日付", "売上日", "Дата"),
        ),
        hint="The day of the sale; a time beside it is kept.",
    ),
    Field(
        name="document",
        label="Document",
        parse=parse_line,
        aliases=(
            *("invoice", "invoice no", "invoice number", "invoice #", "invoiceno", "order no"),
            *("order number", "document no", "document number", "receipt", "transaction id"),
            *(
                "Rechnungsnr.",
                "Rechnungsnummer",
                "Rechnung",
                "Belegnummer",
                "Beleg",
                "N° facture",
            ),
            *(
                "Numéro facture",
                "Facture",
                "No facture",
                "Factuurnummer",
                "Factura",
                "N° factura",
            ),
            *("Fattura", "Numero fattura", "Numer faktury", "Nr faktury", "číslo dokladu"),
            *("číslo faktury", "伝票番号", "Счёт", "Номер"),
        ),
        hint="The number of the invoice or the order.",
    ),
    Field(
        name="line",
        label="Line",
        parse=parse_line,
        aliases=("line no", "line number", "position", "Pos", "Pos.", "ligne", "item no"),
        hint="The number of the line within its document, if the file has one.",
    ),
    Field(
        name="product",
        label="Product",
        parse=code(parse_code),
        parse_own=own_code(parse_code),
        aliases=(
            *("sku", "stock code", "stockcode", "product code", "item code", "item number"),
            *("article", "article number", "part number", "material", "Artikelnummer"),
            *("Artikelnr.", "Artikel-Nr.", "Artikel", "Référence", "Réf.", "Code article"),
            *("Artikelcode", "Referencia", "Código", "Codice articolo", "Codice", "Indeks"),
            *("Kod towaru", "Kód zboží", "商品コード", "Артикул"),
        ),
        hint="The code by which the source calls it.",
    ),
    Field(
        name="name",
        label="Description",
        parse=parse_line,
        aliases=(
            *("product name", "item", "item name", "item description", "product description"),
            *("Bezeichnung", "Beschreibung", "Artikelbezeichnung", "Désignation", "Libellé"),
            *("Omschrijving", "Descripción", "Descrizione", "Nazwa", "Nazwa towaru", "Název"),
            *("商品名", "Название", "Наименование"),
        ),
    ),
    Field(
        name="quantity",
        label="Quantity",
        parse=parse_quantity,
        type=Numeric(14, 3),
        is_number=True,
        is_summed=True,
        aliases=(
            *(
                "qty",
                "units",
                "pieces",
                "pcs",
                "quantity sold",
                "units sold",
                "Menge",
                "Anzahl",
            ),
            *(
                "Stück",
                "Stückzahl",
                "Quantité",
                "Qté",
                "Aantal",
                "Cantidad",
                "Quantità",
                "Ilość",
            ),
            *("Množství", "数量", "Количество"),
        ),
        hint="Below zero for what came back.",
    ),
    Field(
        name="unit_price",
        label="Unit price",
        parse=parse_amount,
        type=Money,
        is_number=True,
        is_money=True,
        aliases=(
            *("price", "unitprice", "net price", "selling price", "price per unit"),
            *("Einzelpreis", "Preis", "Stückpreis", "Prix unitaire", "Prix", "PU", "P.U."),
            *("Stukprijs", "Prijs", "Precio", "Precio unitario", "Prezzo", "Prezzo unitario"),
            *("Cena", "Cena jednostkowa", "Jednotková cena", "単価", "Цена"),
            *(
                "Einzelpreis (€)",
                "Prix unitaire (€)",
                "Preis (€)",
                "price (€)",
                "unit price (€)",
            ),
            *("unit price ($)", "price ($)", "price (£)", "unit price (£)"),
        ),
        hint="Without tax. Where only the amount is known, it follows from that.",
    ),
    Field(
        name="amount",
        label="Amount",
        parse=parse_amount,
        type=Money,
        is_number=True,
        is_money=True,
        is_summed=True,
        aliases=(
            *("ext. amount", "extended amount", "line total", "line amount", "net amount"),
            *("revenue", "sales", "total", "turnover", "Betrag", "Gesamtpreis", "Umsatz"),
            *(
                "Nettobetrag",
                "Montant",
                "Montant HT",
                "Total HT",
                "Bedrag",
                "Importe",
                "Importo",
            ),
            *("Wartość", "Wartość netto", "Částka", "金額", "Сумма"),
        ),
        hint="Of the line, without tax. Where there is none, it is quantity × unit price.",
    ),
    Field(
        name="currency",
        label="Currency",
        parse=parse_currency,
        is_fixable=True,
        aliases=("currency code", "Währung", "Devise", "Valuta", "Moneda", "Waluta", "Měna"),
        hint="Three letters such as EUR; else the sign beside the amounts, or the company's.",
    ),
    Field(
        name="customer",
        label="Customer",
        parse=parse_party,
        aliases=(
            *("customer id", "customerid", "customer #", "customer no", "customer number"),
            *("customer code", "account", "account number", "client", "Kundennr.", "Kunde"),
            *("Kundennummer", "Debitor", "N° client", "Code client", "Klantnummer", "Klant"),
            *("Cliente", "Código cliente", "Codice cliente", "Kod klienta", "Klient"),
            *("Zákazník", "得意先コード", "Клиент"),
        ),
        hint="The code by which the source calls them.",
    ),
    Field(
        name="customer_name",
        label="Customer name",
        parse=parse_line,
        aliases=("client name", "Kundenname", "Nom client", "Klantnaam", "得意先名"),
    ),
    Field(
        name="country",
        label="Country",
        parse=parse_place,
        is_fixable=True,
        aliases=(
            *("country code", "ship country", "shipping country", "billing country", "Land"),
            *("Lieferland", "Pays", "País", "Paese", "Kraj", "Země", "国", "Страна"),
        ),
        hint="Where it went.",
    ),
    Field(
        name="rep",
        label="Sales rep",
        parse=parse_line,
        is_fixable=True,
        aliases=(
            *("rep", "salesperson", "sales person", "account manager", "agent", "Vertreter"),
            *("Verkäufer", "Commercial", "Vendeur", "Verkoper", "Vendedor", "Agente", "担当者"),
        ),
        hint="Without one, the sales rep of the customer.",
    ),
    Field(
        name="source",
        label="Source",
        parse=parse_line,
        is_fixable=True,
        aliases=("shop", "store", "branch", "subsidiary", "Filiale", "Magasin", "店舗"),
        hint="Who sends the file, as in Shop Berlin. Each line of one source counts once.",
    ),
)
