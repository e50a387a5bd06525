"""A real Celery worker for tests, on the database of the test and with a mail server of the test.

Started as a process of its own, `python -m tests.reminders.worker DATABASE SMTP_PORT`, with IMPRIMATUR_TEST_REDIS.
"""

import sys

import django
from django.conf import settings


def main(database: str, port: str) -> None:
    """Run until somebody kills it."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", int(port), 20
    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    from config.celery import app  # noqa: PLC0415  (after the settings are as the test wants them)

    app.worker_main(["worker", "--pool=solo", "--without-gossip", "--without-mingle", "--loglevel=warning"])


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
