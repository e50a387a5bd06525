"""What webhooks tell of records, attestations and status lists."""

from django.utils.translation import gettext_lazy as _

from records.attestation.rows import Attestation, Attested, Standing, StatusList
from records.models import Record
from webhooks.emission import register
from webhooks.saying import REFERENCE, page, sha256
from webhooks.types import Data, Type, Value

ATTESTED = {
    "reference": Value("string", "reference of the request"),
    "uid": Value("string", "name of the attestation, which stays"),
    "digest": sha256("of the model's manifest"),
    "standing": Value("string", "how the decision stands", tuple(Standing.values)),
    "url": Value("uri", "stable address of the newest attestation"),
}


def register_types() -> None:
    """Make them known; called from AppConfig.ready()."""
    register(
        Type(
            "attestation.issued",
            _("An attestation was issued"),
            "A decision was attested, or attested anew after a condition or an amendment.",
            ATTESTED
            | {
                "number": Value("integer", "number of the attestation of this decision"),
                "payload_sha256": sha256("of what was signed"),
            },
            _attestation,
            verbs=("attestation.issued",),
        )
    )
    register(
        Type(
            "attestation.changed",
            _("An attested decision stands differently"),
            "An attested decision allows a release no longer, or does again.",
            ATTESTED,
            _attested,
            verbs=("attestation.standing_changed",),
        )
    )
    register(
        Type(
            "status_list.signed",
            _("The status list was signed"),
            "A status list was signed, once a day and on every change.",
            {
                "number": Value("integer", "number of the list, which only grows"),
                "entries": Value("integer", "how many decisions it names"),
                "payload_sha256": sha256("of what was signed"),
                "url": Value("uri", "stable address of the newest list"),
            },
            _status_list,
            verbs=("status_list.signed",),
        )
    )
    register(
        Type(
            "record.sealed",
            _("A record was sealed"),
            "A record is printed and sealed, and its file can be downloaded.",
            {
                "reference": REFERENCE,
                "kind": Value("string", "review, assessment, report, letter or minutes"),
                "outcome": Value("string", "what the record says in one word, such as approved"),
                "code": Value("string", "code by which the record is verified"),
                "file_sha256": sha256("of the sealed PDF"),
                "data_sha256": sha256("of the frozen data that it embeds"),
                "url": Value("uri", "address of the record's page; opening it needs a sign-in"),
            },
            _record,
            verbs=("record.sealed",),
        )
    )


def _attestation(made: Attestation, data: Data) -> Data:
    return {**_attested(made.attested, data), "number": made.number, "payload_sha256": made.payload_sha256}


def _attested(attested: Attested, _data: Data) -> Data:
    return {
        "reference": attested.reference,
        "uid": str(attested.uid),
        "digest": attested.manifest_sha256,
        "standing": str(attested.standing),
        "url": page("records:attestation", attested.uid),
    }


def _status_list(made: StatusList, _data: Data) -> Data:
    return {
        "number": made.number,
        "entries": made.entries,
        "payload_sha256": made.payload_sha256,
        "url": page("records:status_list"),
    }


def _record(record: Record, _data: Data) -> Data:
    return {
        "reference": record.reference,
        "kind": record.kind,
        "outcome": record.outcome,
        "code": record.code,
        "file_sha256": record.file_sha256,
        "data_sha256": record.context_sha256,
        "url": page("records:record_page", record.pk),
    }
