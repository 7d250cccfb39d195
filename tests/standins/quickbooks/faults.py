"""What can go wrong on purpose with QuickBooks.

Options: `retry_after` of too_many (silent without), `seconds` of slow and refresh_race,
`record` of bad_record, `by` of count_off.
"""

from tests.standins.faults import Known

# The requests that a fault means unless told otherwise. A request is of one of the kinds
# page, count, cdc, token, revoke, object; "query" is page or count, "api" all of the API.
# A revocation is met only by a fault that means just that.
USUAL = {
    "too_many": "api",
    "html_503": "api",
    "truncated": "api",
    "slow": "api",
    "expired": "api",
    "invalid_grant": "token",
    "token_500": "token",
    "rotate": "any",
    "duplicate_page": "page",
    "empty": "page",
    "not_json": "api",
    "no_envelope": "api",
    "bad_record": "page",
    "count_off": "count",
    "cdc_truncated": "cdc",
    "drop": "api",
    "refresh_race": "token",
}
GROUPS = {
    "any": {"page", "count", "cdc", "token", "object"},
    "api": {"page", "count", "cdc", "object"},
    "query": {"page", "count"},
}
# These make sense for one kind only, even if matched with more.
ONLY = {
    "duplicate_page": {"page"},
    "empty": {"page"},
    "bad_record": {"page", "cdc"},
    "cdc_truncated": {"cdc"},
    "count_off": {"count"},
    "invalid_grant": {"token"},
    "token_500": {"token"},
    "refresh_race": {"token"},
}
KNOWN = Known(USUAL, GROUPS, ONLY)
