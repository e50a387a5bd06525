"""The second review by experts: its panel is formed beside the boards, and goes along to later rounds."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit import trail
from reviews.models import Board, ReviewRequest, Revision, Seat
from reviews.permissions import panels as permissions
from reviews.permissions.reasons import require
from reviews.permissions.sight import request_to_change
from reviews.permissions.standing import forget_standings
from reviews.rules.boards_together import BoardKind
from reviews.rules.clocks import Procedure
from reviews.rules.panel_policy import experts_policy
from reviews.rules.panels import BoardPurpose
from reviews.selectors.appeals import leading_board
from reviews.selectors.boards_page import policy_of
from reviews.selectors.candidates import screen_for_experts
from reviews.selectors.panels import expert_panel
from reviews.selectors.reviews import current_reviews
from reviews.services.clock import set_clock
from reviews.services.panels import Chosen, Planned, form
from reviews.services.routing import assign
from reviews.services.screening import screen_conflicts


@transaction.atomic
def form_expert_panel(
    *,
    actor: User,
    request_id: int,
    people: Sequence[int],
    chair: int,
    now: datetime,
    attributes: Mapping[int, frozenset[str]] | None = None,
) -> Board:
    """Form the panel of outside experts and give it the request, beside its boards; it votes when they have.

    `people` and `chair` are ids. Raises Refused, naming who can't be chosen and why, or what the panel lacks.
    """
    request = request_to_change(actor, request_id, now)
    base = leading_board(request)
    policy = policy_of(base)
    minimum = policy.procedure(Procedure.EXPERT).panel_minimum
    formed = expert_panel(request) is not None
    require(permissions.why_not_form_experts(actor, request, now, minimum=minimum, formed=formed))
    plan = Planned(
        request=request,
        purpose=BoardPurpose.EXPERTS,
        kind=BoardKind(base.kind),
        base=base,
        policy=experts_policy(policy),
        minimum=minimum,
        number=request.panels.filter(purpose=BoardPurpose.EXPERTS).count() + 1,
    )
    panel = form(
        plan,
        Chosen(tuple(people), chair, attributes or {}),
        screen_for_experts(actor, request, now),
        actor,
        now,
    )
    reviews = list(current_reviews(request))
    screen_conflicts(request=request, boards=[panel], now=now)
    assign(
        request=request, board=panel, revision=reviews[0].revision, procedure=request.procedure,
        number=reviews[0].round, leads=False, former=[], actor=actor, now=now,
    )  # fmt: skip
    set_clock(request, now)
    forget_standings(request)
    return panel


def take_panel_along(
    request: ReviewRequest, boards: Sequence[Board], revision: Revision, actor: User, now: datetime
) -> None:
    """Let the expert panel of an earlier round review the new revision too, when the request is routed again.

    It ends where experts aren't asked for any more, or where one of them sits on a board that reviews the request now.
    """
    panel = expert_panel(request)
    if panel is None:
        return
    experts = set(Seat.objects.filter(board=panel, until__isnull=True).values_list("person", flat=True))
    on_boards = Seat.objects.filter(board__in=boards, person__in=experts, until__isnull=True)
    if request.procedure == Procedure.EXPERT and not on_boards.exists():
        screen_conflicts(request=request, boards=[panel], now=now)
        assign(
            request=request, board=panel, revision=revision, procedure=request.procedure,
            number=current_reviews(request)[0].round, leads=False, former=[], actor=actor, now=now,
        )  # fmt: skip
        return
    panel.closed_at = now
    panel.save(update_fields=["closed_at"])
    trail.record("panel.closed", obj=request, actor=None, now=now, data={"board": panel.pk}, also=[panel])
