"""Tables whose rows are only ever added: triggers refuse to change or delete them (process.md, 3.6).

Installed after every migrate, because SQLite rebuilds a table when a column is altered and drops its triggers silently.
"""

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

TABLES = (
    "accounts_confirmation",
    "reviews_vote",
    "reviews_meetingnotice",
    "reviews_minutesversion",
    "reviews_stance",
    "reviews_signature",
    "reviews_refusal",
    "reviews_release",
    "reviews_incidentclass",
    "reviews_incidententry",
    "reviews_incidentfile",
    "reviews_incidentfiling",
    "reviews_policy",
    "reviews_determination",
    "reviews_procedurechange",
    "reviews_lettertemplate",
    "reviews_triageruleset",
    "reviews_revision",
    "reviews_questionnaireversion",
    "reviews_questionnairemark",
    "reviews_disclosure",
    "reviews_disclosedinterest",
    "reviews_nothingtodeclare",
    "reviews_reckoning",
)
_FUNCTION = """
CREATE OR REPLACE FUNCTION reviews_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are only added: % is refused.', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$"""


def install(database: BaseDatabaseWrapper) -> None:
    """Bring the triggers of the database to what they should be; needs the owner's login on PostgreSQL."""
    present = set(database.introspection.table_names())
    with database.cursor() as cursor:
        for table in TABLES:
            if table in present:
                _guard(cursor, table, database.vendor)


def _guard(cursor: CursorWrapper, table: str, vendor: str) -> None:
    if vendor == "postgresql":
        cursor.execute(_FUNCTION)
        cursor.execute(f'DROP TRIGGER IF EXISTS {table}_append_only ON "{table}"')
        cursor.execute(
            f'CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "{table}" '
            "FOR EACH STATEMENT EXECUTE FUNCTION reviews_refuse()"
        )
        cursor.execute(f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER {table}_append_only')
        return
    for act, condition in (
        ("UPDATE", ""),
        ("DELETE", ""),
        ("INSERT", f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"),  # noqa: S608 (a constant)
    ):
        name = f"{table}_no_{act.lower() if act != 'INSERT' else 'replace'}"
        cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        cursor.execute(
            f"CREATE TRIGGER {name} BEFORE {act} ON {table} {condition} "
            f"BEGIN SELECT RAISE(ABORT, 'Rows of {table} are only added.'); END"
        )
