"""The currencies that money is kept in: the active codes of ISO 4217."""

from decimal import ROUND_HALF_UP, Decimal

CODES = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD
CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS
GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW
KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR
MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR
SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX
USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
CURRENCIES = frozenset(CODES.split())

# ISO 4217 gives them no minor unit, or one of a thousandth; all others have hundredths.
WHOLE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
THOUSANDTHS = "BHD IQD JOD KWD LYD OMR TND"
_DIGITS = dict.fromkeys(WHOLE.split(), 0) | dict.fromkeys(THOUSANDTHS.split(), 3)
_SMALLEST = {digits: Decimal(1).scaleb(-digits) for digits in (0, 2, 3)}


def digits_of(currency: str) -> int:
    """Tell how many decimals amounts in a currency have."""
    return _DIGITS.get(currency, 2)


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Round half up, away from zero, to the digits of a currency."""
    return amount.quantize(_SMALLEST[digits_of(currency)], rounding=ROUND_HALF_UP)


def parse_currency(text: str) -> str:
    """Read a currency by its three letters."""
    code = text.strip().upper()
    if code not in CURRENCIES:
        raise ValueError(
            f"{code or 'Nothing'} is no currency; enter three letters such as EUR."
        )
    return code
