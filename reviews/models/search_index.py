"""The indexes of the search, which Django's migrations don't know: PostgreSQL's full text and trigrams, SQLite's FTS5.

Brought to what they should be after every migrate, because SQLite rebuilds a table when a column is altered and drops
its triggers silently. On PostgreSQL this takes the owner's login, and the right to create in the database for the
extension pg_trgm, which is trusted: no superuser is needed.
"""

from collections.abc import Iterable

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "reviews_searchentry"
WORDS, PARTS = "reviews_search_words", "reviews_search_parts"
SECTIONS = {"about": "A", "decisions": "B", "answers": "C"}
"""Sections of an entry, with their weights in the document of PostgreSQL."""

DOCUMENT = "document"
OWN_DOCUMENTS = {"about": "about_document", "decisions": "decisions_document"}
"""Short sections also have documents of their own: an index doesn't know weights, and would read every long text."""


def _document(sections: Iterable[str]) -> str:
    return " || ".join(
        f"setweight(to_tsvector('{language}'::regconfig, {section}), '{SECTIONS[section]}')"
        for section in sections
        for language in ("simple", "english")
    )


_ADD_DOCUMENT = (
    f"ALTER TABLE {TABLE} ADD COLUMN IF NOT EXISTS {{name}} tsvector GENERATED ALWAYS AS ({{words}}) STORED"
)
_DOCUMENTS = {DOCUMENT: SECTIONS, **{document: (section,) for section, document in OWN_DOCUMENTS.items()}}
_POSTGRESQL = (
    *(
        statement
        for name, sections in _DOCUMENTS.items()
        for statement in (
            _ADD_DOCUMENT.format(name=name, words=_document(sections)),
            f"CREATE INDEX IF NOT EXISTS search_{name} ON {TABLE} USING gin ({name})",
        )
    ),
    f"CREATE INDEX IF NOT EXISTS search_title ON {TABLE} USING gin (title gin_trgm_ops)",
)
_COLUMNS = ", ".join(SECTIONS)
_NEW, _OLD = (", ".join(f"{row}.{section}" for section in SECTIONS) for row in ("NEW", "OLD"))
_ADD = (
    f"INSERT INTO {WORDS}(rowid, {_COLUMNS}) VALUES (NEW.request_id, {_NEW}); "  # noqa: S608 (constants)
    f"INSERT INTO {PARTS}(rowid, title) VALUES (NEW.request_id, NEW.title); "
)
_TAKE = (
    f"INSERT INTO {WORDS}({WORDS}, rowid, {_COLUMNS}) VALUES ('delete', OLD.request_id, {_OLD}); "  # noqa: S608
    f"INSERT INTO {PARTS}({PARTS}, rowid, title) VALUES ('delete', OLD.request_id, OLD.title); "
)
_KEPT = f"content='{TABLE}', content_rowid='request_id'"
_SQLITE = (
    f"CREATE VIRTUAL TABLE IF NOT EXISTS {WORDS} USING fts5({_COLUMNS}, {_KEPT}, tokenize='porter unicode61')",
    f"CREATE VIRTUAL TABLE IF NOT EXISTS {PARTS} USING fts5(title, {_KEPT}, tokenize='trigram')",
    *(
        statement
        for act, body in (("INSERT", _ADD), ("DELETE", _TAKE), ("UPDATE", _TAKE + _ADD))
        for statement in (
            f"DROP TRIGGER IF EXISTS search_{act.lower()}",
            f"CREATE TRIGGER search_{act.lower()} AFTER {act} ON {TABLE} BEGIN {body}END",
        )
    ),
)


def install(database: BaseDatabaseWrapper) -> None:
    """Bring the indexes of the database to what they should be."""
    if TABLE not in database.introspection.table_names():
        return
    with database.cursor() as cursor:
        if database.vendor == "postgresql":
            cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
            if cursor.fetchone() is None:
                cursor.execute("CREATE EXTENSION pg_trgm")
        for statement in _POSTGRESQL if database.vendor == "postgresql" else _SQLITE:
            cursor.execute(statement)
