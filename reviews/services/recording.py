"""Records of decisions: frozen from the database when something is decided, sealed when the last person has signed."""

from datetime import datetime
from typing import cast

from django.utils.translation import override

from accounts.models import User
from records import issue
from records.context import Language
from records.models import Record
from reviews.models import Decision, Refusal
from reviews.rules.recusal import SigningRole
from reviews.selectors.record.context import context_of
from reviews.selectors.reviews import current_reviews
from reviews.selectors.words import SIGNING_ROLES


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
        signatories=_signatories(decision, language) if refusal is None else (),
    )


def _signatories(decision: Decision, language: Language) -> list[issue.Signatory]:
    """Return who will sign the decision; nobody where it takes effect without."""
    if decision.status != "to_sign":
        return []
    with override(language):
        return [issue.Signatory(role.value, str(SIGNING_ROLES[role])) for role in SigningRole]


def seal_record(record: Record, *, now: datetime) -> Record:
    """Ask for the seal, when the last person has signed or nobody has to."""
    return issue.seal(record=record, actor=None, now=now)
