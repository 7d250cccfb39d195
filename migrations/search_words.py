"""What searching knows of words: how it learns them, and how it looks by them.

A letter that stands in a row stands in one of its words: a maximal run of what is neither a
digit nor a usual sign. Of these there are some ten thousand however many rows there are, so
a part of a word is looked for among them. What is in none of them is in no row, and needs no
look; what is in some is at once in the rows that they name, and else looked for by the whole
word, whose trigrams are few rows' alone.
"""

import re
from string import Template

from migrations.search_function import FUNCTION

# What parts words; a text is held against each of them in turn, the most frequent first. Others
# count as letters.
SIGNS = "0123456789-.,/()'\"&+%#_:;*@!?\\\n\r\t "
NAMED = 64  # rows that a word names at most, more than a search gives as a rule
LONGEST, STEP = 60, 30  # letters of a word that is kept, and where the next piece of it begins

# Words as blanks and digits part them are counted first, of which there are few: other signs
# are looked for in each of these once.
# A statement that brings more rows with a word than it names so far adds some of them. Whoever
# writes at the same time may enter the same word: nobody waits, and twice does no harm.
LEARN = Template(r"""
INSERT INTO search_word (source, word, hints)
SELECT $source, piece, (array_agg(hint))[1:$named]
FROM (
    SELECT substr(word, place, $longest) AS piece, hints, number
    FROM (
        SELECT word, array_agg(hint) AS hints, sum(number) AS number
        FROM (
            SELECT word, min(hint) AS hint, sum(number) AS number
            FROM (
                SELECT part, min(id) AS hint, count(*) AS number
                FROM (
                    SELECT id, string_to_table(
                        translate($body, '0123456789', '          '), ' ') AS part
                    FROM $rows
                ) AS each WHERE part <> ''
                GROUP BY part, id % $named
            ) AS parted,
            LATERAL string_to_table(translate(part, $signs, repeat(' ', $count)), ' ') AS word
            WHERE word <> '' GROUP BY word, hint % $named
        ) AS counted GROUP BY word
    ) AS told,
    LATERAL generate_series(1, greatest(char_length(word) - $step, 1), $step) AS place
) AS learned, LATERAL unnest(hints) AS hint
WHERE least(number, $named) > (
    SELECT coalesce(sum(cardinality(known.hints)), 0) FROM search_word AS known
    WHERE known.source = $source AND known.word = piece)
GROUP BY piece
""")


def quoted(text: str) -> str:
    """Write a text for SQL."""
    return "E'" + "".join(f"\\x{ord(letter):02x}" for letter in text) + "'"


def learning(source: str, body: str, rows: str) -> str:
    """Write the statement that learns the words of rows."""
    sizes = {"named": NAMED, "longest": LONGEST, "step": STEP, "count": len(SIGNS)}
    return LEARN.substitute(source=source, body=body, rows=rows, signs=quoted(SIGNS), **sizes)


def _plpgsql(name: str, body: str) -> str:
    return f"""CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS
$fn$ BEGIN
    {body}
    RETURN NULL;
END $fn$"""


def triggers(table: str, column: str) -> list[str]:
    """Write what learns the words of a column: of all rows that come, of each that changes."""
    source, name = f"{table}.{column}", f"learn_{table}_{column}"
    fresh = learning(f"'{source}'", column, "fresh") + ";"
    changed = learning(f"'{source}'", f"NEW.{column}", "(SELECT NEW.id) AS changed (id)") + ";"
    on_all = f"""CREATE OR REPLACE TRIGGER learn_{column} AFTER INSERT ON {table}
        REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION {name}()"""
    on_each = f"""CREATE OR REPLACE TRIGGER learn_{column}_anew AFTER UPDATE ON {table} FOR EACH ROW
        WHEN (OLD.{column} IS DISTINCT FROM NEW.{column}) EXECUTE FUNCTION {name}_anew()"""
    return [_plpgsql(name, fresh), on_all, _plpgsql(f"{name}_anew", changed), on_each]


