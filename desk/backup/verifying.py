"""Whether a restored installation is whole: guards, database, files, records and log, each by its own means."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Model

from audit import files, guards
from audit.log.checking import verify_log
from audit.models import Event
from audit.rotation import kept_files
from compliance.models import Evidence
from desk.backup.engines import engine
from desk.backup.layout import Log
from desk.backup.progress import Progress
from imprimatur.record.verify import verify
from records import store
from records.models import Record, RecordState
from records.selectors import expected_of
from reviews.models import AnswerFile, ConditionFile, IncidentFile, Papers

HANDED_IN: tuple[type[Model], ...] = (AnswerFile, ConditionFile, Evidence, IncidentFile, Papers)
"""Every table whose rows name a kept file by its digest; papers that aren't made yet name none."""


@dataclass(slots=True)
class Report:
    """What was verified: how many of each, and everything that is wrong, in sentences."""

    files: int = 0
    records: int = 0
    events: int = 0
    leaves: int = 0
    faults: list[str] = field(default_factory=list)


def verify_all(expected: Log | None, progress: Progress) -> Report:
    """Verify everything; `expected` is how far the log was in the backup, when this is a restored one."""
    report = Report()
    report.faults += guards.faults()
    report.faults += engine().faults()
    report.faults += _files(report, progress)
    report.faults += _records(report, progress)
    report.faults += _log(report, expected, progress)
    return report


def _files(report: Report, progress: Progress) -> Iterator[str]:
    """Every stored file has its digest, and every file that a row names is stored."""
    found = list(kept_files())
    report.files = len(found)
    for number, sha256 in enumerate(found, 1):
        try:
            files.check(sha256)
        except files.Lost as fault:
            yield str(fault)
        progress("files verified", number, len(found))
    stored = set(found)
    for model in HANDED_IN:
        rows = model._default_manager.exclude(sha256="").order_by("pk").values_list("pk", "sha256")
        for pk, sha256 in rows.iterator():
            if sha256 not in stored:
                yield f"The file {sha256[:16]} is missing, which row {pk} of {model._meta.db_table} names."


def _records(report: Report, progress: Progress) -> Iterator[str]:
    """Every sealed record has the bytes that were issued, and their seal verifies."""
    sealed = Record.objects.filter(state=RecordState.SEALED).select_related("signer").order_by("pk")
    report.records = sealed.count()
    for number, record in enumerate(sealed.iterator(), 1):
        try:
            content = store.read(record.file_sha256)
        except store.Lost as fault:
            yield f"The record {record.reference}: {fault}"
        else:
            for wrong in verify(content, expected_of(record)):
                yield f"The record {record.reference}: {wrong}"
        progress("records verified", number, report.records)


def _log(report: Report, expected: Log | None, progress: Progress) -> Iterator[str]:
    """The log verifies from its leaves, and is as long as it was; what its signer remembers is told apart from this."""
    found = verify_log(lambda done, of: progress("events verified", done, of), with_memory=False)
    report.leaves, report.events = found.size, Event.objects.count()
    yield from found.faults
    if expected is not None and (report.events, found.size) != (expected.events, expected.size):
        yield (
            f"The backup had {expected.events} events, {expected.size} of them in the tree; here are"
            f" {report.events} and {found.size}."
        )
