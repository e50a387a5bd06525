"""Registers the webhooks app: its events and its jobs."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebhooksConfig(AppConfig):
    """The webhooks app."""

    name = "webhooks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what lower apps must know of webhooks."""
        from jobs import registry  # noqa: PLC0415  (models load after the apps)
        from webhooks.delivery import deliver_job, spread_job  # noqa: PLC0415  (models load after the apps)
        from webhooks.emission import DELIVER, SPREAD  # noqa: PLC0415  (models load after the apps)
        from webhooks.types import TEST, keep  # noqa: PLC0415  (models load after the apps)
        from webhooks.verbs import register_verbs  # noqa: PLC0415  (models load after the apps)

        register_verbs()
        keep(TEST)
        registry.register(DELIVER, deliver_job, label=_("Send a webhook"), lease=timedelta(minutes=1))
        registry.register(SPREAD, spread_job, label=_("Plan webhooks"), lease=timedelta(minutes=5))
