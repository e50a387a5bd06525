"""The secretary's part before review: return with all gaps, accept as complete, confirm or change the route."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from reviews.models import Board, Notice, ReviewRequest, Revision, Triage
from reviews.permissions import triage as permissions
from reviews.permissions.policies import boards_not_offering
from reviews.permissions.reasons import require
from reviews.permissions.sight import request_to_change
from reviews.rules.letter_kinds import LetterKind
from reviews.rules.lifecycle import RequestEvent
from reviews.rules.panels import BoardPurpose
from reviews.rules.provisional import NoGround, why_not_ground
from reviews.rules.triage import Procedure, Proposal
from reviews.rules.triage_rules import TIERS
from reviews.selectors.questionnaires import questionnaire
from reviews.selectors.triage import as_json, departs, proposal_for, rules_in_force
from reviews.services.letters import write_letter
from reviews.services.progress import move_request
from reviews.services.routing import open_reviews
from reviews.services.second_review import take_panel_along


@transaction.atomic
def return_request(
    *, actor: User, request_id: int, text: str, questions: Sequence[str] = (), now: datetime
) -> Notice:
    """Send the submitted request back to draft; one notice names all gaps, `questions` are the keys it is about."""
    request = request_to_change(actor, request_id, now)
    require(permissions.why_not_check(actor, request, now))
    if not text.strip():
        raise Refused(_("Name the gaps: the requester sees this notice, and only one is sent."))
    known = {question.key for question in questionnaire(request.questionnaire).questions}
    notice = Notice.objects.create(
        request=request, revision=last_revision(request), text=text.strip(),
        questions=[key for key in questions if key in known], made_by=actor, made_at=now,
    )  # fmt: skip
    move_request(request, RequestEvent.SEND_BACK, now)
    trail.record(
        "request.sent_back", obj=request, actor=actor, now=now, reason=notice.text, also=[notice],
        data={"revision": notice.revision.number, "questions": notice.questions},
    )  # fmt: skip
    write_letter(kind=LetterKind.GAPS, request=request, about=notice, now=now)
    return notice


@transaction.atomic
def accept_request(*, actor: User, request_id: int, now: datetime) -> ReviewRequest:
    """Say that the submitted request is complete: it goes to triage."""
    request = request_to_change(actor, request_id, now)
    require(permissions.why_not_check(actor, request, now))
    move_request(request, RequestEvent.ACCEPT, now)
    trail.record(
        "request.accepted",
        obj=request,
        actor=actor,
        now=now,
        data={"revision": last_revision(request).number},
    )
    return request


@transaction.atomic
def route_request(
    *,
    actor: User,
    request_id: int,
    tier: int,
    procedure: str,
    boards: Sequence[Board],
    leading: Board,
    override_reason: str = "",
    ground: str = "",
    now: datetime,
) -> Triage:
    """Give the request to the boards; a route other than the proposed one needs a reason.

    `tier` is 1 to 4, `procedure` a Procedure, `leading` one of the boards, `ground` an EmergencyGround: an emergency
    needs one, and nothing else has one. The conflict screen runs in `open_reviews`.
    """
    request = request_to_change(actor, request_id, now)
    require(permissions.why_not_route(actor, request, now))
    revision = last_revision(request)
    proposal = proposal_for(revision)
    _check(proposal, tier, procedure, boards, leading, override_reason)
    _check_ground(procedure, ground)
    triage = _keep(
        request, revision, proposal, tier, procedure, leading, ground, actor, override_reason.strip(), now
    )
    triage.boards.set(boards)
    request.tier, request.procedure = tier, procedure
    request.save(update_fields=["tier", "procedure"])
    move_request(request, RequestEvent.ROUTE, now)
    trail.record(
        "request.routed", obj=request, actor=actor, now=now, reason=triage.override_reason, also=[triage],
        data={
            "tier": tier, "procedure": procedure, "boards": sorted(board.pk for board in boards),
            "leading": leading.pk, "proposed": triage.proposed, "revision": revision.number, "ground": ground,
        },
    )  # fmt: skip
    open_reviews(
        request=request,
        boards=boards,
        leading=leading,
        revision=revision,
        procedure=procedure,
        actor=actor,
        now=now,
    )
    take_panel_along(request, boards, revision, actor, now)
    return triage


def last_revision(request: ReviewRequest) -> Revision:
    """Return the revision that is being judged; a submitted request has one."""
    revision = request.revisions.order_by("-number").first()
    if revision is None:
        raise Refused(_("Nothing was submitted yet."))
    return revision


def _check(
    proposal: Proposal, tier: int, procedure: str, boards: Sequence[Board], leading: Board, reason: str
) -> None:
    if tier not in TIERS or procedure not in list(Procedure):
        raise Refused(_("Choose one of the risk tiers and one of the procedures."))
    if not boards or leading not in boards:
        raise Refused(_("Choose at least one board, and which of them leads."))
    if any(board.closed_at or board.purpose != BoardPurpose.STANDING for board in boards):
        raise Refused(_("One of these boards is closed and takes no new reviews."))
    if without := boards_not_offering(boards, procedure):
        raise Refused(
            _("{board} doesn't offer this procedure. Choose another, or change its policy.").format(
                board=without[0].name
            )
        )
    if departs(proposal, tier=tier, procedure=procedure, boards=boards) and not reason.strip():
        raise Refused(
            _("This is another route than the rules propose. Say why: the reason becomes part of the record.")
        )


def _check_ground(procedure: str, ground: str) -> None:
    found = why_not_ground(procedure, ground)
    if found == NoGround.MISSING:
        raise Refused(_("Say whether active harm or a critical fix calls for the emergency procedure."))
    if found == NoGround.NOT_AN_EMERGENCY:
        raise Refused(_("Only the emergency procedure has such a ground."))


def _keep(
    request: ReviewRequest, revision: Revision, proposal: Proposal, tier: int, procedure: str, leading: Board,
    ground: str, actor: User, reason: str, now: datetime,
) -> Triage:  # fmt: skip
    triage, _created = Triage.objects.update_or_create(
        request=request,
        defaults={
            "revision": revision, "proposed": as_json(proposal) | {"rules": rules_in_force()[0]},
            "tier": tier, "procedure": procedure,
            "leading": leading, "ground": ground, "confirmed_by": actor, "confirmed_at": now, "override_reason": reason,
        },
    )  # fmt: skip
    return triage
