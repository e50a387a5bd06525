"""The record of an accepted assessment: a job issues it after the commit of the acceptance, once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from compliance.models import Assessment
from compliance.models.boards import speech_of
from compliance.rules.lifecycle import AssessmentState
from compliance.selectors.assessment_record import record_context, reference_of
from jobs import queue
from records import issue as issue_of
from records.context import Language
from records.models import Record
from records.selectors import records_for

ISSUE = "compliance.issue_record"


def issue_later(assessment: Assessment, now: datetime) -> None:
    """Put the issue of its record into the queue, in the transaction of the acceptance."""
    queue.enqueue(ISSUE, {"assessment": assessment.pk}, now=now, key=f"assessment-record-{assessment.pk}")


def issue_job(payload: Mapping[str, Any]) -> None:
    """Body of the job."""
    issue_record(assessment_id=int(payload["assessment"]), now=timezone.now())


@transaction.atomic
def issue_record(*, assessment_id: int, now: datetime) -> Record | None:
    """Freeze what the record says and ask for its seal; None when it was issued before or nothing was accepted."""
    found = Assessment.objects.select_related("owner").select_for_update(of=("self",))
    assessment = found.get(pk=assessment_id)
    if assessment.state != AssessmentState.ACCEPTED or records_for(assessment).exists():
        return None
    language, time_zone = spoken_in(assessment)
    with override(language):
        context = record_context(assessment, language, time_zone)
        record = issue_of.freeze(
            kind="assessment", obj=assessment, reference=reference_of(assessment), language=language,
            context=context, actor=None, now=now,
        )  # fmt: skip
    return issue_of.seal(record=record, actor=None, now=now)


def spoken_in(assessment: Assessment) -> tuple[Language, str]:
    """Return language and time zone of the record: those of the board that it is about, or else of its owner."""
    language, time_zone = speech_of(assessment.board) if assessment.board else ("", "")
    if owner := assessment.owner:
        language, time_zone = language or owner.language, time_zone or owner.time_zone
    return cast(Language, language or "en"), time_zone or "UTC"
