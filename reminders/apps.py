"""Registers the reminders app."""

from django.apps import AppConfig


class RemindersConfig(AppConfig):
    """The reminders app."""

    name = "reminders"
    default_auto_field = "django.db.models.BigAutoField"