DECLARED = "    one text; two text; three text; rest text[];\n"
MORE_DECLARED = """    signs text := $signs;
    blanks text := repeat(' ', $count);
    letters text; begins boolean; whole text; wholes text[]; named bigint[];
"""
BEGIN, END = "    anywhere := CASE", "    RETURN QUERY"
STAGES = Template(r"""    anywhere := CASE WHEN words[1] ~ usable THEN words
        WHEN plain ~ usable THEN ARRAY[plain]
        WHEN char_length(plain) = 2 AND translate(plain, signs, blanks) = plain THEN words END;
    FOR stage IN 1..3 LOOP
        EXIT WHEN cardinality(hits) >= most;
        before := CASE stage WHEN 1 THEN '% ' ELSE '%' END;
        parts := CASE
            WHEN stage = 1 AND wanted ~ '[[:alnum:]]' THEN words
            WHEN stage = 2 AND (plain ~ usable OR cardinality(hits) = 0) THEN anywhere
            WHEN stage = 3 AND code <> wanted AND code ~ '[[:alnum:]]{3}'
                THEN ARRAY[regexp_replace(code, '([\\%_])', '\\\1', 'g')] END;
        CONTINUE WHEN parts IS NULL;
        -- Letters that are in no word are in no row.
        CONTINUE WHEN EXISTS (
            SELECT FROM unnest(parts) AS part,
                LATERAL string_to_table(translate(part, signs, blanks), ' ') AS run
            WHERE char_length(run) BETWEEN 1 AND $step AND CASE
                WHEN stage = 1 AND starts_with(part, run) THEN NOT EXISTS (
                    SELECT FROM search_word
                    WHERE source = '$source' AND word ~>=~ run AND word ~<~ (run || beyond))
                WHEN char_length(run) > 2 THEN NOT EXISTS (
                    SELECT FROM search_word
                    WHERE source = '$source' AND word LIKE '%' || run || '%')
                ELSE false END);
        one := before || parts[1] || '%';
        two := coalesce(before || parts[2] || '%', '%');
        three := coalesce(before || parts[3] || '%', '%');
        rest := ARRAY(SELECT before || part || '%' FROM unnest(parts[4:]) AS part);
        hits := hits || ARRAY(
            SELECT id FROM (
                SELECT id, $text AS body FROM $table
                ORDER BY id LIMIT CASE cardinality(parts) WHEN 1 THEN 500 ELSE 3000 END) AS oldest
            WHERE body LIKE one AND body LIKE two AND body LIKE three AND body LIKE ALL (rest)
            AND id <> ALL (hits) LIMIT most - cardinality(hits));
        EXIT WHEN cardinality(hits) >= most;

        -- The words that the most letters in a row stand in, and the rows that they name.
        SELECT run, starts_with(part, run) INTO letters, begins
        FROM unnest(parts) AS part,
            LATERAL string_to_table(translate(part, signs, blanks), ' ') AS run
        WHERE char_length(run) BETWEEN 1 AND $step
        ORDER BY char_length(run) DESC LIMIT 1;
        wholes := NULL;
        IF letters IS NOT NULL THEN
            IF stage = 1 AND begins THEN
                SELECT array_agg(DISTINCT word), array_agg(DISTINCT hint) INTO wholes, named
                FROM (
                    SELECT word, hints FROM search_word
                    WHERE source = '$source'
                    AND word ~>=~ letters AND word ~<~ (letters || beyond)
                    ORDER BY word USING ~<~ LIMIT 50
                ) AS begun, unnest(hints) AS hint;
            ELSIF char_length(letters) > 2 THEN
                SELECT array_agg(DISTINCT word), array_agg(DISTINCT hint) INTO wholes, named
                FROM (
                    SELECT word, hints FROM search_word
                    WHERE source = '$source' AND word LIKE '%' || letters || '%' LIMIT 50
                ) AS holding, unnest(hints) AS hint;
            ELSE  -- too short for a trigram: word by word, until there are some
                SELECT array_agg(DISTINCT word), array_agg(DISTINCT hint) INTO wholes, named
                FROM (
                    SELECT word, hints FROM search_word
                    WHERE source = '$source' AND word ~>=~ '' AND strpos(word, letters) > 0
                    ORDER BY word USING ~<~ LIMIT 50
                ) AS holding, unnest(hints) AS hint;
            END IF;
            hits := hits || ARRAY(
                SELECT id FROM unnest(named) AS hint,
                    LATERAL (SELECT id, $text AS body FROM $table WHERE id = hint OFFSET 0) AS known
                WHERE body LIKE one AND body LIKE two AND body LIKE three
                AND body LIKE ALL (rest)
                AND id <> ALL (hits) LIMIT most - cardinality(hits));
        END IF;
        EXIT WHEN cardinality(hits) >= most;
        CONTINUE WHEN stage = 2 AND plain !~ usable;
        IF wholes IS NULL OR cardinality(wholes) > 8 THEN
            wholes := ARRAY[''];
        END IF;
        FOREACH whole IN ARRAY wholes LOOP
            EXIT WHEN cardinality(hits) >= most;
            whole := '%' || whole || '%';
            hits := hits || ARRAY(
                SELECT id FROM $table
                WHERE $text LIKE one AND $text LIKE two AND $text LIKE three
                AND $text LIKE ALL (rest) AND $text LIKE whole
                AND id <> ALL (hits) LIMIT most - cardinality(hits));
        END LOOP;
    END LOOP;
$inside    IF cardinality(hits) = 0 AND char_length(wanted) <= 40 AND wanted ~ '[[:alnum:]]{4}' THEN
        -- Words that are like those that were typed, and the rows that have one for each.
        hits := ARRAY(
            WITH typed_word AS MATERIALIZED (
                SELECT part FROM string_to_table(wanted, ' ') AS part WHERE part <> ''
            ), meant AS MATERIALIZED (
                SELECT part, part AS word, NULL::bigint[] AS hints FROM typed_word
                UNION ALL
                SELECT part, near.word, near.hints FROM typed_word, LATERAL (
                    SELECT word, search_word.hints FROM search_word
                    WHERE source = '$source' AND word % part
                    ORDER BY word <-> part LIMIT 20
                ) AS near
                WHERE char_length(part) BETWEEN 4 AND $step
                AND translate(part, signs, blanks) = part
            )
            SELECT id FROM (SELECT DISTINCT hint FROM meant, unnest(meant.hints) AS hint) AS alike,
                LATERAL (SELECT id, $text AS body FROM $table WHERE id = hint OFFSET 0) AS known
            WHERE NOT EXISTS (
                SELECT FROM typed_word WHERE NOT EXISTS (
                    SELECT FROM meant
                    WHERE meant.part = typed_word.part AND strpos(body, meant.word) > 0))
            ORDER BY wanted <<-> body, id LIMIT most);
        -- Digits are no words, and other alphabets fold in other ways: whole rows are compared.
        IF cardinality(hits) = 0 AND (wanted ~ '[0-9]' OR octet_length(wanted) > length(wanted)) THEN
            hits := ARRAY(
                SELECT id FROM (
                    SELECT id, $text AS body FROM $table WHERE wanted <% $text LIMIT most
                ) AS alike ORDER BY wanted <<-> body, id);
        END IF;
    END IF;
""")

