"""What waits for whom: checklists to fill in and to review, evidence to renew."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compliance.models import Assessment
from compliance.models.boards import version_given_up
from compliance.rules.lifecycle import EDITABLE, AssessmentState
from compliance.selectors.escalation import STEPS, asked_by
from compliance.selectors.expiry import AHEAD, KEPT, end_of, expiring_evidence
from compliance.selectors.waiting_findings import FINDING_SOURCES
from reminders.waiting import Round, Rows, Source, Waiting, Weekly

TO_FILL = Q(state__in=EDITABLE, owner__isnull=False)
TO_JUDGE = Q(state=AssessmentState.SUBMITTED, reviewer__isnull=False)


def _still_wanted(which: Q) -> QuerySet[Assessment]:
    """Return these checklists, without those that nobody is asked for any more."""
    rows = Assessment.objects.filter(which)
    given_up = version_given_up("version")
    if given_up is not None:
        rows = rows.exclude(Q(occurrence__isnull=True) & Q(version__isnull=False) & given_up)
    return rows


def rows_to_fill_in() -> Rows:
    """Return what `to_fill_in` yields for everybody, as rows."""
    since = Coalesce("returned_at", "created_at")
    return Rows(_still_wanted(TO_FILL), "compliance.assessment", "owner", since)


def rows_to_review() -> Rows:
    """Return what `to_review` yields for everybody, as rows."""
    since = Coalesce("submitted_at", "created_at")
    return Rows(_still_wanted(TO_JUDGE), "compliance.assessment", "reviewer", since)


def _rows(asked: Round) -> list[Assessment]:
    """Return the checklists that wait for their owner or their reviewer; one query for both kinds.

    Nobody is asked for the checklist of a version whose requests were all rejected or withdrawn, unless it came due
    by a schedule.
    """
    to_fill, to_judge = TO_FILL, TO_JUDGE
    if asked.people is not None:
        to_fill &= Q(owner__in=asked.people)
        to_judge &= Q(reviewer__in=asked.people)
    return list(
        _still_wanted(to_fill | to_judge)
        .select_related("library", "version__model", "project", "occurrence__schedule")
        .defer("content")
        .order_by("due", "id")
    )


def to_fill_in(asked: Round) -> Iterator[Waiting]:
    """Yield the checklists that their owners have to fill in."""
    for row in asked.once(_rows):
        if row.state not in EDITABLE:
            continue
        returned = row.state == AssessmentState.RETURNED and row.returned_at is not None
        needs = (
            _("The reviewer returned it: {reason}").format(reason=row.return_reason)
            if returned
            else _("Fill it in.")
        )
        yield _waiting(
            row, row.owner_id, row.returned_at or row.created_at, needs, _("Fill in the checklist"), asked
        )


def to_review(asked: Round) -> Iterator[Waiting]:
    """Yield the checklists that their reviewers have to accept or return."""
    for row in asked.once(_rows):
        if row.state != AssessmentState.SUBMITTED:
            continue
        needs = _("Look at it, and accept or return it.")
        yield _waiting(
            row,
            row.reviewer_id,
            row.submitted_at or row.created_at,
            needs,
            _("Review the checklist"),
            asked,
        )


def _waiting(
    row: Assessment, person_id: int | None, since: datetime, needs: str, act: str, asked: Round
) -> Waiting:
    """Return what waits. Late, it is told to those who may open it; who made its schedule always may."""
    if person_id is None:
        raise ValueError(f"Assessment {row.pk} waits for nobody.")
    know = asked.once(asked_by)
    holds_up = (
        _("It holds up the release of {version}.").format(version=row.version)
        if row.version and not row.occurrence_id
        else ""
    )
    return Waiting(
        person_id=person_id, object_type="compliance.assessment", object_id=str(row.pk), since=since, due=row.due,
        title=title_of(row), needs=needs, act=act, url=reverse("compliance:assessment", args=[row.pk]),
        holds_up=holds_up, may_know=partial(know.sees, row.pk),
        else_to=row.occurrence.schedule.created_by_id if row.occurrence else None,
        heads=partial(know.heads, row),
    )  # fmt: skip


def title_of(row: Assessment) -> str:
    """Return what is checked and about what: `Release readiness, Harbor-7B 2.1`."""
    about = row.version or row.project
    return _("{check}, {about}").format(check=row.title, about=about) if about else row.title


def to_renew(asked: Round) -> Iterator[Waiting]:
    """Yield evidence that is about to expire, for the owner of the checklist that it was given for."""
    owned = Q(assessment__owner__isnull=False)
    if asked.people is not None:
        owned = Q(assessment__owner__in=asked.people)
    today = timezone.localdate(asked.now)
    for row in expiring_evidence(owned, today - KEPT, today + AHEAD):
        if row.assessment.owner_id is None:
            continue
        yield Waiting(
            person_id=row.assessment.owner_id, object_type="compliance.evidence", object_id=str(row.pk),
            since=row.added_at, due=end_of(row), title=_("{file}, {check}").format(
                file=row.name, check=title_of(row.assessment)
            ),
            needs=_("It expires. Get a newer one, and give it in the next checklist."), act=_("Renew the evidence"),
            url=f"{reverse('compliance:assessment', args=[row.assessment_id])}#{row.control.number}",
            may_know=partial(asked.once(asked_by).sees, row.assessment_id),
        )  # fmt: skip


SOURCES = (
    Source(
        "checklist",
        gettext_lazy("Checklist to fill in"),
        to_fill_in,
        steps=STEPS,
        weekly=Weekly.OWN,
        rows=rows_to_fill_in,
    ),
    Source(
        "checklist.review",
        gettext_lazy("Checklist to review"),
        to_review,
        steps=STEPS,
        weekly=Weekly.REVIEW,
        rows=rows_to_review,
    ),
    Source(
        "evidence.expiry",
        gettext_lazy("Evidence about to expire"),
        to_renew,
        (90, 30, 7),
        weekly=Weekly.EXPIRY,
    ),
    *FINDING_SOURCES,
)
