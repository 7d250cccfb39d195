"""What can go wrong on purpose with Magento.

Options: `retry_after` of too_many (silent without), `seconds` of slow, `record` of
bad_record, `by` of count_off.
"""

from tests.standins.faults import Known

# The requests that a fault means unless told otherwise. A request is of one of the kinds
# page, object, ship, write, token; "read" is page or object, "api" all but the token.
USUAL = {
    "too_many": "api",
    "html_503": "api",
    "not_json": "api",
    "truncated": "read",
    "slow": "api",
    "drop": "api",
    "expired": "api",
    "gone": "object",
    "duplicate_page": "page",
    "empty": "page",
    "no_envelope": "page",
    "bad_record": "page",
    "count_off": "page",
    "changing": "page",
    "ship_lost": "ship",
    "ship_500": "ship",
    "ship_refused": "ship",
    "token_refused": "token",
}
GROUPS = {
    "any": {"page", "object", "ship", "write", "token"},
    "api": {"page", "object", "ship", "write"},
    "read": {"page", "object"},
}
# These make sense for some kinds only, even if matched with more.
ONLY = {
    "gone": {"object", "ship"},
    "duplicate_page": {"page"},
    "empty": {"page"},
    "no_envelope": {"page"},
    "bad_record": {"page"},
    "count_off": {"page"},
    "changing": {"page"},
    "ship_lost": {"ship"},
    "ship_500": {"ship"},
    "ship_refused": {"ship"},
    "token_refused": {"token"},
}
KNOWN = Known(USUAL, GROUPS, ONLY)
