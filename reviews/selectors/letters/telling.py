"""What a letter has to tell, by its kind: from the decision's record, the row that it is about, and what was said.

Call it inside `translation.override(language)`: labels come in the language that is active.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.apps import apps
from django.conf import settings
from django.db.models import Model
from django.utils.translation import gettext as _

from records.context import instant
from records.models import Record
from reviews.models import Appeal, Decision, Letter, Notice, Refusal, Revision, Suspension
from reviews.rules.letter_kinds import DECISIONS, LetterKind, said_of
from reviews.selectors.letters import from_record
from reviews.selectors.letters.told import Told, as_read
from reviews.selectors.questionnaires import questionnaire
from reviews.selectors.record.apart import where_it_is_appealed
from reviews.selectors.record.duties import appeal_route
from reviews.selectors.reviews import current_reviews
from reviews.selectors.words import SIGNING_ROLES


def about(letter: Letter) -> Model:
    """Return the row that the letter tells of."""
    found: Model = apps.get_model(letter.about_type)._default_manager.get(pk=letter.about_id)
    return found


def letter_reference(letter: Letter) -> str:
    """Return the number of a letter: IMP-2026-0001-L2."""
    return f"{letter.request.reference}-L{letter.number}"


def told_of(letter: Letter) -> Told:
    """Return what the letter has to tell."""
    told = _common(letter)
    row = about(letter)
    kind = LetterKind(letter.kind)
    if kind in DECISIONS and letter.decision is not None:
        _add_decision(told, letter.decision, row)
    elif letter.decision is not None and letter.decision.record is not None:
        _add_approval(told, letter.decision, letter.decision.record)
        if isinstance(row, Appeal) and row.led_to_id == letter.decision_id:
            told.minority_opinions = from_record.minority_of(from_record.frozen_of(letter.decision.record))
    elif isinstance(row, Notice):
        _add_revision(told, row.revision)
    for model, values in _ABOUT.items():
        if isinstance(row, model):
            told.values |= values(row)
    if isinstance(row, Notice):
        told.questions = _questions(row, letter.language)
    told.values |= {name: str(letter.said.get(name, "")) for name in said_of(kind)}
    return told


def _common(letter: Letter) -> Told:
    request = letter.request
    version = request.version
    review = current_reviews(request).first()
    board = review.board if review else None
    title = f"{version.model.name} {version.number}"
    values = {
        "organisation": settings.ORGANISATION,
        "board": board.name if board else settings.ORGANISATION,
        "requester": request.requester.display_name,
        "reference": request.reference,
        "letter": letter_reference(letter),
        "model": title,
        "project": request.project.name,
        "purpose": request.purpose,
        "date": instant(letter.written_at),
        "withdrawn_at": instant(letter.written_at),
        "received_at": instant(letter.written_at),
        "appeal_route": appeal_route(),
    }
    return Told(
        reference=values["letter"],
        request=request.reference,
        title=title,
        subtitle=request.purpose,
        board=board.name if board else "",
        time_zone=board.time_zone if board else settings.TIME_ZONE,
        addressed_to=[request.requester.display_name, request.project.name],
        written_at=instant(letter.written_at),
        values=values,
    )


def _add_decision(told: Told, decision: Decision, row: Model) -> None:
    """Add what the frozen record says: the refusal's own record where legal or the chair would not sign."""
    record = row.record if isinstance(row, Refusal) and row.record else decision.record
    if record is None:
        return
    frozen = from_record.frozen_of(record)
    procedure = decision.request.procedure
    told.values |= from_record.values_of(frozen, procedure)
    told.values["board"] = from_record.boards_in_words(frozen)
    told.values["appeal_route"] = where_it_is_appealed(decision)
    if decision.provisional:  # without the full review it ends on its last day
        told.values["full_review_by"] = told.values["valid_until"]
    told.facts = from_record.facts_of(frozen, procedure, record)
    told.conditions = from_record.conditions_of(frozen)
    told.minority_opinions = from_record.minority_of(frozen)
    told.duties = from_record.duties_of(frozen)
    told.signatures = from_record.signatures_of(record)
    told.decision = from_record.cited(record)
    _add_digests(told, decision)


