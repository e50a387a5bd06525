"""Deciding a request: the decision with its validity, the conditions of all boards, and the frozen record."""

from collections.abc import Sequence
from datetime import date, datetime

from dateutil.relativedelta import relativedelta
from django.utils.translation import override

from audit import trail
from reviews.models import Ballot, BoardReview, Condition, Decision, Determination, ReviewRequest
from reviews.models.decision import APPROVALS
from reviews.rules.boards_together import join_conditions
from reviews.rules.lifecycle import RequestEvent
from reviews.rules.policy import parse
from reviews.selectors.calendar import end_of_day, local_day
from reviews.services.clock import set_clock
from reviews.services.indexing import index_request
from reviews.services.progress import move_request
from reviews.services.recording import freeze_record, seal_record

REVIEW_MIDWAY = 2  # the next review is due half-way through the approval, at least yearly (P)


def decide(
    *, request: ReviewRequest, event: RequestEvent, deciding: Sequence[BoardReview], now: datetime
) -> Decision:
    """Write down what the boards decided, the leading board first, and freeze its record; by the system.

    An approval waits for its signatures; a return or a rejection is sealed at once. The caller has locked the
    request and moved the boards' reviews.
    """
    passed = [_passed_ballot(review) for review in deciding]
    move_request(request, event, now)
    decision = Decision(
        request=request,
        number=Decision.objects.filter(request=request).count() + 1,
        round=deciding[0].round,
        outcome=_outcome(event, passed),
        revision=passed[0].revision,
        revision_sha256=passed[0].revision_sha256,
        manifest_sha256=passed[0].revision.manifest_sha256,
        reasons=_reasons(request, deciding, passed),
        decided_at=now,
    )
    decision.status = "to_sign" if decision.outcome in APPROVALS else "final"
    set_dates(decision, deciding[0], passed, now)
    decision.save()
    _join(decision, deciding, passed)
    set_clock(request, now)
    decision.record = freeze_record(decision, now=now)
    decision.save(update_fields=["record"])
    trail.record(
        "decision.made", obj=decision, actor=None, now=now,
        data={
            "number": decision.number, "outcome": decision.outcome, "revision": decision.revision.number,
            "revision_sha256": decision.revision_sha256, "manifest_sha256": decision.manifest_sha256,
            "record_sha256": decision.record.context_sha256,
        },
    )  # fmt: skip
    trail.record(
        "request.decided", obj=request, actor=None, now=now,
        data={"outcome": decision.outcome, "state": str(request.state)},
    )  # fmt: skip
    if decision.status == "final":
        decision.record = seal_record(decision.record, [], now=now)
    index_request(request.pk)
    return decision


def end_unsigned(request: ReviewRequest, now: datetime) -> None:
    """End a decision that waits for its signatures, because the requester took the request back."""
    for decision in Decision.objects.filter(request=request, status="to_sign"):
        decision.status, decision.ended_at = "ended", now
        decision.save(update_fields=["status", "ended_at"])
        trail.record("decision.ended", obj=decision, actor=None, now=now, data={"by": "withdrawal"})


def _passed_ballot(review: BoardReview) -> Ballot:
    """Return the ballot by which the board passed its motion; the last one, if it passed several in its time."""
    found = Ballot.objects.filter(review=review, result="passed", kind=review.passed)
    return found.select_related("revision").order_by("-id")[0]


def _outcome(event: RequestEvent, passed: Sequence[Ballot]) -> str:
    if event == RequestEvent.BOARDS_REJECT:
        return "rejected"
    if event == RequestEvent.BOARDS_RETURN:
        return "returned"
    return "approved_with_conditions" if any(ballot.conditions for ballot in passed) else "approved"


def _reasons(request: ReviewRequest, deciding: Sequence[BoardReview], passed: Sequence[Ballot]) -> str:
    """Return the motions that passed, each under the name of its board if there are several."""
    if len(passed) == 1:
        return passed[0].text
    with override(deciding[0].board.language or request.language):
        pairs = [
            f"**{review.board.name}**\n\n{ballot.text}"
            for review, ballot in zip(deciding, passed, strict=True)
        ]
    return "\n\n".join(pairs)


def set_dates(
    decision: Decision, leading: BoardReview, passed: Sequence[Ballot | Determination], now: datetime
) -> None:
    """Set validity (the shortest of the boards' policies), next review and appeal, in days of the leading board."""
    policies = [parse(act.policy) for act in passed]
    today = local_day(now, leading.board)
    decision.appeal_until = today + relativedelta(days=max(policy.appeal_days for policy in policies))
    if decision.outcome not in APPROVALS:
        return
    months = min(policy.validity_months for policy in policies)
    decision.valid_from = today
    decision.valid_until = today + relativedelta(months=months, days=-1)
    decision.expires_at = end_of_day(decision.valid_until, leading.board)
    if months >= REVIEW_MIDWAY:
        decision.next_review = today + relativedelta(months=min(months // REVIEW_MIDWAY, 12))


def _join(decision: Decision, deciding: Sequence[BoardReview], passed: Sequence[Ballot]) -> None:
    """Make the conditions of all boards those of the decision, numbered through in the order of the boards."""
    by_board = [
        [(review, kept) for kept in ballot.conditions]
        for review, ballot in zip(deciding, passed, strict=True)
    ]
    conditions = [
        Condition(
            decision=decision,
            review=review,
            number=number,
            text=kept["text"],
            owner_id=kept["owner"],
            due=date.fromisoformat(kept["due"]),
            due_at=end_of_day(date.fromisoformat(kept["due"]), review.board),
            verifier_id=kept["verifier"],
            blocks_release=kept["blocks_release"],
        )
        for number, (review, kept) in enumerate(join_conditions(by_board), start=1)
    ]
    for condition in conditions:
        condition.save()
        trail.record(
            "condition.set", obj=condition, actor=None, now=decision.decided_at,
            data={"number": condition.number, "blocks_release": condition.blocks_release},
        )  # fmt: skip
