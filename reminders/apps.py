"""Registers the reminders app: its jobs and its events."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RemindersConfig(AppConfig):
    """The reminders app."""

    name = "reminders"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what lower apps must know of reminders."""
        from audit import verbs  # noqa: PLC0415  (models load after the apps)
        from jobs import registry  # noqa: PLC0415  (models load after the apps)
        from reminders.delivery import deliver_job  # noqa: PLC0415  (models load after the apps)
        from reminders.mail import mail_job  # noqa: PLC0415  (models load after the apps)
        from reminders.planner import DELIVER  # noqa: PLC0415  (models load after the apps)
        from reminders.postbox import MAIL  # noqa: PLC0415  (models load after the apps)

        verbs.register("message.read", _("Message read"), _("A message of the inbox was marked as read."))
        verbs.register("inbox.read", _("Inbox read"), _("All new messages of the inbox were marked as read."))
        verbs.leave_as_is("inbox.read")
        registry.register(DELIVER, deliver_job, label=_("Deliver reminders"), lease=timedelta(minutes=5))
        registry.register(MAIL, mail_job, label=_("Send a mail"), lease=timedelta(minutes=2))
