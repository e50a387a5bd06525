"""Deciding a request: the decision with its validity, the conditions of all boards, and the frozen record."""

from collections.abc import Sequence
from datetime import date, datetime

from dateutil.relativedelta import relativedelta
from django.utils.translation import override

from audit import trail
from records.models import Record
from reviews.models import Ballot, BoardReview, Condition, Decision, Determination, ReviewRequest
from reviews.models.decision import APPROVALS
from reviews.rules.boards_together import join_conditions
from reviews.rules.continuing import next_review_day
from reviews.rules.lifecycle import RequestEvent
from reviews.rules.overdue import overdue_dates
from reviews.rules.policy import parse
from reviews.rules.provisional import last_day, provisional_days
from reviews.selectors.calendar import end_of_day, local_day
from reviews.services.appeal_outcome import decide_appeal, is_final
from reviews.services.clock import set_clock
from reviews.services.full_review import follow_full_review
from reviews.services.indexing import index_request
from reviews.services.letters import write_decision_letter
from reviews.services.progress import move_request
from reviews.services.recording import freeze_record, seal_record
from reviews.services.sign_clock import let_sign


def decide(
    *, request: ReviewRequest, event: RequestEvent, deciding: Sequence[BoardReview], now: datetime
) -> Decision:
    """Write down what the boards decided, the leading board first, and freeze its record; by the system.

    An approval waits for its signatures; a return or a rejection is sealed at once. The caller has locked the
    request and moved the boards' reviews.
    """
    passed = [passed_ballot(review) for review in deciding]
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
    if is_final(deciding, decision.outcome):
        decision.appeal_until = None
    decision.ends_older = any(ballot.ends_older for ballot in passed)
    decision.save()
    if decision.status == "to_sign":
        let_sign(decision, deciding[0].board, now)
    _join(decision, deciding, passed)
    set_clock(request, now)
    decision.record = freeze_record(decision, now=now)
    decision.save(update_fields=["record"])
    _tell(decision, decision.record, now)
    if decision.status == "final":
        decision.record = seal_record(decision.record, now=now)
    decide_appeal(decision, now)
    follow_full_review(decision, now)
    if decision.status == "final" and not is_final(
        deciding, decision.outcome
    ):  # the letter about the appeal tells it
        write_decision_letter(decision, now)
    index_request(request.pk)
    return decision


def _tell(decision: Decision, record: Record, now: datetime) -> None:
    trail.record(
        "decision.made", obj=decision, actor=None, now=now,
        data={
            "number": decision.number, "outcome": decision.outcome, "provisional": decision.provisional,
            "revision": decision.revision.number, "revision_sha256": decision.revision_sha256,
            "manifest_sha256": decision.manifest_sha256, "record_sha256": record.context_sha256,
        },
    )  # fmt: skip
    trail.record(
        "request.decided", obj=decision.request, actor=None, now=now,
        data={"outcome": decision.outcome, "state": str(decision.request.state)},
    )  # fmt: skip


def end_unsigned(request: ReviewRequest, now: datetime) -> None:
    """End a decision that waits for its signatures, because the requester took the request back."""
    for decision in Decision.objects.filter(request=request, status="to_sign"):
        decision.status, decision.ended_at = "ended", now
        decision.save(update_fields=["status", "ended_at"])
        trail.record("decision.ended", obj=decision, actor=None, now=now, data={"by": "withdrawal"})


def passed_ballot(review: BoardReview) -> Ballot:
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
    decision.expiry_notices = sorted(
        {day for policy in policies for day in policy.expiry_notices}, reverse=True
    )
    if days := provisional_days(decision.request.procedure, policies):
        decision.provisional, decision.valid_from = True, today
        decision.valid_until = last_day(today, days)
        decision.expires_at = end_of_day(decision.valid_until, leading.board)
        return
    months = min(policy.validity_months for policy in policies)
    decision.valid_from = today
    decision.valid_until = today + relativedelta(months=months, days=-1)
    decision.expires_at = end_of_day(decision.valid_until, leading.board)
    asked = [policy.continuing_months for policy in policies if policy.continuing_months]
    decision.next_review = next_review_day(today, min(asked, default=0), decision.valid_until)


def _join(decision: Decision, deciding: Sequence[BoardReview], passed: Sequence[Ballot]) -> None:
    """Make the conditions of all boards those of the decision, numbered through in the order of the boards."""
    by_board = [
        [(review, parse(ballot.policy).overdue_conditions, kept) for kept in ballot.conditions]
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
        for number, (review, _rule, kept) in enumerate(join_conditions(by_board), start=1)
    ]
    for condition, (_review, rule, _kept) in zip(conditions, join_conditions(by_board), strict=True):
        late = overdue_dates(condition.due_at, rule)
        condition.escalate_at, condition.suspend_at = late.escalate_at, late.suspend_at
        condition.save()
        trail.record(
            "condition.set", obj=condition, actor=None, now=decision.decided_at,
            data={"number": condition.number, "blocks_release": condition.blocks_release},
        )  # fmt: skip
