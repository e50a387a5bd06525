"""Registers the audit app: its events, and the guards of the log after every migrate."""

from django.apps import AppConfig
from django.core import checks
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """The audit app."""

    name = "audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what other parts must know of the trail."""
        from audit import scope, verbs  # noqa: PLC0415  (models load after the apps)
        from audit.checks import log_is_safe  # noqa: PLC0415
        from audit.log import registration as log_registration  # noqa: PLC0415
        from audit.log.witnesses import setting_is_right  # noqa: PLC0415
        from audit.reconciling import registration  # noqa: PLC0415

        verbs.register(
            "pii.erased",
            _("Personal data erased"),
            _("Names or words of a person were erased; the events stay and still verify."),
        )
        verbs.register(
            "log.key_changed",
            _("Key of the log changed"),
            _("Another key signs the checkpoints of the log; this event was signed by both."),
        )
        verbs.register(
            "log.continued",
            _("Log continued"),
            _("After a restore the log goes on under a new origin, and cites what was signed before."),
        )
        verbs.register(
            "upload.refused",
            _("Upload refused"),
            _("A file was not kept, because the scan for malware found something in it."),
        )
        registration.register()
        log_registration.register()
        scope.register(
            "audit.event",
            lambda event: scope.Place(
                project=event.project or None,
                board=event.board or None,
                root=(event.root_type, event.root_id),
            ),
        )
        checks.register(log_is_safe, checks.Tags.database, deploy=True)  # deploy: migrate doesn't run it
        checks.register(setting_is_right, checks.Tags.security)
        pre_migrate.connect(_make_way, sender=self)
        post_migrate.connect(_guard, sender=self)


def _make_way(*, using: str, plan: list[object], **_given: object) -> None:
    """Let migrations rebuild the tables of the log."""
    from audit import guards  # noqa: PLC0415  (models load after the apps)

    if plan:
        guards.make_way(connections[using])


def _guard(*, using: str, **_given: object) -> None:
    """Install the guards; migrate calls this at its end, also when there was nothing to migrate."""
    from audit import guards  # noqa: PLC0415  (models load after the apps)

    guards.install(connections[using])
