"""Writing letters to who asked: a row in the transaction of the act, and a job that freezes and seals its record.

`write_letter` is the one entry. A letter is written once for each kind and row that it is about; a translation is a
second record that cites the digest of the first; its language is the board's or the request's.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from django.db import transaction
from django.db.models import Max, Model
from django.utils import timezone
from django.utils.translation import override

from accounts.models import User
from audit import trail
from jobs import queue
from records import issue
from records.context import Language
from records.models import Record
from reviews.models import Decision, Letter, Notice, ReviewRequest
from reviews.permissions import letters as permissions
from reviews.permissions.reasons import require
from reviews.rules.letter_kinds import LetterKind, said_of
from reviews.selectors.letters.context import context_of
from reviews.selectors.letters.from_record import cited
from reviews.selectors.letters.telling import letter_reference, told_of
from reviews.selectors.letters.texts import in_force
from reviews.selectors.reviews import current_reviews
from reviews.services.letter_notices import tell_of_letter

ISSUE = "reviews.letter"


def write_letter(
    *,
    kind: LetterKind | str,
    request: ReviewRequest,
    about: Model,
    now: datetime,
    decision: Decision | None = None,
    said: Mapping[str, str] | None = None,
) -> Letter:
    """Have a letter written and sealed, in the transaction of the act; by the system. Call it last, when all is saved.

    `kind`: one of reviews.rules.letter_kinds.LetterKind. `request`: locked by the caller. `about`: the saved row that
    the letter tells of (Decision, Refusal, Notice, Suspension, an appeal, an incident report, …): one letter for each
    kind and row, so calling it again gives the one that is there. `decision`: the approval or decision that it goes
    with; without it, `about` itself if it is one or has one, else the last decision of the request, if any.
    `said`: what only the act knows, by placeholder, all as text: words as a reader sees them in the language of the
    request's boards, days as 2026-11-20, moments as records.context.instant writes them, passages as Markdown. Which
    are needed says letter_kinds.said_of(kind): withdrawn: withdrawn_by, [reasons]; appeal_received: against, grounds,
    [panel], [decide_by]; appeal_decided: against, panel, result, reasons; incident: incident, severity, aware_at,
    report_by, what_happened; review_due: due; every other kind: nothing. Raises ValueError for a missing or unknown
    one: a fault of the program, not of a person.
    """
    kind = LetterKind(kind)
    given = _checked(kind, said or {})
    label, key = about._meta.label_lower, str(about.pk)
    written = Letter.objects.filter(
        kind=kind, about_type=label, about_id=key, translates__isnull=True
    ).first()
    if written is not None:
        return written
    letter = Letter.objects.create(
        request=request, number=_next_number(request), kind=kind.value, language=language_of_letters(request),
        about_type=label, about_id=key, decision=decision or _decision_of(about, request), said=given, written_at=now,
    )  # fmt: skip
    _send(letter, None, now)
    return letter


def write_decision_letter(decision: Decision, now: datetime, about: Model | None = None) -> Letter:
    """Have the letter of a decision written: its kind follows from the outcome and the procedure.

    `about`: the refusal, where legal or the chair would not sign.
    """
    return write_letter(
        kind=kind_of_decision(decision), request=decision.request, about=about or decision,
        decision=decision, now=now,
    )  # fmt: skip


def kind_of_decision(decision: Decision) -> LetterKind:
    """Return the kind of letter that tells of the decision."""
    kind = LetterKind(decision.outcome)
    provisional = getattr(decision, "provisional", False)
    approved = kind in {LetterKind.APPROVED, LetterKind.CONDITIONS}
    return LetterKind.PROVISIONAL if approved and provisional else kind


@transaction.atomic
def translate_letter(*, actor: User, letter_id: int, language: Language, now: datetime) -> Letter:
    """Have the letter issued in another language too: a second record that cites the digest of the first."""
    first = permissions.letter_to_read(actor, letter_id, now)
    request = ReviewRequest.objects.select_for_update().get(pk=first.request_id)
    require(permissions.why_not_translate(actor, first, language, now))
    written = Letter.objects.filter(translates=first, language=language).first()
    if written is not None:
        return written
    letter = Letter.objects.create(
        request=request, number=_next_number(request), kind=first.kind, language=language,
        about_type=first.about_type, about_id=first.about_id, decision_id=first.decision_id, said=first.said,
        translates=first, written_at=first.written_at, asked_by=actor,
    )  # fmt: skip
    _send(letter, actor, now)
    return letter


def _send(letter: Letter, actor: User | None, now: datetime) -> None:
    trail.record(
        "letter.written", obj=letter, actor=actor, now=now,
        data={"kind": letter.kind, "number": letter.number, "language": letter.language},
    )  # fmt: skip
    queue.enqueue(ISSUE, {"letter": letter.pk}, now=now, key=f"letter-{letter.pk}")


def issue_letter(payload: Mapping[str, Any]) -> None:
    """Body of the job "reviews.letter"."""
    freeze_letter(letter_id=int(payload["letter"]), now=timezone.now())


@transaction.atomic
def freeze_letter(*, letter_id: int, now: datetime) -> Letter:
    """Freeze what the letter says and ask for its seal, and tell who asked; does nothing when that is done."""
    letter = Letter.objects.select_for_update(of=("self",)).select_related(
        "request__requester", "request__project", "request__version__model", "decision__record",
        "decision__revision", "decision__request", "translates__record",
    ).get(pk=letter_id)  # fmt: skip
    if letter.record_id is not None:
        return letter
    language = cast(Language, letter.language)
    with override(language):
        text = in_force(LetterKind(letter.kind), language)
        first = letter.translates.record if letter.translates else None
        context = context_of(
            told_of(letter), text, language=language, translation_of=cited(first) if first else None
        )
        letter.record = _sealed(letter, language, context, now)
    letter.save(update_fields=["record"])
    trail.record(
        "letter.issued", obj=letter, actor=None, now=now,
        data={
            "kind": letter.kind, "number": letter.number, "record_sha256": letter.record.context_sha256,
            "text_version": text.version, "text_sha256": text.sha256,
        },
    )  # fmt: skip
    tell_of_letter(letter, now)
    return letter


def _sealed(letter: Letter, language: Language, context: Mapping[str, Any], now: datetime) -> Record:
    record = issue.freeze(
        kind="letter", obj=letter.request, reference=letter_reference(letter), language=language, context=context,
        actor=None, now=now,
    )  # fmt: skip
    return issue.seal(record=record, actor=None, now=now)


def _checked(kind: LetterKind, said: Mapping[str, str]) -> dict[str, str]:
    wanted = said_of(kind)
    unknown = set(said) - set(wanted)
    missing = {name for name, about in wanted.items() if not about.maybe and not said.get(name, "").strip()}
    if unknown or missing:
        raise ValueError(f"A letter {kind.value!r}: unknown {sorted(unknown)}, missing {sorted(missing)}.")
    return {name: said.get(name, "").strip() for name in wanted}


def _next_number(request: ReviewRequest) -> int:
    return (Letter.objects.filter(request=request).aggregate(last=Max("number"))["last"] or 0) + 1


def language_of_letters(request: ReviewRequest) -> str:
    """Return the language of the leading board, or the request's where no board has it or the board names none."""
    review = current_reviews(request).first()
    return (review.board.language if review else "") or request.language


def _decision_of(about: Model, request: ReviewRequest) -> Decision | None:
    if isinstance(about, Decision):
        return about
    if hasattr(about, "decision_id"):
        return cast(Decision | None, getattr(about, "decision", None))
    if isinstance(about, Notice):
        return None  # nothing was decided on what is not complete
    return Decision.objects.filter(request=request).order_by("-number").first()
