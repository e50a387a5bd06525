"""Every date that is due to somebody has a route by which they are reminded: a field without one breaks this test."""

import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db.models import DateField

from reminders.waiting import sources

NAMES = re.compile(
    r"(^|_)(due|until|deadline|expires|ends|return|appeal|suspend|call)(_|$)|_by$|^next_(due|review)$"
)

# What reminds of it: kinds of things that wait.
ROUTES: dict[str, tuple[str, ...]] = {
    "reviews.reviewrequest.check_by": ("request.triage",),
    "reviews.boardreview.due_at": (
        "review.due", "review.reader", "review.motion", "review.opening", "review.stale", "review.finding",
    ),
    "reviews.question.due_at": ("review.question",),
    "reviews.ballot.deadline": ("review.vote",),
    "reviews.condition.due": ("review.condition",),
    "reviews.condition.due_at": ("review.condition",),
    "reviews.conditionreport.verify_by": ("review.verification",),
    "reviews.decision.sign_by": ("review.signature",),
    "reviews.decision.expires_at": ("review.expiry", "review.provisional", "review.release"),
    "reviews.decision.valid_until": ("review.expiry",),
    "reviews.appeal.due_at": ("review.panel", "review.appeal"),
    "reviews.suspension.ratify_by": ("review.ratification",),
    "reviews.continuingreview.due": ("review.continuing_report", "review.continuing"),
    "reviews.continuingreview.due_at": ("review.continuing_report", "review.continuing"),
    "reviews.decision.next_review": ("review.continuing_report",),
    "reviews.incidentreport.due_at": ("incident.report",),
    "reviews.meeting.call_by": ("meeting.prepare",),
    "reviews.minutes.due_at": ("meeting.minutes",),
    "compliance.assessment.due": ("checklist", "checklist.review"),
    "compliance.action.due": ("action", "action.verify"),
    "compliance.controlexception.until": ("exception.end",),
    "compliance.evidence.expires_on": ("evidence.expiry",),
    "oversight.engagement.ends_at": ("engagement.open",),
}  # fmt: skip

# Dates of which nobody is reminded, and why not.
NOT_DUE: dict[str, str] = {
    "reviews.motioncondition.due": "part of a motion; it is due as a condition once the motion has passed",
    "reviews.condition.suspend_at": "an act of the system after the condition's own date",
    "reviews.boardreview.return_on": "the review goes on by itself",
    "reviews.deferral.until": "the review goes on by itself",
    "reviews.decision.appeal_until": "a right, no duty; the letter says it",
    "reviews.continuingreview.next_due": "the date of the next one, which opens by itself",
    "reviews.incidentclass.due_at": "kept as it was when the incident was classified; the report has the date",
    "reviews.incidentfiling.due_at": "kept as it was when it was filed",
    "reviews.meeting.ends_at": "when a meeting is over; the invitation is answered until it begins",
    "reviews.meetingseries.ends_at": "the end of a series",
    "reviews.reckoning.due": "the date stands at its thing",
    "reviews.closingday.until": "the last day of a closing",
    "reviews.clockspan.until": "the past",
    "reviews.seat.until": "the end of a seat, written when it ends",
    "reviews.delegation.until": "it ends by itself",
    "compliance.applicabilityoverride.until": "it ends by itself and stands among what expires",
    "compliance.comingdate.due": "a date that no checklist was made for yet",
    "compliance.occurrence.due": "its checklist has the date",
    "compliance.planning.until": "how far the planner came",
    "compliance.schedule.ends_at": "the end of a schedule",
    "compliance.periodreport.until": "the period that a report covers",
    "oversight.engagement.period_until": "the period that an engagement covers",
    "oversight.bundle.expires_at": "it is removed by itself",
}
"""Grants and invitations end by themselves, too: `valid_until` and the app of accounts are no deadlines of work."""


def _fields() -> Iterator[str]:
    for app in ("reviews", "compliance", "oversight"):
        for model in apps.get_app_config(app).get_models():
            for field in model._meta.get_fields():
                if isinstance(field, DateField) and NAMES.search(field.name) and field.name != "valid_until":
                    yield f"{model._meta.label_lower}.{field.name}"
    yield "reviews.decision.valid_until"


@pytest.mark.parametrize("field", sorted(set(_fields())))
def test_a_date_that_is_due_has_a_route_or_says_why_it_needs_none(field: str) -> None:
    assert (field in ROUTES) != (field in NOT_DUE), (
        "say in this file by which route people are reminded of it"
    )


@pytest.mark.parametrize("field", sorted(ROUTES))
def test_the_routes_are_there_and_at_least_one_reminds(field: str) -> None:
    known = {source.kind: source for source in sources()}
    assert set(ROUTES[field]) <= set(known)
    assert any(known[kind].reminds for kind in ROUTES[field])


def test_no_route_is_named_for_a_field_that_is_gone() -> None:
    assert {*ROUTES, *NOT_DUE} <= set(_fields())


def test_every_route_reminds_before_the_date_and_says_whom_it_escalates_to_or_has_steps() -> None:
    for source in sources():
        if source.reminds and source.days_before:
            assert max(source.days_before) >= 2, source.kind
