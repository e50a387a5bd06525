"""Registers the compliance app."""

from django.apps import AppConfig


class ComplianceConfig(AppConfig):
    """The compliance app."""

    name = "compliance"
    default_auto_field = "django.db.models.BigAutoField"
