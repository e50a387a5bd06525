"""Registers the desk app."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The desk app."""

    name = "desk"
    default_auto_field = "django.db.models.BigAutoField"
