"""Continuing review of an approval: it opens by itself, the requester reports, the board votes whether it goes on."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from reviews.models import Ballot, ContinuingReport, ContinuingReview, Decision
from reviews.permissions import continuing as permissions
from reviews.permissions.reasons import require
from reviews.rules.continuing import next_review_day, opens_on
from reviews.rules.explaining import DateKind
from reviews.rules.policy import LIMITS, parse
from reviews.rules.review_lifecycle import Matter, ReviewState
from reviews.rules.terms import span_for
from reviews.selectors.calendar import end_of_day, local_day
from reviews.selectors.terms import Policies
from reviews.services.after_letters import tell_review_due
from reviews.services.continuing_notices import ask_for_report, tell_board
from reviews.services.locking import decision_to_change, lock_request
from reviews.services.reckoning import keep_chosen
from reviews.services.taking_up import leading_review, rest, take_up

LONGEST_AHEAD = LIMITS["continuing_ahead_days"][1] + 1


@dataclass(frozen=True, slots=True)
class Report:
    """What the requester's side says: what changed, what went wrong, what monitoring showed, how conditions stand."""

    changes: str
    incidents: str
    monitoring: str
    conditions: str = ""


@transaction.atomic
def open_continuing_review(*, decision_id: int, now: datetime) -> bool:
    """Open the continuing review of an approval whose time has come, and ask for the report; by the system.

    May run twice, and late: the review keeps its date. One of a suspended approval opens too; the board votes on it
    when the suspension has ended.
    """
    request = lock_request(Decision.objects.values_list("request_id", flat=True).get(pk=decision_id))
    decision = Decision.objects.get(pk=decision_id)
    decision.request = request
    if decision.status != "in_force" or decision.next_review is None or not permissions.is_current(request):
        return False
    board = leading_review(request).board
    policy, version = Policies([board.pk]).at(board, now)
    if local_day(now, board) < opens_on(decision.next_review, policy.continuing_ahead_days):
        return False
    if decision.continuing_reviews.filter(due=decision.next_review).exists():
        return False
    review = ContinuingReview.objects.create(
        decision=decision,
        number=decision.continuing_reviews.count() + 1,
        due=decision.next_review,
        due_at=end_of_day(decision.next_review, board),
        opened_at=now,
    )
    source = span_for(DateKind.CONTINUING, policy, version)
    keep_chosen(review, DateKind.CONTINUING, board, review.due_at, now=now, request=request, source=source)
    trail.record(
        "continuing_review.opened", obj=review, actor=None, now=now,
        data={"number": review.number, "due": review.due.isoformat()},
    )  # fmt: skip
    ask_for_report(review, now)
    tell_review_due(review, now)
    return True


@transaction.atomic
def report_continuing(*, actor: User, review_id: int, report: Report, now: datetime) -> ContinuingReport:
    """Report on the approval, as the requester's side; the leading board takes its review up again with it."""
    review = review_to_change(actor, review_id, now)
    require(permissions.why_not_report(actor, review, now))
    _check(report)
    written = ContinuingReport.objects.create(
        review=review, number=review.reports.count() + 1, changes=report.changes.strip(),
        incidents=report.incidents.strip(), monitoring=report.monitoring.strip(), conditions=report.conditions.strip(),
        reported_by=actor, reported_at=now,
    )  # fmt: skip
    review.state = "reported"
    review.save(update_fields=["state"])
    board_review = leading_review(review.decision.request)
    moved = [board_review] if take_up(board_review, Matter.CONTINUING, review.due_at, now) else []
    trail.record(
        "continuing_review.reported", obj=review, actor=actor, now=now, also=[written, *moved],
        data={"number": review.number, "report": written.number},
    )  # fmt: skip
    tell_board(review, now)
    return written


def _check(report: Report) -> None:
    if not (report.changes.strip() and report.incidents.strip() and report.monitoring.strip()):
        raise Refused(
            _("Say what changed, what went wrong and what monitoring showed, also where it is nothing.")
        )


