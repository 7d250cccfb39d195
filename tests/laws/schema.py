"""What a database is made of, by name: columns, constraints, indexes, triggers, sequences."""

from sqlalchemy import Connection, text

# Each gives names and definitions as PostgreSQL itself writes them. The parts of a table that
# is parted by months are made as months come, and are as their table is.
PARTS = {
    "column": """
        SELECT c.relname || '.' || a.attname, concat_ws(' ',
            format_type(a.atttypid, a.atttypmod),
            CASE WHEN a.attnotnull THEN 'NOT NULL' END,
            'identity ' || nullif(a.attidentity::text, ''),
            'generated ' || nullif(a.attgenerated::text, ''),
            'AS ' || pg_get_expr(d.adbin, d.adrelid),
            'COLLATE ' || (SELECT collname FROM pg_collation WHERE oid = a.attcollation))
        FROM pg_attribute a
        JOIN pg_class c
            ON c.oid = a.attrelid AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE a.attnum > 0 AND NOT a.attisdropped""",
    "constraint": """
        SELECT c.relname || '.' || k.conname, pg_get_constraintdef(k.oid)
        FROM pg_constraint k
        JOIN pg_class c ON c.oid = k.conrelid AND NOT c.relispartition
        JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
        WHERE k.contype <> 'n'""",
    "index": """
        SELECT x.relname, concat_ws(' ', pg_get_indexdef(i.indexrelid),
            CASE WHEN NOT i.indisvalid THEN 'INVALID' END)
        FROM pg_index i
        JOIN pg_class x ON x.oid = i.indexrelid
        JOIN pg_class c ON c.oid = i.indrelid AND NOT c.relispartition
        JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'""",
    "trigger": """
        SELECT c.relname || '.' || t.tgname, pg_get_triggerdef(t.oid)
        FROM pg_trigger t
        JOIN pg_class c ON c.oid = t.tgrelid AND NOT c.relispartition
        JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
        WHERE NOT t.tgisinternal""",
    "sequence": """
        SELECT c.relname, format_type(s.seqtypid, NULL)
        FROM pg_sequence s
        JOIN pg_class c ON c.oid = s.seqrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
        WHERE NOT EXISTS (  -- those of identity columns come with their column
            SELECT 1 FROM pg_depend WHERE objid = c.oid AND deptype = 'i')""",
}  # fmt: skip

# Our own functions: those of extensions come with them.
FUNCTIONS = """
    SELECT pg_get_functiondef(p.oid) FROM pg_proc p
    JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = 'public' AND NOT EXISTS (
        SELECT 1 FROM pg_depend WHERE objid = p.oid AND deptype = 'e')
    ORDER BY p.oid"""
EXTENSIONS = "SELECT extname FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY oid"


def definitions(connection: Connection) -> dict[str, str]:
    """Give everything a database is made of: `kind name` to its definition."""
    return {
        f"{kind} {name}": definition
        for kind, query in PARTS.items()
        for name, definition in connection.execute(text(query))
        if not name.startswith("alembic_version")
    }


def copy_functions(source: Connection, target: Connection) -> None:
    """Give a new database the SQL functions that generated columns call."""
    for extension in source.scalars(text(EXTENSIONS)):
        target.execute(text(f"CREATE EXTENSION IF NOT EXISTS {extension}"))
    target.execute(text("SELECT show_limit()"))  # loads pg_trgm: functions know its settings
    # One that was replaced is older than those that it calls now.
    target.execute(text("SET check_function_bodies = off"))
    for function in source.scalars(text(FUNCTIONS)):
        target.exec_driver_sql(function.replace("%", "%%"))


def differences(ours: dict[str, str], theirs: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Give what is not the same on both sides, with what each side says."""
    return {
        name: (ours.get(name, "missing"), theirs.get(name, "missing"))
        for name in sorted({*ours, *theirs})
        if ours.get(name) != theirs.get(name)
    }
