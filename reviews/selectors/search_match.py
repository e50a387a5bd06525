"""Entries of the search that have all the words, as a condition of either database."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, F, Func
from django.db.models.expressions import Col
from django.db.models.sql.compiler import SQLCompiler

from reviews.models.search_index import DOCUMENT, OWN_DOCUMENTS, PARTS, SECTIONS, WORDS
from reviews.rules.search_words import Word, is_unparted, plain

ALL = frozenset(SECTIONS)
SHORTEST_PART = 3
"""Shorter parts of words are not looked for: trigrams don't find them."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: words that must all be found, and the query as a part of the title ("" if too short)."""

    words: tuple[Word, ...]
    part: str = ""

    @classmethod
    def of(cls, query: str, words: tuple[Word, ...]) -> "Sought":
        """Return what the query asks for; a part is looked for only where blanks part words."""
        whole = plain(query[:100]).replace("\0", "").encode(errors="ignore").decode()
        part = " ".join(whole.split())
        return cls(words, "" if is_unparted(part) or len(part) < SHORTEST_PART else part)


class Found(Func):
    """True for an entry that has the words in these sections; to be used in `SearchEntry.objects.filter()`."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, sought: Sought, sections: Collection[str] = ALL, place: Any = None) -> None:  # noqa: ANN401
        super().__init__(place or F("pk"))
        self.sought, self.sections = sought, [name for name in SECTIONS if name in sections]

    def as_postgresql(
        self, compiler: SQLCompiler, _connection: BaseDatabaseWrapper, **_given: object
    ) -> tuple[str, list[str]]:
        """Ask the document and the trigrams of the title."""
        table = compiler.quote_name_unless_alias(self._column.alias)
        asked, given = _tsquery(self.sought.words, self._weights)
        sql = f"{table}.{self._document} @@ ({asked})"
        if self._part:
            sql, given = f"({sql} OR {table}.title LIKE %s)", [*given, f"%{_escaped(self._part)}%"]
        return sql, given

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_given: object
    ) -> tuple[str, tuple[str | int, ...]]:
        """Ask the tables of FTS5."""
        table = compiler.quote_name_unless_alias(self._column.alias)
        row = f"{table}.{connection.ops.quote_name(str(self._column.target.column))}"
        sql = f"{row} IN (SELECT rowid FROM {WORDS} WHERE {WORDS} MATCH %s)"  # noqa: S608 (constants)
        given: tuple[str | int, ...] = (_match(self.sought.words, self.sections),)
        if self._part:
            parts = f"{row} IN (SELECT rowid FROM {PARTS} WHERE {PARTS} MATCH %s)"  # noqa: S608 (constants)
            sql, given = f"({sql} OR {parts})", (*given, '"' + self._part.replace('"', '""') + '"')
        return sql, given

    @property
    def _document(self) -> str:
        return OWN_DOCUMENTS.get(self.sections[0], DOCUMENT) if len(self.sections) == 1 else DOCUMENT

    @property
    def _weights(self) -> str:
        """Return the weights that are asked for; none where all are, because with weights every hit is read again."""
        if self._document != DOCUMENT or len(self.sections) == len(SECTIONS):
            return ""
        return "".join(SECTIONS[name] for name in self.sections)

    @property
    def _part(self) -> str:
        return self.sought.part if "about" in self.sections else ""

    @property
    def _column(self) -> Col:
        column = self.get_source_expressions()[0]
        assert isinstance(column, Col)
        return column


def _tsquery(words: Sequence[Word], weights: str) -> tuple[str, list[str]]:
    """Return PostgreSQL's query: each word as it is or as a beginning, or by its English stem."""
    parts, given = [], []
    for word in words:
        quoted = "'" + word.text.replace("'", "''").replace("\\", "\\\\") + "'"
        part = "to_tsquery('simple', %s)"
        given.append(f"{quoted}:{'*' if word.is_start else ''}{weights}")
        if word.is_start and not word.is_pair:
            part = f"({part} || to_tsquery('english', %s))"
            given.append(f"{quoted}:{weights}")
        parts.append(part)
    return " && ".join(parts), given


def _match(words: Sequence[Word], sections: Sequence[str]) -> str:
    """Return FTS5's query; its tokenizer finds English stems by itself."""
    parts = [f'"{word.text}"{"*" if word.is_start else ""}' for word in words]
    return f"{{{' '.join(sections)}}} : ({' AND '.join(parts)})"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def alike(words: Sequence[str], most: int) -> list[int]:
    """Return the requests whose titles have most of the words, whoever may see them; rare words count for more."""
    if not words:
        return []
    asked = sorted(words, key=len, reverse=True)[:MOST_ALIKE]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_ALIKE, [[f"'{word}'" for word in asked], COMMON, most])
        else:
            match = "{about} : (" + " OR ".join(f'"{word}"' for word in asked) + ")"
            cursor.execute(_RANKED, [match, most])
        return [key for (key,) in cursor.fetchall()]


MOST_ALIKE = 16
COMMON = 300
"""A word that more titles have counts for some of them only: it says little."""
_RANKED = f"SELECT rowid FROM {WORDS} WHERE {WORDS} MATCH %s ORDER BY rank LIMIT %s"  # noqa: S608 (constants)
_ALIKE = """
SELECT hit.request_id FROM unnest(%s::text[]) AS word CROSS JOIN LATERAL (
    SELECT few.request_id, count(*) OVER () AS often FROM (
        SELECT request_id FROM reviews_searchentry WHERE about_document @@ word::tsquery LIMIT %s
    ) AS few
) AS hit GROUP BY hit.request_id ORDER BY sum(1.0 / hit.often) DESC, hit.request_id DESC LIMIT %s"""
