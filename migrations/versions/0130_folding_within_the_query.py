"""What folds texts and codes is part of the query, and asks nothing of plain ASCII.

PostgreSQL puts an SQL function into the query that calls it, but not one that is STRICT and has
a CASE, nor an immutable one that calls what is only stable, as `unaccent` is: each call then
costs ten times the work. What they give is the same as before, so every index stays as it is.
"""

from alembic import op

revision = "0130"
down_revision = "0097"
branch_labels = None
depends_on = None

# The letters that `app.core.codes` names: not drawn, and blanks.
NORMAL_CODE = r"""
CREATE OR REPLACE FUNCTION normal_code(text) RETURNS text
    LANGUAGE sql IMMUTABLE {strict} PARALLEL SAFE AS
$$ SELECT CASE WHEN $1 ~ '^[!-~]*$' THEN lower($1) ELSE
    lower(normalize(btrim(regexp_replace(regexp_replace($1,
        '[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e'
        '\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3'
        '\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+', '', 'g'),
        '[\u0009-\u000d\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f'
        '\u3000]+', ' ', 'g'), ' '), NFC)) END $$;
"""
BARCODE_KEY = r"""
CREATE OR REPLACE FUNCTION barcode_key(text) RETURNS text
    LANGUAGE sql IMMUTABLE {strict} PARALLEL SAFE AS
$$ SELECT CASE WHEN $1 ~ '^([0-9]{{8}}|[0-9]{{12,14}})$' THEN lpad($1, 14, '0')
    WHEN public.normal_code($1) ~ '^([0-9]{{8}}|[0-9]{{12,14}})$'
        THEN lpad(public.normal_code($1), 14, '0')
    ELSE public.normal_code($1) END $$;
"""
CODE_KEY = r"""
CREATE OR REPLACE FUNCTION code_key(text) RETURNS text
    LANGUAGE sql IMMUTABLE {strict} PARALLEL SAFE AS
$$ SELECT regexp_replace(public.search_text($1), '[[:space:]\-_./]+', '', 'g') $$;
"""
# A text of as many bytes as letters is ASCII, in which there is no accent.
SEARCH_TEXT = r"""
CREATE FUNCTION unaccented_text(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT lower(public.unaccent('public.unaccent'::regdictionary,
    translate($1, U&'\00a0\2007\202f\3000', '    '))) $$;

CREATE OR REPLACE FUNCTION search_text(text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN octet_length($1) = length($1) THEN lower($1)
    ELSE public.unaccented_text($1) END $$;
"""
OLD_SEARCH_TEXT = r"""
CREATE OR REPLACE FUNCTION search_text(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT lower(public.unaccent('public.unaccent'::regdictionary,
    translate($1, U&'\00a0\2007\202f\3000', '    '))) $$;
"""


def upgrade() -> None:
    op.execute(SEARCH_TEXT)
    for function in (CODE_KEY, NORMAL_CODE, BARCODE_KEY):
        op.execute(function.format(strict=""))


def downgrade() -> None:
    op.execute(OLD_SEARCH_TEXT)
    for function in (CODE_KEY, NORMAL_CODE, BARCODE_KEY):
        op.execute(function.format(strict="STRICT"))
    op.execute("DROP FUNCTION unaccented_text")
