"""What webhooks tell of records."""

from django.utils.translation import gettext_lazy as _

from records.models import Record
from webhooks.emission import register
from webhooks.saying import REFERENCE, page, sha256
from webhooks.types import Data, Type, Value


def register_types() -> None:
    """Make them known; called from AppConfig.ready()."""
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
