"""What the log and the queue know of reconciling."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from audit import verbs, words
from audit.reconciling import keeping
from jobs import registry


def register() -> None:
    """Register verbs, words and the job; called from AppConfig.ready()."""
    verbs.register(
        keeping.ASKED, _("Comparison asked for"), _("Somebody had the database compared with the log.")
    )
    verbs.register(
        keeping.DONE, _("Database compared"), _("Every row was compared with what the log tells of it.")
    )
    for key, word in {
        "findings": _("findings"), "rows": _("rows"), "events": _("events"),
        "erased_states": _("rows whose state was erased"),
    }.items():  # fmt: skip
        words.register(key, word)
    registry.register(
        keeping.JOB, keeping.job, label=_("Compare the database with the log"), lease=timedelta(minutes=10)
    )
