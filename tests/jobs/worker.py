"""A real Celery worker with beat for tests, on the database of the test.

Started as a process of its own, `python -m tests.jobs.worker DATABASE FOLDER`, with IMPRIMATUR_TEST_REDIS. Its one kind
of job writes down when it begins and ends, and has one effect that must not happen twice.
"""

import sys
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import django
from django.conf import settings

KIND = "tests.effect"
LEASE = timedelta(seconds=8)
WORK = 0.03  # seconds that a job takes, so that a kill finds some in the middle

TABLES = (
    "CREATE TABLE tests_effect (job integer PRIMARY KEY)",
    "CREATE TABLE tests_phase (job integer, attempt integer, phase text, at double precision)",
)


def note(cursor: Any, job: int, phase: str) -> None:
    from jobs.current import attempt  # noqa: PLC0415  (after django.setup)

    mine = attempt.get()
    assert mine is not None
    cursor.execute("INSERT INTO tests_phase VALUES (%s, %s, %s, %s)", [job, mine.number, phase, time.time()])


def effect(payload: Mapping[str, Any]) -> None:
    """Have the effect, unless an attempt before had it."""
    from django.db import connection  # noqa: PLC0415  (after django.setup)

    with connection.cursor() as cursor:
        note(cursor, payload["n"], "begin")
        time.sleep(WORK)
        cursor.execute("INSERT INTO tests_effect VALUES (%s) ON CONFLICT DO NOTHING", [payload["n"]])
        time.sleep(WORK)
        note(cursor, payload["n"], "end")


def main(database: str, folder: str) -> None:
    """Run until somebody kills it."""
    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    from config.celery import app  # noqa: PLC0415  (after the settings are as the test wants them)
    from jobs import registry, runner  # noqa: PLC0415  (after django.setup)

    registry.register(KIND, effect, label="Effect", lease=LEASE, max_attempts=50)
    runner.RESEND_AFTER = timedelta(seconds=2)
    app.conf.beat_schedule = {
        "jobs.sweep": {"task": "jobs.sweep", "schedule": 0.5, "options": {"expires": 2}},
    }
    app.worker_main(
        ["worker", "--beat", f"--schedule={folder}/beat", "--concurrency=2", "--without-gossip", "--without-mingle",
         "--loglevel=critical", "--hostname=tests@jobs"]
    )  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
