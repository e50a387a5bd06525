"""The database of production: dumped from one snapshot while others write, and restored in one transaction.

Events know their transaction by its number (`txid`), and numbers mean nothing in another cluster: the guards would
take an event of old for one of a new transaction that has its number. So a restore gives all events the number of its
own transaction, which never comes again, before the guards are there.
"""

import errno
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import IO

from django.db import DatabaseError, connection, transaction
from django.db.backends.postgresql.client import DatabaseClient

from desk.backup import disk
from desk.backup.layout import Log
from desk.backup.refusal import NotPossible
from desk.backup.sqlite import LAST, MIGRATIONS, SIZES
from imprimatur import durable

PROGRAMMES = ("pg_dump", "pg_restore", "psql")
DUMP = ("pg_dump", "--format=custom", "--no-password")
HEAD = 2048  # bytes; the settings of a script stand in them
RESTORE = ("pg_restore", "--no-owner", "--no-privileges", "--no-comments", "--file=-")
_NOT_DUMPED = (
    "The database can't be dumped, so no backup was made: {why} The login must be able to read every table: the owner"
    " of the tables, or one with pg_read_all_data."
)
_OWN_NUMBER = """
SET search_path = public;
ALTER TABLE audit_event ALTER COLUMN txid TYPE xid8 USING pg_current_xact_id();
UPDATE audit_tree SET mark = 0;
"""


def versions() -> str:
    """Return the version of the server."""
    return ".".join(map(str, connection.get_database_version()))


def check_programmes() -> None:
    """Raise NotPossible unless PostgreSQL's programs are there and not older than the server."""
    server = int(connection.get_database_version()[0])
    for name in PROGRAMMES:
        path = shutil.which(name)
        if path is None:
            raise NotPossible(
                f"The program {name} is missing; on Debian it comes with the package postgresql-client-{server}."
            )
        major = _version_of(path)
        if major < server:
            raise NotPossible(
                f"{path} is of version {major} and the server of {server}. Install postgresql-client-{server}, and put"
                " it first in PATH."
            )


@cache
def _version_of(path: str) -> int:
    return int(run([path, "--version"]).stdout.split()[2].split(".")[0])


def dump(target: Path) -> tuple[Log, list[list[str]]]:
    """Write the database as one snapshot sees it; return how far its log is there, and its migrations.

    Holds up nobody who reads or writes, only changes of tables wait. Raises NotPossible and OSError.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = str(cursor.fetchone()[0])
            cursor.execute(SIZES)
            events, size, root = cursor.fetchone()
            cursor.execute(LAST)
            last = cursor.fetchone()
            cursor.execute(MIGRATIONS)
            migrations = [list(row) for row in cursor.fetchall()]
            done = run([*DUMP, f"--snapshot={snapshot}", f"--file={target}"])
    except DatabaseError as fault:
        raise NotPossible(_NOT_DUMPED.format(why=f"{fault}.")) from fault
    if done.returncode and "No space left on device" in done.stderr:
        raise OSError(errno.ENOSPC, "No space left on device", str(target))
    if done.returncode:
        raise NotPossible(_NOT_DUMPED.format(why=_last_words(done.stderr)))
    durable.sync(target)
    return Log(events, size or 0, root or "", last[0] if last else ""), migrations


def why_not_empty() -> str:
    """Say what is in the database already; "" when it is empty."""
    if connection.introspection.table_names():
        name = connection.settings_dict["NAME"]
        return (
            f"The database {name} has tables already. Make an empty one (`createdb --owner=OWNER NAME`) and set"
            " IMPRIMATUR_DATABASE_NAME to it; drop the old one when nobody needs it any more."
        )
    return ""


def restore(source: Path) -> None:
    """Restore into the empty database, all of it or nothing; raises NotPossible."""
    unknown = _unknown_settings(int(connection.get_database_version()[0]))
    connection.close()
    with tempfile.TemporaryFile() as told:
        session = subprocess.Popen(
            ["psql", "--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", "--file=-"],  # noqa: S607
            env=_environment(), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=told,
        )  # fmt: skip
        try:
            why = _feed(session, source, unknown)
        finally:
            with suppress(BrokenPipeError):
                _pipe(session.stdin).close()  # without COMMIT the server forgets everything
            status = session.wait()
        told.seek(0)
        why = _last_words(told.read().decode(errors="replace")) if status else why
    if why:
        raise NotPossible(
            f"The database can't be restored, and is as empty as before: {why} The login must own the database, or have"
            " the right to create in it, and nothing may be in it."
        )


def _unknown_settings(server: int) -> tuple[bytes, ...]:
    """Return lines with which a newer pg_restore begins its output and that the server doesn't know."""
    return (b"SET transaction_timeout = 0;\n",) if server < 17 else ()


def _feed(session: "subprocess.Popen[bytes]", source: Path, unknown: tuple[bytes, ...]) -> str:
    """Give the session the dump, section by section, in one transaction; say what went wrong, or ""."""
    pipe = _pipe(session.stdin)
    try:
        _say(pipe, "BEGIN;")
        for section, then in (("pre-data", ""), ("data", _OWN_NUMBER), ("post-data", "COMMIT;")):
            if why := _section(pipe, [*RESTORE, f"--section={section}", str(source)], unknown):
                return why
            _say(pipe, then)
    except BrokenPipeError:
        pass  # the session has ended, and says why
    return ""


def _section(pipe: IO[bytes], command: Sequence[str], unknown: tuple[bytes, ...]) -> str:
    """Write what the command says into the pipe; say what went wrong, or "". Raises BrokenPipeError."""
    with tempfile.TemporaryFile() as told:
        with subprocess.Popen(  # noqa: S603  (fixed words, and the path of the operator)
            command, env=_environment(), stdout=subprocess.PIPE, stderr=told
        ) as process:
            said = _pipe(process.stdout)
            pipe.write(without(said.read(HEAD), unknown))
            shutil.copyfileobj(said, pipe, disk.CHUNK)
        told.seek(0)
        return _last_words(told.read().decode(errors="replace")) if process.returncode else ""


def without(head: bytes, unknown: tuple[bytes, ...]) -> bytes:
    """Return the beginning of a script without these lines of settings."""
    for line in unknown:
        head = head.replace(b"\n" + line, b"\n", 1)
    return head


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise ValueError
    return pipe


def _say(pipe: IO[bytes], words: str) -> None:
    pipe.write(f"\n{words}\n".encode())
    pipe.flush()


def run(command: Sequence[str]) -> "subprocess.CompletedProcess[str]":
    """Run one of PostgreSQL's programs on the database of the settings."""
    return subprocess.run(  # noqa: S603  (fixed words and paths of the operator)
        command, env=_environment(), capture_output=True, text=True, check=False
    )


def faults() -> list[str]:
    """Nothing: a restore builds every index and checks every constraint."""
    return []


def _environment() -> dict[str, str]:
    """Return how PostgreSQL's programs reach the database; no password stands on a command line."""
    given = connection.settings_dict
    _arguments, found = DatabaseClient.settings_to_cmd_args_env(given, [])
    named = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGDATABASE": "NAME"}
    found = {**(found or {}), **{name: str(given[key]) for name, key in named.items() if given.get(key)}}
    return {**os.environ, **found, "LC_ALL": "C.UTF-8"}


def _last_words(told: str) -> str:
    lines = [line for line in told.splitlines() if line.strip()]
    return " ".join(lines[-3:]) or "it says nothing."
