"""Proposals for answers: made from files and earlier dossiers, taken or dismissed by who writes the dossier."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from records.canonical import canonical, digest
from registry.models import ModelVersion
from reviews.models import Answer, Proposal, ReviewRequest
from reviews.permissions import drafting as permissions
from reviews.permissions.reasons import require
from reviews.permissions.sight import request_to_change, visible_to
from reviews.rules.proposals import (
    LONGEST_PLACE,
    LONGEST_QUOTE,
    MOST,
    Found,
    ProposalSource,
    ProposalState,
    as_taken,
    fitting,
    why_unfit,
)
from reviews.selectors.dossier import dossier_of
from reviews.selectors.dossier_words import fault_in_words
from reviews.selectors.questionnaires import questionnaire
from reviews.selectors.shown_proposals import shown_proposals
from reviews.services.answers import StaleAnswer, write_answer


@transaction.atomic
def propose(
    *, actor: User, request_id: int, found: Sequence[Found], source: str, source_name: str, now: datetime
) -> list[Proposal]:
    """Keep what was found as open proposals and return them; they replace open ones of the same source and name.

    What doesn't fit its question (`rules.proposals.why_unfit` says why) or is its answer already is left out. Raises
    Refused for more than `MOST`. One event, which names questions and a digest, not what was found.
    """
    request = request_to_change(actor, request_id, now)
    require(permissions.why_not_edit(actor, request, now))
    if len(found) > MOST:
        raise Refused(_("This is more than {count} proposals at once.").format(count=MOST))
    kept = keep_proposals(request, found, source=source, source_name=source_name, actor=actor, now=now)
    data = summary(kept.made, source)
    trail.record("proposals.made", obj=request, actor=actor, now=now, data=data, also=kept.all)
    return kept.made


@dataclass(frozen=True, slots=True)
class Kept:
    """The proposals that were made, and the open ones that they replaced."""

    made: list[Proposal]
    replaced: list[Proposal]

    @property
    def all(self) -> list[Proposal]:
        """Return every proposal that was written."""
        return self.made + self.replaced


def summary(made: Sequence[Proposal], source: str) -> dict[str, object]:
    """Return what an event says of proposals: how many, for which questions, and a digest of them."""
    found = [asdict(Found(one.question, one.value, one.place, one.quote)) for one in made]
    return {
        "source": source,
        "count": len(made),
        "questions": sorted({one.question for one in made}),
        "sha256": digest(canonical(found)),
    }


def keep_proposals(
    request: ReviewRequest,
    found: Sequence[Found],
    *,
    source: str,
    source_name: str,
    actor: User,
    now: datetime,
) -> Kept:
    """Do what `propose` does without asking who may and without an event: the caller records one about all of it."""
    source_name = source_name[:255]
    answers = dict(Answer.objects.filter(request=request).values_list("question", "value"))
    fits = fitting(found, questionnaire(request.questionnaire), answers)
    earlier = Proposal.objects.filter(request=request, source=source, source_name=source_name)
    replaced = _settle(earlier.filter(state=ProposalState.OPEN), ProposalState.REPLACED, actor, now)
    made = Proposal.objects.bulk_create(
        Proposal(
            request=request, question=one.question, value=one.value, source=ProposalSource(source).value,
            source_name=source_name, place=one.place[:LONGEST_PLACE], quote=one.quote[:LONGEST_QUOTE],
            made_at=now, made_by=actor,
        )
        for one in fits
    )  # fmt: skip
    return Kept(made, replaced)


@transaction.atomic
def take_proposal(*, actor: User, proposal_id: int, expected_version: int, now: datetime) -> Answer:
    """Make the proposal the answer to its question; `expected_version` is of the answer the taker saw, 0 for none.

    Rows join the rows that are there. Raises StaleAnswer when somebody else saved another value in the meantime, and
    Refused when it was settled.
    """
    proposal, request = _to_settle(actor, proposal_id, now)
    present = Answer.objects.filter(request=request, question=proposal.question).first()
    question = questionnaire(request.questionnaire).question(proposal.question)
    before = present.value if present else None
    value = as_taken(question, before, proposal.value) if question else proposal.value
    if question and (fault := why_unfit(question, value)):  # rows that join others may be too many
        raise Refused(fault_in_words(question, fault))
    same = present is not None and before == value
    if not same and expected_version != (present.version if present else 0):
        raise StaleAnswer(present)
    answer = present if present and same else write_answer(
        request, present, proposal.question, value, actor, now
    )  # fmt: skip
    settled = _settle(Proposal.objects.filter(pk=proposal.pk), ProposalState.TAKEN, actor, now)
    rest = Proposal.objects.filter(request=request, question=proposal.question, state=ProposalState.OPEN)
    alike = [other.pk for other in rest if other.value == proposal.value]
    settled += _settle(Proposal.objects.filter(pk__in=alike), ProposalState.REPLACED, actor, now)
    trail.record(
        "proposal.taken", obj=answer, actor=actor, now=now, also=settled,
        data={
            "question": proposal.question, "version": answer.version, "source": proposal.source,
            "proposal": proposal.pk, "sha256": digest(canonical([answer.value])),
        },
    )  # fmt: skip
    return answer


@transaction.atomic
def take_all(*, actor: User, request_id: int, topic: str, now: datetime) -> int:
    """Take the newest proposal for each question of the topic that is asked and has no answer; returns how many.

    Each leaves its own event. An answer that is there is never replaced.
    """
    request = request_to_change(actor, request_id, now)
    require(permissions.why_not_edit(actor, request, now))
    request.version = ModelVersion.objects.get(pk=request.version_id)
    about = questionnaire(request.questionnaire).topic(topic)
    of_topic = {question.key for question in about.questions} if about else set()
    taken: set[str] = set()
    while True:
        dossier = dossier_of(request)  # taking one may ask another
        newest: dict[str, int] = {
            question: shown[0].id for question, shown in shown_proposals(request, dossier, actor, now).items()
        }
        left = [
            question.key
            for question in dossier.asked
            if question.key in newest
            and question.key not in taken
            and dossier.given.answers.get(question.key) is None
            and question.key in of_topic
        ]
        if not left:
            return len(taken)
        for key in left:
            present = dossier.answers.get(key)
            version = present.version if present else 0
            take_proposal(actor=actor, proposal_id=newest[key], expected_version=version, now=now)
            taken.add(key)


@transaction.atomic
def dismiss_proposal(*, actor: User, proposal_id: int, now: datetime) -> Proposal:
    """Put the proposal away without taking it; raises Refused when it was settled."""
    proposal, _request = _to_settle(actor, proposal_id, now)
    _settle(Proposal.objects.filter(pk=proposal.pk), ProposalState.DISMISSED, actor, now)
    proposal.refresh_from_db()
    trail.record(
        "proposal.dismissed", obj=proposal, actor=actor, now=now, data={"question": proposal.question}
    )
    return proposal


def _to_settle(actor: User, proposal_id: int, now: datetime) -> tuple[Proposal, ReviewRequest]:
    """Return an open proposal with its request locked; raises Http404 for who doesn't see the request."""
    request_id = Proposal.objects.filter(pk=proposal_id).values_list("request_id", flat=True).first()
    if request_id is None:
        raise Http404
    request = request_to_change(actor, request_id, now)
    require(permissions.why_not_edit(actor, request, now))
    proposal = Proposal.objects.get(pk=proposal_id)
    if proposal.state != ProposalState.OPEN:
        raise Refused(
            _("This proposal was taken, dismissed or replaced in the meantime. Load the page again.")
        )
    earlier = proposal.source == ProposalSource.LAST_DOSSIER and proposal.made_by_id != actor.pk
    if earlier and not visible_to(actor, now).filter(reference=proposal.source_name).exists():
        raise Http404
    return proposal, request


def _settle(
    proposals: QuerySet[Proposal], state: ProposalState, actor: User, now: datetime
) -> list[Proposal]:
    """Settle them, and return them as they are then; the caller holds the lock of their request."""
    settled = list(proposals.order_by("pk"))
    for one in settled:
        one.state, one.settled_at, one.settled_by = state.value, now, actor
    Proposal.objects.bulk_update(settled, ["state", "settled_at", "settled_by"])
    return settled
