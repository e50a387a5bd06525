"""Registers the registry app."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """The registry app."""

    name = "registry"
    default_auto_field = "django.db.models.BigAutoField"
