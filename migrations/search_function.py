"""The SQL function that searches one table: several migrations make one of it."""

from string import Template

# `most` ids for what somebody typed, the best first: codes that are equal, codes and names
# that begin with it, texts with words that begin with its words, texts that have its words
# anywhere, and only if that finds nothing, texts that are alike. All words must match.
#
# What bounds the cost at any size: codes and names are ranges of a btree. A word that most
# rows have is hits in the first 500 rows, so the long lists of its trigrams are not read.
# A pattern that holds no whole trigram (see `usable`) would read the entire index, and is
# not tried. Sequential scans are off, since the plan may not depend on who asked first.
FUNCTION = Template(r"""
CREATE FUNCTION $name(term text, most int) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE ROWS 15
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET pg_trgm.word_similarity_threshold = 0.5
AS $$fn$$
#variable_conflict use_variable
DECLARE
    typed text := btrim(term);
    wanted text := search_text(regexp_replace(typed, '\s+', ' ', 'g'));
    code text := code_key(typed);
    plain text := regexp_replace(wanted, '([\\%_])', '\\\1', 'g');
    usable text := '[[:alnum:]]{3}|[^[:alnum:]][[:alnum:]]|[[:alnum:]]{2}[^[:alnum:]]';
    words text[] := ARRAY(
        SELECT word FROM unnest(string_to_array(plain, ' ')) AS word
        ORDER BY word ~ usable DESC, char_length(regexp_replace(word, '\W', '', 'g')) DESC);
    beyond text := chr(1114111);
    anywhere text[];
    hits bigint[] := '{}';
    stage int;
    before text;
    parts text[];
    one text; two text; three text; rest text[];
BEGIN
    $codes
    hits := hits || ARRAY(
        SELECT id FROM $table
        WHERE name_key ~>=~ wanted AND name_key ~<~ (wanted || beyond) AND id <> ALL (hits)
        ORDER BY name_key USING ~<~ LIMIT most - cardinality(hits));

    anywhere := CASE WHEN words[1] ~ usable THEN words
        WHEN plain ~ usable THEN ARRAY[plain] END;
    FOR stage IN 1..3 LOOP
        EXIT WHEN cardinality(hits) >= most;
        before := CASE stage WHEN 1 THEN '% ' ELSE '%' END;
        parts := CASE
            WHEN stage = 1 AND wanted ~ '[[:alnum:]]' THEN words
            WHEN stage = 2 THEN anywhere
            WHEN stage = 3 AND code <> wanted AND code ~ '[[:alnum:]]{3}'
                THEN ARRAY[regexp_replace(code, '([\\%_])', '\\\1', 'g')] END;
        CONTINUE WHEN parts IS NULL;
        one := before || parts[1] || '%';
        two := coalesce(before || parts[2] || '%', '%');
        three := coalesce(before || parts[3] || '%', '%');
        rest := ARRAY(SELECT before || part || '%' FROM unnest(parts[4:]) AS part);
        hits := hits || ARRAY(
            SELECT id FROM (SELECT id, $text AS body FROM $table ORDER BY id LIMIT 500) AS oldest
            WHERE body LIKE one AND body LIKE two AND body LIKE three AND body LIKE ALL (rest)
            AND id <> ALL (hits) LIMIT most - cardinality(hits));
        EXIT WHEN cardinality(hits) >= most;
        hits := hits || ARRAY(
            SELECT id FROM $table
            WHERE $text LIKE one AND $text LIKE two AND $text LIKE three
            AND $text LIKE ALL (rest)
            AND id <> ALL (hits) LIMIT most - cardinality(hits));
    END LOOP;
    $inside
    IF cardinality(hits) = 0 AND char_length(wanted) <= 40 AND wanted ~ '[[:alnum:]]{4}' THEN
        hits := ARRAY(
            SELECT id FROM (
                SELECT id, $text AS body FROM $table WHERE wanted <% $text LIMIT most
            ) AS alike ORDER BY wanted <<-> body, id);
    END IF;
    RETURN QUERY SELECT unnest(hits);
END $$fn$$;
""")

CODE = Template(r"""
    hits := hits || ARRAY(
        SELECT id FROM $table WHERE $key = code ORDER BY id LIMIT most);
    hits := hits || ARRAY(
        SELECT id FROM $table
        WHERE $key ~>=~ code AND $key ~<~ (code || beyond) AND code <> ''
        AND id <> ALL (hits)
        ORDER BY $key USING ~<~ LIMIT most - cardinality(hits));
""")
