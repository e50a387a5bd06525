"""Registers the records app: its events, its job, its checks."""

from datetime import timedelta
from importlib.util import find_spec

from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    """The records app."""

    name = "records"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what lower apps must know of records, and refuse to start without a usable seal."""
        if find_spec("audit.verbs") is None or find_spec("jobs.registry") is None:
            return  # the trail and the jobs land in the same release
        from audit import verbs, words  # noqa: PLC0415  (models load after the apps)
        from jobs import registry  # noqa: PLC0415  (models load after the apps)
        from records.checks import check_fonts, check_seal, refuse_without_seal  # noqa: PLC0415  (models load after the apps)
        from records.issue import RENDER  # noqa: PLC0415  (models load after the apps)
        from records.rendering import render  # noqa: PLC0415  (models load after the apps)

        verbs.register("record.frozen", _("Record frozen"), _("The decision's data were frozen for signing."))
        verbs.register("record.completed", _("Record complete"), _("The record was given to the seal."))
        verbs.register("record.sealed", _("Record sealed"), _("The record was printed and sealed."))
        verbs.register("record.failed", _("Record failed"), _("The record could not be sealed."))
        verbs.register("record.downloaded", _("Record downloaded"), _("The sealed file was downloaded."))
        words.register("base_sha256", _("SHA-256 before the seal"))
        words.register("level", _("level of the seal"))
        words.register("signer", _("certificate of the seal"))
        registry.register(RENDER, render, label=_("Print and seal a record"), lease=timedelta(minutes=5))
        checks.register(check_seal, "records")
        checks.register(check_fonts, "records")
        refuse_without_seal()
