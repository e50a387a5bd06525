"""Saving what a page of the dossier sent: one answer, or all of a topic with its files."""

import json
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest

from accounts.models import User
from audit.refusal import Refused
from audit.selectors import whole_number
from imprimatur.dossier.answers import WrongAnswer, read_answer
from imprimatur.dossier.questionnaire import Question, QuestionType
from reviews.forms.rows import rows_sent
from reviews.models import Answer, ReviewRequest
from reviews.selectors.dossier import dossier_of
from reviews.selectors.question_field import (
    QuestionField,
    changes_nothing,
    field_of,
    with_conflict,
    with_wrong,
)
from reviews.services.answers import StaleAnswer, question_of, save_answer
from reviews.services.evidence import add_file, remove_file

MOST_TRIES = 5


def save_sent_answer(
    request: HttpRequest, user: User, found: ReviewRequest, key: str, now: datetime
) -> QuestionField | None:
    """Save the answer that was sent for the question; return its field when it was not saved, with the reason."""
    question = question_of(found, key)
    raw = _sent(request, question)
    try:
        _save(request, user, found, question, raw, now)
    except WrongAnswer as wrong:
        return with_wrong(field_of(dossier_of(found), wrong.question), raw, wrong)
    except StaleAnswer:
        base = request.POST.getlist(f"b-{key}") or None
        if not changes_nothing(question, raw, base):
            return with_conflict(field_of(dossier_of(found), question), raw, base)
    return None


def _save(
    request: HttpRequest, user: User, found: ReviewRequest, question: Question, raw: list[str], now: datetime
) -> None:
    """Save on top of the answer that the page shows, or of one that it sent itself when its connection broke."""
    version = whole_number(request.POST.get(f"v-{question.key}", "")) or 0
    try:
        save_answer(actor=user, request_id=found.pk, question=question.key, raw=raw, version=version, now=now)
    except StaleAnswer as stale:
        if stale.present is None or not _arrived(request, question, stale.present):
            raise
        version = stale.present.version
        save_answer(actor=user, request_id=found.pk, question=question.key, raw=raw, version=version, now=now)


def _arrived(request: HttpRequest, question: Question, present: Answer) -> bool:
    """Say whether what is saved is what this page sent before, when the connection broke before it heard so."""
    for tried in request.POST.getlist(f"t-{question.key}")[-MOST_TRIES:]:
        try:
            raw = [str(text) for text in json.loads(tried)]
            if read_answer(question, raw) == present.value:
                return present.updated_by_id == request.user.pk
        except (ValueError, TypeError, RecursionError):  # an answer that is none, or no list of texts
            continue
    return False


def _sent(request: HttpRequest, question: Question) -> list[str]:
    """Return the answer that was sent: what the field holds, or of two versions the writer's own when they keep it.

    Rows come as one text where scripts run, else cell by cell.
    """
    key = question.key
    if request.POST.get(f"take-{key}") == "mine":
        return request.POST.getlist(f"m-{key}")
    if question.type == QuestionType.ROWS and f"a-{key}" not in request.POST:
        return rows_sent(question, request.POST)
    return request.POST.getlist(f"a-{key}")


def save_sent_topic(
    request: HttpRequest, user: User, found: ReviewRequest, now: datetime
) -> dict[str, QuestionField]:
    """Save each answer by itself, then the files; return the fields of answers that were not saved, by question."""
    troubled = {}
    for key in [name.removeprefix("v-") for name in request.POST if name.startswith("v-")]:
        if (field := save_sent_answer(request, user, found, key, now)) is not None:
            troubled[key] = field
    try:
        _save_files(request, user, found, now)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return troubled


def _save_files(request: HttpRequest, user: User, found: ReviewRequest, now: datetime) -> None:
    for name in [name for name in request.FILES if name.startswith("f-")]:
        for upload in request.FILES.getlist(name):
            add_file(
                actor=user, request_id=found.pk, question=name.removeprefix("f-"), upload=upload, now=now
            )
    gone = whole_number(request.POST.get("remove", ""))
    if gone is not None:
        remove_file(actor=user, request_id=found.pk, file_id=gone, now=now)
