"""What the trail and the queue know of verifying the log."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from audit import verbs, words
from audit.log import verifying
from jobs import registry


def register() -> None:
    """Register verb and job; called from AppConfig.ready()."""
    verbs.register(
        verifying.ASKED,
        _("Verification asked for"),
        _("Somebody had the whole log computed again from its events."),
    )
    verbs.register(verifying.DONE, _("Log verified"), _("The whole log was computed again from its events."))
    for key, word in {"faults": _("faults"), "first": _("first fault")}.items():
        words.register(key, word)
    registry.register(verifying.JOB, verifying.job, label=_("Verify the log"), lease=timedelta(minutes=10))
