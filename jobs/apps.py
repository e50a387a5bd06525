"""Registers the jobs app, and lets workers say that they live."""

import time
from datetime import UTC, datetime

from celery.signals import heartbeat_sent
from django.apps import AppConfig

EVERY = 5  # seconds between two signs of life


class JobsConfig(AppConfig):
    """The jobs app."""

    name = "jobs"
    default_auto_field = "django.db.models.BigAutoField"
    _last = 0.0

    def ready(self) -> None:
        """Listen to the heart of the worker in this process, if there is one."""
        heartbeat_sent.connect(self._beat, weak=False)

    def _beat(self, **_given: object) -> None:
        from jobs import heartbeat  # noqa: PLC0415  (the cache is there after the apps)

        if time.monotonic() - self._last >= EVERY:
            self._last = time.monotonic()
            heartbeat.alive(datetime.now(UTC))
