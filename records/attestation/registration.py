"""What lower apps know of attestations: events, what they vouch for, and the job that signs the status list."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from audit import scope, tracking, verbs, words
from jobs import registry
from records.attestation import rows, status

VERBS = (
    ("attestation.issued", _("Attestation issued"), _("What was decided was signed for pipelines.")),
    (
        "attestation.standing_changed",
        _("State of an attestation changed"),
        _("An attested decision allows a release no longer, or does again."),
    ),
    (
        "status_list.signed",
        _("Status list signed"),
        _("A list of what ended early was signed for pipelines."),
    ),
    ("attestation_key.published", _("Key of attestations published"), _("A key began to sign attestations.")),
    ("attestation_key.retired", _("Key of attestations retired"), _("A key signs attestations no more.")),
    (
        "attestation_key.rotated",
        _("Key of attestations changed"),
        _("An operator made a new key of attestations, or retired the old one."),
    ),
)
WORDS = {
    "entries": _("entries"),
    "key": _("key"),
    "manifest_sha256": _("SHA-256 of the manifest"),
    "occasion": _("occasion"),
    "payload_sha256": _("SHA-256 of what was signed"),
    "reason_code": _("reason, as a code"),
    "standing": _("state"),
    "uid": _("name of the attestation"),
}
TRACKED: dict[type[Any], tuple[str, ...]] = {
    rows.AttestationKey: ("key_id", "pem", "since", "until"),
    rows.Attested: (
        "uid", "object_type", "object_id", "reference", "manifest_sha256", "valid_until", "standing", "reason", "since",
    ),
    rows.Attestation: ("attested", "number", "occasion", "content", "payload_sha256", "keys", "issued_at"),
    rows.StandingChange: ("attested", "standing", "reason", "since"),
    rows.StatusList: (
        "list_id", "number", "content", "payload_sha256", "entries_sha256", "entries", "keys", "issued_at",
        "next_update",
    ),
}  # fmt: skip


def register() -> None:
    """Register all of it; called from AppConfig.ready()."""
    for verb, title, sentence in VERBS:
        verbs.register(verb, title, sentence)
    for key, word in WORDS.items():
        words.register(key, word)
    for model, fields in TRACKED.items():
        tracking.track(model, list(fields))
    for label in ("attestationkey", "statuslist"):
        scope.register(f"records.{label}", lambda _row: scope.Place())
    registry.register(status.SIGN, status.run, label=_("Sign the status list"), lease=timedelta(minutes=1))