def _add_approval(told: Told, decision: Decision, record: Record) -> None:
    """Add the facts of the approval that a later letter is about."""
    frozen = from_record.frozen_of(record)
    known = from_record.values_of(frozen, decision.request.procedure)
    told.values |= {name: known[name] for name in ("decided_on", "revision", "valid_until", "appeal_until")}
    facts = from_record.facts_of(frozen, decision.request.procedure, record)
    told.facts = [facts[0], facts[1], facts[-1]]
    told.decision = from_record.cited(record)
    _add_digests(told, decision)


def _add_digests(told: Told, decision: Decision) -> None:
    told.revision = decision.revision.number
    told.revision_sha256, told.manifest_sha256 = decision.revision_sha256, decision.manifest_sha256


def _add_revision(told: Told, revision: Revision) -> None:
    told.values["revision"] = str(revision.number)
    told.revision = revision.number
    told.revision_sha256, told.manifest_sha256 = revision.sha256, revision.manifest_sha256
    told.facts = [
        {"label": _("Model digest"), "text": "", "digest": revision.manifest_sha256},
        {
            "label": _("Dossier, revision {number}").format(number=revision.number),
            "text": "",
            "digest": revision.sha256,
        },
    ]


def _questions(notice: Notice, language: str) -> list[str]:
    known = {each.key: each for each in questionnaire(notice.request.questionnaire).questions}
    return [known[key].text.in_language(language) for key in notice.questions if key in known]


def _of_notice(notice: Model) -> dict[str, str]:
    assert isinstance(notice, Notice)
    return {"gaps": notice.text, "secretary": notice.made_by.display_name}


def _of_refusal(refusal: Model) -> dict[str, str]:
    assert isinstance(refusal, Refusal)
    return {
        "refused_by": refusal.name,
        "refused_as": str(SIGNING_ROLES[refusal.role]),
        "reasons": refusal.reason,
    }


def _of_suspension(suspension: Model) -> dict[str, str]:
    assert isinstance(suspension, Suspension)
    return {
        "suspended_by": (
            suspension.suspended_by.display_name if suspension.suspended_by else _("the policy of the board")
        ),
        "suspended_at": instant(suspension.suspended_at),
        "ratify_by": instant(suspension.ratify_by),
        "reasons": suspension.ending_reason if suspension.ending else suspension.reason,
    }


_ABOUT: Mapping[type[Model], Callable[[Model], dict[str, str]]] = {
    Notice: _of_notice,
    Refusal: _of_refusal,
    Suspension: _of_suspension,
}


def standing_of(kind: LetterKind, values: Mapping[str, str], zone: str) -> str:
    """Return the line below the outcome: until when it holds, or what is due; empty: there is nothing to say."""
    read = as_read(kind, values, zone)
    if kind in {LetterKind.APPROVED, LetterKind.CONDITIONS, LetterKind.PROVISIONAL}:
        return _("Valid {first} to {last}, for the digest below only").format(
            first=read["valid_from"], last=read["valid_until"]
        )
    if kind == LetterKind.REJECTED:
        return _("Appeal until {day}").format(day=read["appeal_until"]) if read["appeal_until"] else ""
    if kind == LetterKind.SUSPENDED:
        return _("Since {moment}").format(moment=read["suspended_at"])
    if kind in {LetterKind.LIFTED, LetterKind.LAPSED}:
        return _("In force again until {day}").format(day=read["valid_until"])
    if kind == LetterKind.APPEAL_DECIDED:
        return read["result"]
    if kind == LetterKind.INCIDENT:
        return _("Report due by {moment}").format(moment=read["report_by"])
    if kind == LetterKind.REVIEW_DUE:
        return _("By {day}").format(day=read["due"])
    return ""


def decision_before(request_id: int, now: datetime) -> Decision | None:
    """Return the last decision of the request that was made by then."""
    found = Decision.objects.filter(request_id=request_id, decided_at__lte=now)
    return found.select_related("record", "revision").order_by("-number").first()
