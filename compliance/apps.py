"""Registers the compliance app: its events, what waits for whom, its triggers and its libraries."""

from django.apps import AppConfig
from django.conf import settings
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils import timezone


class ComplianceConfig(AppConfig):
    """The compliance app."""

    name = "compliance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what lower apps must know of compliance."""
        from compliance.selectors.dates import planned_checks  # noqa: PLC0415  (models load after the apps)
        from compliance.selectors.version_panel import what_applies  # noqa: PLC0415  (models load after the apps)
        from compliance.selectors.waiting import SOURCES  # noqa: PLC0415  (models load after the apps)
        from compliance.services.events import register_events  # noqa: PLC0415  (models load after the apps)
        from compliance.services.happenings import version_registered  # noqa: PLC0415  (models load after the apps)
        from compliance.services.record_registration import register_records  # noqa: PLC0415  (models load after the apps)
        from compliance.services.schedule_events import register_schedules  # noqa: PLC0415  (models load after the apps)
        from compliance.services.webhook_registration import register_types  # noqa: PLC0415  (models load after the apps)
        from registry import panels  # noqa: PLC0415  (models load after the apps)
        from registry.events import on_version_created  # noqa: PLC0415  (models load after the apps)
        from reminders import dates, waiting  # noqa: PLC0415  (models load after the apps)

        register_events()
        register_schedules()
        register_records()
        register_types()
        on_version_created(version_registered)
        panels.register(what_applies)
        dates.register(planned_checks)
        for source in SOURCES:
            waiting.register(source)
        post_migrate.connect(_settle, sender=self)


def _settle(*, using: str, **_given: object) -> None:
    """Install the triggers and load the libraries that ship with this version; runs at the end of every migrate."""
    from compliance.models import Library, frozen  # noqa: PLC0415  (models load after the apps)
    from compliance.services.libraries import load_libraries  # noqa: PLC0415  (models load after the apps)

    tables = connections[using].introspection.table_names()
    if using != "default" or not {Library._meta.db_table, "compliance_control", "audit_event"} <= set(tables):
        return
    frozen.install(connections[using])
    if settings.COMPLIANCE_LIBRARIES_AT_MIGRATE:
        load_libraries(now=timezone.now())
