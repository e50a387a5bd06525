"""Registers the records app: its events, its job, its checks."""

from collections.abc import Mapping
from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from celery.signals import worker_init
from django.apps import AppConfig
from django.core import checks
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    """The records app."""

    name = "records"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what lower apps must know of records, and refuse to start without a usable seal."""
        if find_spec("audit.verbs") is None or find_spec("jobs.registry") is None:
            return  # the trail and the jobs land in the same release
        from accounts.changes import on_person_left  # noqa: PLC0415  (models load after the apps)
        from audit import tracking, verbs, words  # noqa: PLC0415  (models load after the apps)
        from audit.log import elsewhere  # noqa: PLC0415  (models load after the apps)
        from imprimatur.record.expected import SEAL, SYSTEM  # noqa: PLC0415  (with the others)
        from jobs import registry  # noqa: PLC0415  (models load after the apps)
        from records import certificate_words, kinds  # noqa: PLC0415  (models load after the apps)
        from records.attestation import registration as attestations  # noqa: PLC0415  (models load after the apps)
        from records.certificates import LISTS, person_left, renew  # noqa: PLC0415  (models load after the apps)
        from records.checks import (  # noqa: PLC0415  (models load after the apps)
            check_attestation_keys,
            check_certificates,
            check_fonts,
            check_seal,
            check_tokens,
            refuse_without_seal,
        )
        from records.issue import RENDER  # noqa: PLC0415  (models load after the apps)
        from records.log_head import held  # noqa: PLC0415  (models load after the apps)
        from records.models import Certificate, Record, RecordStep  # noqa: PLC0415  (models load after the apps)
        from records.registration import KINDS  # noqa: PLC0415  (models load after the apps)
        from records.webhook_types import register_types  # noqa: PLC0415  (models load after the apps)

        verbs.register("record.frozen", _("Record frozen"), _("The data of a record were frozen."))
        verbs.register(
            "record.certified",
            _("Record certified"),
            _("The record was printed, and certified by the system."),
        )
        verbs.register(
            "record.statement_kept",
            _("Statement kept"),
            _("What a person confirmed was kept for their signature."),
        )
        verbs.register(
            "record.signed", _("Record signed"), _("A person's own signature was added to the file.")
        )
        verbs.register("record.completed", _("Record complete"), _("The record was given to the seal."))
        verbs.register(
            "record.sealed", _("Record sealed"), _("The seal of the organisation closed the record.")
        )
        verbs.register("record.failed", _("Record failed"), _("The record did not go on."))
        verbs.register("record.downloaded", _("Record downloaded"), _("The sealed file was downloaded."))
        verbs.leave_as_is("record.downloaded")
        tracking.track(
            Record,
            [
                "kind", "object_type", "object_id", "reference", "outcome", "code", "context", "context_sha256",
                "signatures", "state", "sealed_at", "base_sha256", "file_sha256", "signer",
            ],
        )  # fmt: skip
        tracking.track(
            RecordStep,
            ["record", "place", "field", "person", "line", "done_at", "level", "certificate", "file_sha256"],
        )
        tracking.track(
            Certificate,
            [
                "purpose", "origin", "person", "issuer", "serial", "name", "chain", "valid_from", "valid_until",
                "issued_at", "retired_at", "revoked_at", "revocation",
            ],
            personal=True,
        )  # fmt: skip
        certificate_words.register()
        attestations.register()
        for name, kind in KINDS.items():
            kinds.register(name, kind)
        elsewhere.register(held)
        register_types()
        words.register("base_sha256", _("SHA-256 before the first signature"))
        words.register("field", _("whose signature"))
        words.register_values("field", {SYSTEM: _("the system"), SEAL: _("seal of the organisation")})
        words.register("level", _("level of the signature"))
        words.register("signer", _("certificate of the signature"))
        registry.register(
            RENDER,
            _render,
            label=_("Print, sign and seal a record"),
            lease=timedelta(minutes=5),
            max_attempts=16,
        )
        registry.register(LISTS, renew, label=_("Sign revocation lists"))
        on_person_left(person_left)
        checks.register(check_seal, "records")
        checks.register(check_tokens, "records", deploy=True)
        checks.register(check_certificates, checks.Tags.database)
        checks.register(check_fonts, "records")
        checks.register(check_attestation_keys, "records")
        refuse_without_seal()
        post_migrate.connect(_guard, sender=self)
        worker_init.connect(_load_printing)


def _guard(*, using: str, **_given: object) -> None:
    """Install the triggers of tables whose rows are only added."""
    import_module("records.attestation.guards").install(connections[using])


def _load_printing(**_given: object) -> None:
    """Load what prints and seals, for a worker before it has children: one without the libraries doesn't start."""
    try:
        import_module("records.sealing")
    except OSError as fault:  # Celery would log any other exception and go on
        raise SystemExit(f"A library for printing records is missing ({fault}).") from fault


def _render(payload: Mapping[str, Any]) -> None:
    """Body of the job; whoever prints nothing is spared the second that the libraries take to load."""
    import_module("records.sealing").render(payload)
