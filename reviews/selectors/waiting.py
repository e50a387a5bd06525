"""What waits for whom in reviews: the sources of "my work" and of the reminders, one for each kind."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reminders.waiting import Source, Waiting
from reminders.waiting import register as register_source
from reviews.models import Condition, ConditionReport, Contributor, Decision, Question
from reviews.rules.clocks import DEFAULT_TERMS, Term, Unit
from reviews.selectors.addresses import request_address
from reviews.selectors.calendar import calendar_of
from reviews.selectors.waiting_boards import (
    People,
    is_asked,
    motions_to_put,
    signatures_due,
    stale_blocks,
    title_of,
    votes_due,
)

VERIFY_WITHIN = Term(5, Unit.WORKING_DAYS)


def register() -> None:
    """Register the sources; called from AppConfig.ready()."""
    for source in (
        Source("review.question", gettext_lazy("Open question"), open_questions),
        Source("review.vote", gettext_lazy("Ballot without your vote"), votes_due),
        Source("review.motion", gettext_lazy("Motion to put"), motions_to_put),
        Source("review.block", gettext_lazy("Blocking position to affirm"), stale_blocks),
        Source("review.signature", gettext_lazy("Signature due"), signatures_due),
        Source("review.condition", gettext_lazy("Condition due"), conditions_due),
        Source("review.verification", gettext_lazy("Verification due"), verifications_due),
        Source(
            "review.expiry", gettext_lazy("Approval about to expire"), expiries, DEFAULT_TERMS.expiry_notices
        ),
    ):
        register_source(source)


def open_questions(now: datetime, people: People) -> Iterator[Waiting]:  # noqa: ARG001 (the shape of a source)
    """Yield the requester and the contributors of each request with an open question."""
    questions = Question.objects.filter(answered_at__isnull=True, withdrawn_at__isnull=True)
    rows = list(questions.select_related("request__version__model", "review__board").order_by("due_at", "id"))
    parts: dict[int, list[int]] = {}
    for request_id, person_id in Contributor.objects.filter(
        request__in=[row.request_id for row in rows]
    ).values_list("request_id", "person_id"):
        parts.setdefault(request_id, []).append(person_id)
    for row in rows:
        for person_id in [row.request.requester_id, *parts.get(row.request_id, [])]:
            if is_asked(person_id, people):
                yield Waiting(
                    person_id=person_id,
                    object_type="reviews.question",
                    object_id=str(row.pk),
                    since=row.asked_at,
                    due=row.due_at,
                    title=title_of(row.request),
                    needs=_("{board} asks question {number}.").format(
                        board=row.review.board.name, number=row.number
                    ),
                    act=_("Answer question {number}").format(number=row.number),
                    url=request_address(row.request.reference, f"question-{row.number}"),
                    holds_up=_("The review clock stands until it is answered."),
                )


def conditions_due(now: datetime, people: People) -> Iterator[Waiting]:  # noqa: ARG001 (the shape of a source)
    """Yield the owners of conditions on which they have not reported, or whose report came back."""
    conditions = Condition.objects.filter(state="open", decision__status="in_force")
    for row in conditions.select_related("decision__request__version__model"):
        if is_asked(row.owner_id, people):
            yield Waiting(
                person_id=row.owner_id,
                object_type="reviews.condition",
                object_id=str(row.pk),
                since=row.decision.approved_at or row.decision.decided_at,
                due=row.due_at,
                title=title_of(row.decision.request),
                needs=_("Report on condition C{number}.").format(number=row.number),
                act=_("Report on C{number}").format(number=row.number),
                url=request_address(row.decision.request.reference, "conditions"),
                holds_up=_("It blocks the release.") if row.blocks_release else "",
                escalates_to=row.verifier_id,
            )


def verifications_due(now: datetime, people: People) -> Iterator[Waiting]:  # noqa: ARG001 (the shape of a source)
    """Yield the verifiers for whom a report waits."""
    reports = ConditionReport.objects.filter(accepted__isnull=True, condition__decision__status="in_force")
    related = ("condition__review__board", "condition__decision__request__version__model")
    for row in reports.select_related(*related):
        condition = row.condition
        if is_asked(condition.verifier_id, people):
            yield Waiting(
                person_id=condition.verifier_id,
                object_type="reviews.conditionreport",
                object_id=str(row.pk),
                since=row.reported_at,
                due=VERIFY_WITHIN.due(row.reported_at, calendar_of(condition.review.board)),
                title=title_of(condition.decision.request),
                needs=_("Verify the report on condition C{number}.").format(number=condition.number),
                act=_("Verify C{number}").format(number=condition.number),
                url=request_address(condition.decision.request.reference, "conditions"),
                holds_up=_("It blocks the release.") if condition.blocks_release else "",
            )


def expiries(now: datetime, people: People) -> Iterator[Waiting]:
    """Yield the requesters whose approval ends within the longest notice (90 days)."""
    notice = timedelta(days=max(DEFAULT_TERMS.expiry_notices))
    decisions = Decision.objects.filter(
        status="in_force", superseded_by__isnull=True, expires_at__gt=now, expires_at__lte=now + notice
    )
    for row in decisions.select_related("request__version__model"):
        if is_asked(row.request.requester_id, people) and row.expires_at:
            yield Waiting(
                person_id=row.request.requester_id,
                object_type="reviews.decision",
                object_id=str(row.pk),
                since=row.expires_at - notice,
                due=row.expires_at,
                title=title_of(row.request),
                needs=_("The approval is about to expire. A renewal is a request of its own."),
                act=_("Look at the approval"),
                url=request_address(row.request.reference),
            )