@transaction.atomic
def return_report(*, actor: User, report_id: int, reason: str, now: datetime) -> ContinuingReport:
    """Return the report with what is missing, as chair or secretary of the leading board; another one is asked for."""
    review_id = ContinuingReport.objects.filter(pk=report_id).values_list("review_id", flat=True).first()
    if review_id is None:
        raise Http404
    review = review_to_change(actor, review_id, now)
    report = ContinuingReport.objects.get(pk=report_id)
    report.review = review
    require(permissions.why_not_return(actor, report, now))
    if not reason.strip():
        raise Refused(_("Say what is missing."))
    report.returned_at, report.returned_by, report.returned_because = now, actor, reason.strip()
    report.save(update_fields=["returned_at", "returned_by", "returned_because"])
    review.state = "asked"
    review.save(update_fields=["state"])
    with override(review.decision.request.language):
        note = _("Rests until the requester has reported again.")
    board_review = leading_review(review.decision.request)
    if board_review.matter == Matter.CONTINUING and board_review.state != ReviewState.CLOSED:
        rest(board_review, note, now)
    trail.record(
        "continuing_review.returned", obj=review, actor=actor, now=now, reason=report.returned_because, also=[report],
        data={"number": review.number, "report": report.number},
    )  # fmt: skip
    ask_for_report(review, now)
    return report


def continued(ballot: Ballot, now: datetime) -> None:
    """Let the approval go on by the ballot, and set the day of the next continuing review. By the system."""
    report = ballot.motion.report
    assert report is not None  # a constraint of motions
    review = report.review
    if review.state == "closed":
        return
    decision = review.decision
    decision.request = ballot.review.request
    policy = parse(ballot.policy)
    closed_at = ballot.closed_at or now
    decision.next_review = _next(
        decision, local_day(closed_at, ballot.review.board), policy.continuing_months
    )
    decision.save(update_fields=["next_review"])
    review.state, review.ending, review.ballot = "closed", "continued", ballot
    review.closed_at, review.next_due = closed_at, decision.next_review
    review.save(update_fields=["state", "ending", "ballot", "closed_at", "next_due"])
    trail.record(
        "continuing_review.continued", obj=review, actor=None, now=now, reason=ballot.text, also=[decision],
        data={
            "number": review.number, "ballot": ballot.number,
            "next": review.next_due.isoformat() if review.next_due else "",
        },
    )  # fmt: skip


def _next(decision: Decision, since: date, months: int) -> date | None:
    assert decision.valid_until is not None  # of an approval
    return next_review_day(since, months, decision.valid_until)


def end_continuing(decision: Decision, now: datetime) -> list[ContinuingReview]:
    """End what is open of the continuing review of an approval that has ended; returned for the event of the act."""
    ended = list(decision.continuing_reviews.exclude(state="closed"))
    for review in ended:
        review.state, review.ending, review.closed_at = "closed", "ended", now
        review.save(update_fields=["state", "ending", "closed_at"])
    return ended


def review_to_change(actor: User, review_id: int, now: datetime) -> ContinuingReview:
    """Return the continuing review, read after its request was locked; raises Http404."""
    decision_id = ContinuingReview.objects.filter(pk=review_id).values_list("decision_id", flat=True).first()
    if decision_id is None:
        raise Http404
    decision = decision_to_change(actor, decision_id, now)
    review = ContinuingReview.objects.get(pk=review_id)
    review.decision = decision
    return review


def due_to_open(now: datetime) -> list[int]:
    """Return the approvals whose continuing review may have to open: the longest time ahead that policies allow."""
    from_day = now.date() + timedelta(days=LONGEST_AHEAD)
    rows = Decision.objects.filter(status="in_force", next_review__lte=from_day)
    return list(
        rows.exclude(continuing_reviews__state__in=["asked", "reported"]).values_list("pk", flat=True)
    )
