"""Registers the oversight app: its events, where they belong, and auditors as readers of records."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    """The oversight app."""

    name = "oversight"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what lower apps must know of oversight."""
        from oversight import registration  # noqa: PLC0415  (models load after the apps)

        registration.register()
