"""Appeals: the requester files one in time, the secretary forms its panel, and the panel reviews in a new round."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import IllegalTransition, Refused
from reviews.models import Appeal, Board, BoardReview, ReviewRequest
from reviews.permissions import panels as permissions
from reviews.permissions.appealing import why_not_file
from reviews.permissions.reasons import require
from reviews.permissions.sight import request_to_change
from reviews.permissions.standing import forget_standings
from reviews.rules.appeals import AppealEvent, Round, round_of_appeal
from reviews.rules.boards_together import BoardKind
from reviews.rules.explaining import DateKind
from reviews.rules.lifecycle import RequestEvent
from reviews.rules.panel_policy import appeal_policy
from reviews.rules.panels import APPEAL_MINIMUM, BoardPurpose, kind_of_panel
from reviews.rules.review_lifecycle import Matter
from reviews.selectors.appeals import appealed_in, before_appeal, leading_board
from reviews.selectors.boards_page import policy_of
from reviews.selectors.candidates import screen_for_appeal
from reviews.selectors.reviews import current_reviews
from reviews.services.appeal_letters import confirm_receipt
from reviews.services.appeal_outcome import move_appeal
from reviews.services.clock import set_clock
from reviews.services.panels import Chosen, Planned, form
from reviews.services.progress import move_request
from reviews.services.reckoning import keep, reckon
from reviews.services.routing import assign, let_none_lead, next_round
from reviews.services.screening import screen_conflicts


@transaction.atomic
def file_appeal(*, actor: User, request_id: int, grounds: str, now: datetime) -> Appeal:
    """Appeal the rejection or the suspension, with grounds; once for each, within the days that the policy gives.

    Raises Refused, with the date, when the time is over.
    """
    request = request_to_change(actor, request_id, now)
    found = appealed_in(request, now)
    if found is None:
        raise IllegalTransition(_("Only a rejection or a suspension is appealed, and there is none."))
    require(why_not_file(actor, request, found.chance))
    if not grounds.strip():
        raise Refused(_("Say on what grounds you appeal; the panel begins with them."))
    reckoned = reckon(DateKind.APPEAL, found.board, now)
    appeal = Appeal.objects.create(
        request=request,
        number=Appeal.objects.filter(request=request).count() + 1,
        decision=found.decision,
        suspension=found.suspension,
        grounds=grounds.strip(),
        filed_by=actor,
        filed_at=now,
        due_at=reckoned.due,
        state_since=now,
    )
    keep(appeal, reckoned, now=now, request=request, actor=actor)
    move_request(request, RequestEvent.APPEAL, now)
    trail.record(
        "appeal.filed", obj=appeal, actor=actor, now=now, reason=appeal.grounds,
        data={"number": appeal.number, "decision": found.decision.number},
    )  # fmt: skip
    confirm_receipt(appeal, found.board, now)
    return appeal


@transaction.atomic
def form_appeal_panel(
    *,
    actor: User,
    appeal_id: int,
    people: Sequence[int],
    chair: int,
    now: datetime,
    attributes: Mapping[int, frozenset[str]] | None = None,
) -> Board:
    """Form the panel that hears the appeal, of nobody who voted before; its round begins at once.

    `people` and `chair` are ids, `attributes` what the secretary says that people are, beyond their seats. A rejected
    request is in review again; a suspended one stays suspended.
    """
    appeal = _appeal_to_change(actor, appeal_id, now)
    require(permissions.why_not_form_appeal(actor, appeal, now))
    request = appeal.request
    before = list(current_reviews(request))
    chosen = Chosen(tuple(people), chair, attributes or {})
    panel = form(_planned(appeal, before), chosen, screen_for_appeal(actor, appeal, now), actor, now)
    move_appeal(appeal, AppealEvent.FORM_PANEL, now)
    appeal.panel, appeal.formed_by, appeal.formed_at = panel, actor, now
    appeal.save()
    move_request(request, RequestEvent.HEAR_APPEAL, now)
    trail.record(
        "appeal.heard", obj=appeal, actor=None, now=now, data={"number": appeal.number, "board": panel.pk}
    )
    screen_conflicts(request=request, boards=[panel], now=now)
    if appeal.suspension_id is None:
        _begin_round(request, panel, before, actor, now)
    else:
        _join_round(request, panel, before, actor, now)
    set_clock(request, now)
    forget_standings(request)
    return panel


def _planned(appeal: Appeal, before: Sequence[BoardReview]) -> Planned:
    """Return the panel as it is to be, of the kind and by the policy of those in whose place it sits."""
    replaced = _replaced(appeal, before)
    base = replaced[0].board
    return Planned(
        request=appeal.request,
        purpose=BoardPurpose.APPEAL,
        kind=kind_of_panel({BoardKind(review.board.kind) for review in replaced}),
        base=base,
        policy=appeal_policy(policy_of(base)),
        minimum=APPEAL_MINIMUM,
        number=appeal.number,
    )


def _appeal_to_change(actor: User, appeal_id: int, now: datetime) -> Appeal:
    request_id = Appeal.objects.filter(pk=appeal_id).values_list("request_id", flat=True).first()
    if request_id is None:
        raise Http404
    request = request_to_change(actor, request_id, now)
    appeal = Appeal.objects.select_related("panel").get(pk=appeal_id)
    appeal.request = request
    return appeal


def _replaced(appeal: Appeal, before: Sequence[BoardReview]) -> list[BoardReview]:
    """Return the reviews in whose place the panel sits: those that rejected it, or the leading one of a suspension."""
    if appeal.suspension_id is not None:
        leading = leading_board(appeal.request)
        return [review for review in before if review.board_id == leading.pk]
    plan = _plan(before)
    return [review for review in before if review.board_id in plan.replaced]


def _plan(before: Sequence[BoardReview]) -> Round:
    return round_of_appeal(before_appeal(before))


def _begin_round(
    request: ReviewRequest, panel: Board, before: Sequence[BoardReview], actor: User, now: datetime
) -> None:
    """Begin the round of the appeal: the panel in place of who rejected; who was stopped goes on; approvals stand."""
    plan, number = _plan(before), next_round(request)
    former = let_none_lead(request)
    lead = {review.board_id for review in before if review.leading} - set(plan.replaced)
    revision, procedure = before[0].revision, request.procedure
    stand = [review for review in before if review.board_id in plan.stand]
    for review in stand:
        review.round, review.leading = number, review.board_id in lead
        review.save(update_fields=["round", "leading"])
    changed = [*{review.pk: review for review in (*former, *stand)}.values()]
    assign(
        request=request, board=panel, revision=revision, procedure=procedure, number=number,
        leads=plan.panel_leads, former=changed, actor=actor, now=now,
    )  # fmt: skip
    for review in before:
        if review.board_id in plan.go_on:
            assign(
                request=request, board=review.board, revision=revision, procedure=procedure, number=number,
                leads=review.board_id in lead, former=[], actor=actor, now=now,
            )  # fmt: skip


def _join_round(
    request: ReviewRequest, panel: Board, before: Sequence[BoardReview], actor: User, now: datetime
) -> None:
    """Give the suspension to the panel beside the boards that approved; nothing of theirs begins anew."""
    assign(
        request=request, board=panel, revision=before[0].revision, procedure=request.procedure,
        number=before[0].round, leads=False, former=[], actor=actor, now=now, matter=Matter.SUSPENSION,
    )  # fmt: skip
