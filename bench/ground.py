"""The ground of every measurement: private servers as the tests have them, settings, a migrated database."""

import os
import platform
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import django
from django.core.management import call_command
from django.db import connection, connections
from django.utils import timezone

from tests.servers import postgres, redis

LIBRARIES = (
    "Django",
    "psycopg",
    "django-auditlog",
    "django-simple-history",
    "weasyprint",
    "pyHanko",
    "pikepdf",
)


@contextmanager
def standing(*, durable: bool) -> Iterator[None]:
    """Start PostgreSQL and Redis, set Django up and migrate; everything is gone at the end of the block.

    `durable` waits for the disk at each commit, as production does.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="imp-", dir="/tmp")))
        folder.chmod(0o711)
        (folder / "data").mkdir()
        os.environ["IMPRIMATUR_TEST_FOLDER"] = str(folder)
        os.environ["IMPRIMATUR_TEST_REDIS"] = stack.enter_context(redis(folder))
        os.environ["IMPRIMATUR_TEST_POSTGRES"] = stack.enter_context(postgres(folder, durable=durable))
        os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
        django.setup()
        stack.callback(connections.close_all)
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{connection.settings_dict["NAME"]}"')
        call_command("migrate", verbosity=0)
        yield


def clone(name: str) -> Any:  # noqa: ANN401  (a database wrapper, which Django's stubs don't name for all vendors)
    """Copy the database as it is, and return a connection to the copy."""
    original = str(connection.settings_dict["NAME"])
    connections.close_all()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{original}"')
    other = connections.create_connection("default")
    other.settings_dict = {**other.settings_dict, "NAME": name}
    return other


def circumstances() -> str:
    """Return date, machine and versions, as a line for the README."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        server = str(cursor.fetchone()[0]).split()[0]
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"{timezone.now():%Y-%m-%d %H:%M} UTC; Python {platform.python_version()}, PostgreSQL {server}, {libraries}; "
        f"{os.cpu_count()} cores, load {load} (1, 5, 15 minutes)."
    )
