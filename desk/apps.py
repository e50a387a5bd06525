"""Registers the desk app, its events, and what waits for administrators."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    """The desk app."""

    name = "desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the events known."""
        from audit import verbs  # noqa: PLC0415  (models are there after the apps)
        from desk.selectors.waiting import LOCKED, SILENT, SOURCE  # noqa: PLC0415  (models are there after the apps)
        from reminders import waiting  # noqa: PLC0415  (models are there after the apps)

        waiting.register(SOURCE)
        waiting.register(LOCKED)
        waiting.register(SILENT)

        verbs.register(
            "job.retried",
            _("Job tried again"),
            _("An administrator made a failed job due again, with all its attempts."),
        )
