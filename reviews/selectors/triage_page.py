"""The secretary's page: the dossier, what the rules propose and why, who would have to keep out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language

from accounts.models import User
from imprimatur.dossier.questionnaire import Question
from reviews.models import Board, Recusal, ReviewRequest, Revision
from reviews.permissions.conflict_words import why_recused
from reviews.permissions.triage import why_not_check, why_not_route
from reviews.rules.panels import BoardPurpose
from reviews.rules.triage import Proposal
from reviews.selectors.conflicts import FoundConflict, found_conflicts, with_policies
from reviews.selectors.revisions import FrozenTopic, content_of, dossier_in_words
from reviews.selectors.triage import proposal_for, proposed_boards
from reviews.selectors.triage_words import in_words
from reviews.selectors.words import BOARD_KINDS, PROCEDURES, RECUSAL_KINDS, TIERS, joined


@dataclass(frozen=True, slots=True)
class Excluded:
    """A member of a board who would be recused by the conflict screen, and why."""

    name: str
    board: str
    reason: str


@dataclass(frozen=True, slots=True)
class TriagePage:
    """Everything that the page shows. `initial` is the proposal as the form takes it."""

    request: ReviewRequest
    revision: Revision
    topics: tuple[FrozenTopic, ...]
    facts: dict[str, Any]
    manifest: dict[str, Any]
    proposal: Proposal
    tier: str
    procedure: str
    boards: str
    missing_kinds: str
    reasons: tuple[str, ...]
    excluded: tuple[Excluded, ...]
    initial: dict[str, Any]
    why_not_check: str | None
    why_not_route: str | None

    @property
    def questions(self) -> list[Question]:
        """Return the questions that were asked."""
        return [answer.question for topic in self.topics for answer in topic.answers]

    @property
    def changed(self) -> int:
        """Return how many answers changed since the revision before."""
        return sum(answer.changed for topic in self.topics for answer in topic.answers)


def triage_page(actor: User, request: ReviewRequest, now: datetime) -> TriagePage:
    """Return the page for the last revision of a submitted request."""
    revision = Revision.objects.filter(request=request).order_by("number").last()
    assert revision is not None, "a submitted request has a revision"
    revision.request = request
    content, proposal = content_of(revision), proposal_for(revision)
    standing = Board.objects.filter(closed_at__isnull=True, purpose=BoardPurpose.STANDING)
    boards = list(with_policies(standing).order_by("id"))
    chosen = proposed_boards(proposal, boards)
    lacking = [kind for kind in proposal.boards if kind not in {board.kind for board in chosen}]
    return TriagePage(
        request=request,
        revision=revision,
        topics=tuple(dossier_in_words(revision, get_language() or "en")),
        facts=content["version"],
        manifest=content["manifest"],
        proposal=proposal,
        tier=str(TIERS[proposal.tier]),
        procedure=str(PROCEDURES[proposal.procedure]),
        boards=joined(board.name for board in chosen),
        missing_kinds=joined(str(BOARD_KINDS[kind]) for kind in lacking),
        reasons=tuple(in_words(reason) for reason in proposal.reasons),
        excluded=tuple(_excluded(request, boards, now)),
        initial={
            "tier": proposal.tier,
            "procedure": proposal.procedure.value,
            "boards": [board.pk for board in chosen],
            "leading": chosen[0].pk if chosen else None,
        },
        why_not_check=why_not_check(actor, request, now),
        why_not_route=why_not_route(actor, request, now),
    )


def _excluded(request: ReviewRequest, boards: list[Board], now: datetime) -> list[Excluded]:
    return [
        Excluded(found.seat.person.display_name, found.seat.board.name, _reason(request, found))
        for found in found_conflicts(request, boards, now)
    ]


def _reason(request: ReviewRequest, found: FoundConflict) -> str:
    """Return why, in the words in which the recusal will stand."""
    recusal = Recusal(request=request, person=found.seat.person, kind=found.reason.value, detail=found.detail)
    return str(why_recused(recusal, to_self=False)) or str(RECUSAL_KINDS[found.reason])
