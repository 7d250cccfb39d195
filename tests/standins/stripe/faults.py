"""What can go wrong on purpose with Stripe.

Options: `retry_after` of too_many (silent without), `seconds` of slow, `record` of bad_record,
`to` of redirect.
"""

from tests.standins.faults import Known

# A request is a page of a list, or an object.
USUAL = {
    "too_many": "any",
    "html_503": "any",
    "not_json": "any",
    "truncated": "any",
    "slow": "any",
    "drop": "any",
    "redirect": "any",
    "bad_key": "any",
    "no_right": "any",
    "duplicate_page": "page",
    "empty": "page",
    "no_envelope": "page",
    "bad_record": "page",
    "gone": "object",
}
GROUPS = {"any": {"page", "object"}}
ONLY = {
    "duplicate_page": {"page"},
    "empty": {"page"},
    "no_envelope": {"page"},
    "bad_record": {"page"},
    "gone": {"object"},
}
KNOWN = Known(USUAL, GROUPS, ONLY)
