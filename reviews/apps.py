"""Registers the reviews app: its events, what they vouch for, where they belong, and what waits for whom."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """The reviews app."""

    name = "reviews"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what lower apps must know of reviews."""
        from reviews.services import dossier_registration  # noqa: PLC0415  (models load after the apps)

        dossier_registration.register()
