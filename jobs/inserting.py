"""Rows made by the database from other rows, without passing through this process."""

from collections.abc import Mapping

from django.db import connection
from django.db.models import Field, Model, QuerySet
from django.db.models.expressions import Combinable


def insert_select(into: type[Model], rows: QuerySet[Model], values: Mapping[str, str | Combinable]) -> int:
    """INSERT … SELECT … ON CONFLICT DO NOTHING: add a row for each of `rows`; returns how many were added.

    `values` gives, for each field of `into`, a field of `rows` or an expression over it. A row that a unique
    constraint forbids is left out, also when another transaction adds it at the same time. `rows` needs a filter:
    SQLite can't read ON CONFLICT after a SELECT without WHERE.
    """
    quote = connection.ops.quote_name
    fields = [into._meta.get_field(name) for name in values]
    columns = ", ".join(quote(str(field.column)) for field in fields if isinstance(field, Field))
    select, params = rows.values_list(*values.values()).query.sql_with_params()
    statement = f"INSERT INTO {quote(into._meta.db_table)} ({columns}) {select} ON CONFLICT DO NOTHING"
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return int(cursor.rowcount)
