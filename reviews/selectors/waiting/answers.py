"""What waits for answers: questions and findings to the requester's side, conditions to report on and to verify."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reminders.waiting import Waiting
from reviews.rules.explaining import DateKind
from reviews.rules.review_lifecycle import ReviewState
from reviews.rules.terms import VERIFY_WITHIN
from reviews.selectors.addresses import dossier_address, request_address
from reviews.selectors.waiting.rows import Reading
from reviews.selectors.waiting.why import why_of
from reviews.selectors.waiting.wording import title_of


def open_questions(reading: Reading) -> Iterator[Waiting]:
    """Yield the requester and the contributors of each request with an open question."""
    for review in reading.reviews:
        request = review.request
        asking = [request.requester_id, *(row.person_id for row in reading.said("part", request.pk))]
        for row in reading.said("question", review.pk):
            for person in asking:
                if not reading.asks(person) or row.at is None:
                    continue
                yield Waiting(
                    person_id=person,
                    object_type="reviews.question",
                    object_id=str(row.id),
                    since=row.at,
                    due=row.due,
                    title=title_of(request),
                    needs=_("{board} asks question {number}.").format(
                        board=review.board.name, number=row.number
                    ),
                    act=_("Answer question {number}").format(number=row.number),
                    url=request_address(request.reference, f"question-{row.number}"),
                    holds_up=_("The review clock stands until it is answered."),
                    root=str(request.pk),
                    short=_("answer to question {number}").format(number=row.number),
                    **why_of(DateKind.QUESTION, request, row.id, reading.now),
                )


def findings_to_fix(reading: Reading) -> Iterator[Waiting]:
    """Yield the requester and the contributors where a board found what must be fixed in the present revision."""
    for review in reading.reviews:
        rows = [row for row in reading.said("finding", review.pk) if row.code == "must_fix"]
        rows = [row for row in rows if row.revision == review.revision_id]
        if not rows or review.state == ReviewState.BALLOTING:
            continue
        request = review.request
        for person in [request.requester_id, *(row.person_id for row in reading.said("part", request.pk))]:
            if reading.asks(person):
                yield Waiting(
                    person_id=person,
                    object_type="reviews.boardreview",
                    object_id=str(review.pk),
                    since=max((row.at for row in rows if row.at), default=review.state_since),
                    due=review.due_at,
                    title=title_of(request),
                    needs=ngettext(
                        "{board} found {count} thing that must be fixed.",
                        "{board} found {count} things that must be fixed.",
                        len(rows),
                    ).format(board=review.board.name, count=len(rows)),
                    act=_("Change the dossier"),
                    url=dossier_address(request.reference),
                    holds_up=_("A change of the dossier becomes a new revision."),
                    root=str(request.pk),
                    part=str(review.pk),
                    short=_("findings of {board}").format(board=review.board.name),
                    **why_of(DateKind.REVIEW, request, review.pk, reading.now),
                )


def conditions_due(reading: Reading) -> Iterator[Waiting]:
    """Yield the owners of conditions on which they have not reported, or whose report came back."""
    for row in reading.conditions:
        if row.state == "open" and reading.asks(row.owner_id):
            request = row.decision.request
            yield Waiting(
                person_id=row.owner_id,
                object_type="reviews.condition",
                object_id=str(row.pk),
                since=row.decision.approved_at or row.decision.decided_at,
                due=row.due_at,
                title=title_of(request),
                needs=_("Report on condition C{number}.").format(number=row.number),
                act=_("Report on C{number}").format(number=row.number),
                url=reverse("reviews:condition", args=[request.reference, row.number]),
                holds_up=_("It blocks the release.") if row.blocks_release else "",
                escalates_to=row.verifier_id,
                root=str(request.pk),
                short=_("report on condition C{number}").format(number=row.number),
                **why_of(DateKind.CONDITION, request, row.pk, reading.now),
            )


def verifications_due(reading: Reading) -> Iterator[Waiting]:
    """Yield the verifiers for whom a report waits."""
    for row in reading.conditions:
        if row.state == "partly" and row.report_id and reading.asks(row.verifier_id):
            request = row.decision.request
            yield Waiting(
                person_id=row.verifier_id,
                object_type="reviews.conditionreport",
                object_id=str(row.report_id),
                since=row.reported_at,
                due=row.verify_by
                or VERIFY_WITHIN.due(row.reported_at, reading.calendars.of(row.review.board)),
                title=title_of(request),
                needs=_("Verify the report on condition C{number}.").format(number=row.number),
                act=_("Verify C{number}").format(number=row.number),
                url=reverse("reviews:condition", args=[request.reference, row.number]),
                holds_up=_("It blocks the release.") if row.blocks_release else "",
                root=str(request.pk),
                short=_("verifying condition C{number}").format(number=row.number),
                **why_of(DateKind.VERIFICATION, request, row.report_id, reading.now),
            )
