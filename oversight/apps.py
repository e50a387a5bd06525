"""Registers the oversight app."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    """The oversight app."""

    name = "oversight"
    default_auto_field = "django.db.models.BigAutoField"
