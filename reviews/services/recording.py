"""Records of decisions: frozen from the database when something is decided, sealed when the last person has signed."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from django.utils.translation import override

from accounts.models import User
from records import issue
from records.context import Language, SignatureLine
from records.models import Record
from reviews.models import Decision, Refusal
from reviews.selectors.record.context import context_of
from reviews.selectors.reviews import current_reviews


def language_of(decision: Decision) -> Language:
    """Return the language of the record: the leading board's, or the request's where the board names none."""
    leading = current_reviews(decision.request)[0]
    return cast(Language, leading.board.language or decision.request.language)


def freeze_record(
    decision: Decision, *, now: datetime, refusal: Refusal | None = None, actor: User | None = None
) -> Record:
    """Freeze what the record says about the decision, or about the refusal to sign it."""
    language = language_of(decision)
    with override(language):
        context = context_of(decision, refusal=refusal, language=language, now=now)
    return issue.freeze(
        kind="review",
        obj=decision.request,
        reference=decision.request.reference,
        language=language,
        context=context,
        actor=actor,
        now=now,
    )


def seal_record(record: Record, lines: Sequence[SignatureLine], *, now: datetime) -> Record:
    """Ask for the sealed file; without lines when nobody has to sign."""
    return issue.seal(record=record, signatures=lines, actor=None, now=now)
