"""What can go wrong on purpose with Amazon.

Options: `retry_after` of too_many (silent without), `seconds` of slow, `to` of redirect,
`type` of cancelled, fatal, stuck and header_only: reports of this type alone.
"""

from tests.standins.faults import Known

# A request signs in, asks for a page of a list, has a report made or polled, asks where its
# document lies, fetches that, or asks for something else.
USUAL = {
    "too_many": "any",
    "html_503": "any",
    "not_json": "any",
    "truncated": "any",
    "slow": "any",
    "drop": "any",
    "redirect": "any",
    "bad_token": "any",
    "no_right": "any",
    "quota": "page",
    "no_envelope": "page",
    "empty": "page",
    "same_token": "page",
    "bad_record": "page",
    "invalid_grant": "sign_in",
    "invalid_client": "sign_in",
    "cancelled": "poll",
    "fatal": "poll",
    "stuck": "poll",
    "expired": "file",
    "cut_gzip": "file",
    "header_only": "file",
    "short_row": "file",
    "no_columns": "file",
}
ANY = {"page", "make", "poll", "document", "object"}
GROUPS = {"any": ANY}
PAGE, FILE, POLL = {"page"}, {"file"}, {"poll"}
ONLY = {
    **dict.fromkeys(("quota", "no_envelope", "empty", "same_token", "bad_record"), PAGE),
    **dict.fromkeys(("cut_gzip", "header_only", "short_row", "no_columns", "expired"), FILE),
    **dict.fromkeys(("cancelled", "fatal", "stuck"), POLL),
}
KNOWN = Known(USUAL, GROUPS, ONLY)