# Compiling costs more than any of these plans takes.
SET = " SET \"pg_trgm.similarity_threshold\" TO '0.3'\n SET jit TO 'off'\n"
AS = "AS $function$"
_TABLE = re.compile(r"SELECT id, (\w+) AS body FROM (.+?)\s+ORDER BY id LIMIT")


def by_words(function: str, source: str) -> str:
    """Let a function that `search_function` has made look by words."""
    head, stages, tail = _parted(function)
    text, table, inside = _of(stages)
    size = {"signs": quoted(SIGNS), "count": len(SIGNS), "step": STEP}
    more = Template(MORE_DECLARED).substitute(size)
    head = head.replace(DECLARED, DECLARED + more).replace(AS, SET + AS)
    made = STAGES.substitute(size, source=source, text=text, table=table, inside=inside)
    return head + made + tail


def by_rows(function: str) -> str:
    """Let a function look through rows again."""
    head, stages, tail = _parted(function)
    text, table, inside = _of(stages)
    size = {"signs": quoted(SIGNS), "count": len(SIGNS)}
    head = head.replace(Template(MORE_DECLARED).substitute(size), "")
    before = FUNCTION.safe_substitute(text=text, table=table, inside=inside)
    return head.replace(SET, "") + _parted(before)[1] + tail


def _parted(function: str) -> tuple[str, str, str]:
    """Part a function into what stands before its stages, its stages, and what follows."""
    head, begin, rest = function.partition(BEGIN)
    stages, end, tail = rest.partition(END)
    return head, begin + stages, end + tail


def _of(stages: str) -> tuple[str, str, str]:
    """Read the column, the table and the codes inside out of stages."""
    found = _TABLE.search(stages)
    if found is None:
        raise ValueError("This is no function of search_function.")
    inside = re.search(
        r"(?m)^    END LOOP;\n+((?:.|\n)*?)^    IF cardinality\(hits\) = 0", stages
    )
    return found[1], found[2], inside[1] if inside else ""
