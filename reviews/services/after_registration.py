"""Names of what happens after an approval: continuing reviews, waivers, amendments, reports of incidents."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from audit import scope, tracking, verbs, words
from reviews import models
from reviews.models import IncidentReport, ReviewRequest
from reviews.selectors.incident_words import FILINGS, KIND_LABELS
from reviews.selectors.words import MATTERS

REQUEST = "reviews.reviewrequest"

VERBS: tuple[tuple[str, StrOrPromise, StrOrPromise], ...] = (
    ("review.taken_up", _("Taken up again"), _("A board took its review up again after the approval.")),
    ("review.laid_aside", _("Laid aside"), _("A board laid aside what it had taken up again.")),
    (
        "continuing_review.opened",
        _("Continuing review opened"),
        _("The date of the continuing review comes near, and the requester is asked to report."),
    ),
    (
        "continuing_review.reported",
        _("Continuing review reported"),
        _("The requester's side reported for the continuing review."),
    ),
    (
        "continuing_review.returned",
        _("Report returned"),
        _("The board returned a report of the continuing review with what is missing."),
    ),
    (
        "continuing_review.continued",
        _("Approval goes on"),
        _("The board let the approval go on, by a ballot on the report."),
    ),
    ("condition.waived", _("Condition waived"), _("A ballot of the board that set it waived a condition.")),
    (
        "condition.reassigned",
        _("Condition reassigned"),
        _("The secretary named another owner or verifier, because the one before can't do it any more."),
    ),
    ("incident.raised", _("Incident raised"), _("Somebody reported what went wrong with a model.")),
    ("incident.told_more", _("Incident told on"), _("Somebody told more about an incident.")),
    (
        "incident.classified",
        _("Incident classified"),
        _("An incident was given a class, and its clock follows from that."),
    ),
    (
        "incident.filed",
        _("Incident reported to an authority"),
        _("What went to an authority, and when, was entered."),
    ),
    (
        "incident.closed",
        _("Incident closed"),
        _("The report of an incident was closed with what came of it."),
    ),
    ("incident.reopened", _("Incident open again"), _("The report of an incident was taken up again.")),
    (
        "incident_file.downloaded",
        _("Evidence of an incident downloaded"),
        _("An auditor downloaded a file about an incident."),
    ),
)

TRACKED: dict[type[Any], tuple[str, ...]] = {
    models.ContinuingReview: (
        "decision", "number", "due", "due_at", "state", "ballot", "ending", "next_due", "closed_at",
    ),
    models.ContinuingReport: (
        "review", "number", "changes", "incidents", "monitoring", "conditions", "reported_by", "returned_by",
        "returned_at", "returned_because",
    ),
    models.IncidentReport: (
        "incident", "request", "reporter", "state", "kind", "aware_at", "due_at", "filed_at", "suspension", "closed_at",
        "closing",
    ),
    models.IncidentEntry: ("report", "number", "text", "harm", "measures", "made_by"),
    models.IncidentFile: ("entry", "name", "sha256", "size"),
    models.IncidentClass: ("report", "number", "kind", "reason", "aware_at", "due_at", "made_by"),
    models.IncidentFiling: (
        "report", "number", "kind", "authority", "reference", "text", "filed_at", "due_at", "entered_by",
    ),
}  # fmt: skip

KEYS: dict[str, StrOrPromise] = {
    "amends": _("amends"),
    "authority": _("authority"),
    "class": _("class"),
    "ends": _("ends the older one"),
    "incident": _("incident"),
    "late": _("too late"),
    "matter": _("matter"),
    "next": _("next review"),
    "part": _("part"),
    "renews": _("renews"),
    "report": _("report"),
}


def register() -> None:
    """Register all of it; called from AppConfig.ready()."""
    for key, word in KEYS.items():
        words.register(key, word)
    words.register_values("matter", MATTERS)
    words.register_values("class", {code: label for code, label in KIND_LABELS.items() if code})
    words.register_values("kind", FILINGS)
    for name, label, sentence in VERBS:
        verbs.register(name, label, sentence)
    verbs.leave_as_is("incident_file.downloaded")
    for model, fields in TRACKED.items():
        tracking.track(model, list(fields))
    scope.register("reviews.continuingreview", lambda row: _in(row.decision.request))
    scope.register("reviews.incidentreport", _place_of_incident)


def _in(request: ReviewRequest) -> scope.Place:
    return scope.Place(project=request.project_id, root=(REQUEST, request.pk))


def _place_of_incident(report: IncidentReport) -> scope.Place:
    if report.request is not None:
        return _in(report.request)
    return scope.Place(project=report.project_id)
