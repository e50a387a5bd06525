"""Registers the reviews app: its events, what they vouch for, where they belong, and what waits for whom."""

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class ReviewsConfig(AppConfig):
    """The reviews app."""

    name = "reviews"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what lower apps must know of reviews."""
        from reviews.services import (  # noqa: PLC0415  (models load after the apps)
            after_registration,
            attesting_registration,
            clock_registration,
            dossier_registration,
            interest_registration,
            letters_registration,
            meeting_registration,
            panel_registration,
            papers_registration,
            procedure_registration,
            questionnaire_registration,
            review_registration,
            webhook_registration,
            work_registration,
        )

        after_registration.register()
        attesting_registration.register()
        clock_registration.register()
        dossier_registration.register()
        interest_registration.register()
        letters_registration.register()
        papers_registration.register()
        meeting_registration.register()
        procedure_registration.register()
        panel_registration.register()
        questionnaire_registration.register()
        review_registration.register()
        webhook_registration.register_types()
        work_registration.register()
        post_migrate.connect(_guard, sender=self)


def _guard(*, using: str, **_given: object) -> None:
    """Install what migrations can't hold: triggers of tables whose rows are only added, indexes of the search."""
    from reviews.models import append_only, search_index  # noqa: PLC0415  (models load after the apps)

    append_only.install(connections[using])
    search_index.install(connections[using])
