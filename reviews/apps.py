"""Registers the reviews app."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """The reviews app."""

    name = "reviews"
    default_auto_field = "django.db.models.BigAutoField"
