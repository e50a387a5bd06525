"""What the rules of triage propose for a submitted request, with every reason, for the secretary who routes it."""

from django.http import Http404, HttpRequest
from ninja import Field

from accounts.api.fields import Out
from accounts.api.rooms import Room
from accounts.rules.scopes import Scope
from reviews.api.requests import Reference, found_request
from reviews.models import Board
from reviews.permissions.reasons import require
from reviews.permissions.triage import why_not_secretary
from reviews.rules.triage import Procedure
from reviews.selectors.triage_page import triage_page

room = Room("Triage and interests")


class ExcludedOut(Out):
    """A member of a board who would be recused."""

    name: str = Field(examples=["Rex Recused"])
    board: str = Field(examples=["Ethics board"])
    reason: str = Field(examples=["Line manager of the requester"])


class TriageProposalOut(Out):
    """What the rules propose for the last revision; the secretary may route it otherwise, with a reason."""

    revision: int = Field(examples=[1])
    tier: int = Field(description="Of risk, 1 to 4.", examples=[2])
    procedure: Procedure
    boards: list[str] = Field(description="Short names.", examples=[["ethics"]])
    leading: str | None = Field(examples=["ethics"])
    missing_kinds: str = Field(
        description="Kinds of boards that the rules ask for, and that aren't there.", examples=[""]
    )
    reasons: list[str] = Field(examples=[["The weights are open."]])
    excluded: list[ExcludedOut]
    changed: int = Field(description="Answers that changed since the revision before.", examples=[0])
    why_not_check: str | None = Field(
        description="Null: this person may accept or return it.", examples=[None]
    )
    why_not_route: str | None = Field(description="Null: this person may route it.", examples=[None])


@room.get("/requests/{reference}/triage", TriageProposalOut, Scope.REQUESTS_READ)
def read_triage_proposal(request: HttpRequest, reference: Reference) -> TriageProposalOut:
    """Read what the rules propose for a submitted request and why, and who would have to keep out."""
    user, found, now = found_request(request, reference)
    require(why_not_secretary(user, found, now))
    if found.submitted_at is None:
        raise Http404
    page = triage_page(user, found, now)
    chosen = {board.pk: board.slug for board in Board.objects.filter(pk__in=page.initial["boards"])}
    return TriageProposalOut(
        revision=page.revision.number, tier=page.proposal.tier, procedure=page.proposal.procedure,
        boards=[chosen[key] for key in page.initial["boards"]], leading=chosen.get(page.initial["leading"]),
        missing_kinds=page.missing_kinds, reasons=list(page.reasons),
        excluded=[ExcludedOut(name=one.name, board=one.board, reason=one.reason) for one in page.excluded],
        changed=page.changed, why_not_check=str(page.why_not_check) if page.why_not_check else None,
        why_not_route=str(page.why_not_route) if page.why_not_route else None,
    )  # fmt: skip
