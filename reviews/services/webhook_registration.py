"""What webhooks tell of requests, conditions, ballots, appeals and incidents."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from reviews.models import Appeal, Ballot, Condition, IncidentReport, ReviewRequest, Revision
from reviews.models.ballot import RESULTS
from reviews.models.condition import SETTLED
from reviews.models.decision import OUTCOMES
from reviews.models.incident import KINDS
from reviews.rules.ballot import MotionKind
from reviews.rules.incidents import IncidentState
from reviews.rules.lifecycle import RequestState
from webhooks.emission import register
from webhooks.saying import REFERENCE, URL, at, moment, page, sha256
from webhooks.types import Data, Type, Value

STATE = Value("string", "state of the request afterwards", tuple(state.value for state in RequestState))
DIGEST = sha256("digest of the model's manifest, as it was submitted; null before", nullable=True)
REQUEST = {"reference": REFERENCE, "state": STATE, "digest": DIGEST, "url": URL}

# The last is what else stands in `data`, from the event's data.
REQUESTS: tuple[tuple[str, StrOrPromise, str, tuple[str, ...], dict[str, Value]], ...] = (
    (
        "request.submitted", _("A request was submitted"), "A dossier was frozen as a revision and handed in.",
        ("request.submitted", "revision.submitted"),
        {"revision": Value("integer", "number of the revision"), "revision_sha256": sha256("of the revision")},
    ),
    (
        "request.returned", _("A request was sent back"), "The secretary sent a request back with its gaps.",
        ("request.sent_back",), {},
    ),
    ("request.routed", _("A request was routed"), "A request was given to its boards.", ("request.routed",), {}),
    (
        "request.decided", _("A request was decided"), "The boards decided; an approval still waits for signatures.",
        ("request.decided",), {"outcome": Value("string", "what was decided", tuple(OUTCOMES))},
    ),
    (
        "request.reopened", _("A request was reopened"), "A signature was refused, and the boards go on.",
        ("request.reopened",), {},
    ),
    (
        "request.approved", _("A request was approved"), "All signatures are there, and the approval is in force.",
        ("request.approved",), {},
    ),
    (
        "request.released", _("A version was released"), "The release of the approved digest was recorded.",
        ("request.released",), {},
    ),
    (
        "request.suspended", _("An approval was suspended"), "The approval was suspended at once.",
        ("request.suspended",), {},
    ),
    (
        "request.lifted", _("A suspension ended"), "A suspension was lifted by the board, or lapsed.",
        ("suspension.lifted", "suspension.lapsed"), {},
    ),
    ("request.revoked", _("An approval was withdrawn"), "An approval was withdrawn for good.", ("request.ended",), {}),
    (
        "request.overturned", _("An approval was overturned"), "A full review ended a provisional approval.",
        ("request.overturned",), {},
    ),
    (
        "request.withdrawn", _("A request was withdrawn"), "The requester took the request back.",
        ("request.withdrawn",), {},
    ),
    (
        "request.expired", _("An approval expired"), "The last day of an approval has passed.",
        ("request.expired",), {},
    ),
    (
        "request.superseded", _("An approval was superseded"), "A newer approval of the same version is in force.",
        ("request.superseded",), {},
    ),
)  # fmt: skip
OF_REQUEST = {
    "reference": Value("string", "reference of the request"),
    "digest": DIGEST,
}
NUMBER = Value("integer", "number within the request")
CONDITION = OF_REQUEST | {
    "number": Value("integer", "number of the condition; 1 is shown as C1"),
    "state": Value("string", "state of the condition", ("open", "partly", "met", "waived")),
    "due": at("the end of its last day"),
    "blocks_release": Value("boolean", "whether nothing may be released before it is met"),
    "url": URL,
}
BALLOT = OF_REQUEST | {
    "number": NUMBER,
    "board": Value("string", "short name of the board"),
    "kind": Value("string", "what the motion asks", tuple(kind.value for kind in MotionKind)),
    "deadline": at("until when votes are taken"),
    "result": Value("string", "how it ended; null while it runs", tuple(RESULTS), nullable=True),
    "url": URL,
}
APPEAL = OF_REQUEST | {
    "number": NUMBER,
    "outcome": Value("string", "what the panel decided; null before", nullable=True),
    "url": URL,
}
INCIDENT = {
    "reference": REFERENCE,
    "request": Value("string", "reference of the request whose approval it concerns, or null", nullable=True),
    "state": Value("string", "state of the report", tuple(state.value for state in IncidentState)),
    "class": Value(
        "string",
        "class of the incident; null before",
        tuple(KINDS),
        nullable=True,
    ),
    "url": URL,
}


def register_types() -> None:
    """Make them known; called from AppConfig.ready()."""
    for name, label, when, names, more in REQUESTS:
        register(Type(name, label, when, REQUEST | more, _SAYS.get(name, _request), verbs=names))
    for name, label, when in (
        ("condition.set", _("A condition was set"), "A condition came into being with a decision."),
        ("condition.met", _("A condition was met"), "Its verifier found a condition met."),
        ("condition.waived", _("A condition was waived"), "A ballot waived a condition."),
    ):
        register(Type(name, label, when, CONDITION, _condition, verbs=(name,)))
    register(
        Type(
            "condition.late", _("A condition is late"), "The last day of a condition passed before it was settled.",
            CONDITION, _condition, due=_late,
        )
    )  # fmt: skip
    for name, label, when in (
        ("ballot.opened", _("A ballot was opened"), "A board began to vote."),
        (
            "ballot.closed",
            _("A ballot was closed"),
            "A ballot was counted and closed; who voted how is never told.",
        ),
    ):
        register(Type(name, label, when, BALLOT, _ballot, verbs=(name,)))
    for name, label, when in (
        ("appeal.filed", _("An appeal was filed"), "The requester appealed."),
        ("appeal.decided", _("An appeal was decided"), "A panel decided an appeal."),
    ):
        register(Type(name, label, when, APPEAL, _appeal, verbs=(name,)))
    for name, label, when in (
        ("incident.raised", _("An incident was reported"), "Somebody reported what went wrong with a model."),
        ("incident.classified", _("An incident was classified"), "An incident was given its class."),
        ("incident.filed", _("An incident went to an authority"), "A report to an authority was entered."),
        ("incident.closed", _("An incident was closed"), "The report of an incident was closed."),
        ("incident.reopened", _("An incident was reopened"), "The report of an incident was taken up again."),
    ):
        register(Type(name, label, when, INCIDENT, _incident, verbs=(name,)))


def _digest(request_id: int) -> str | None:
    """Return the digest of the newest manifest that was submitted."""
    found = Revision.objects.filter(request=request_id).order_by("-number")
    return found.values_list("manifest_sha256", flat=True).first()


def _request(request: ReviewRequest, _data: Data) -> Data:
    return {
        "reference": request.reference,
        "state": str(request.state),
        "digest": _digest(request.pk),
        "url": page("reviews:request", request.reference),
    }


def _submitted(request: ReviewRequest, data: Data) -> Data:
    own = {"revision": data["revision"], "revision_sha256": data["sha256"]}
    return {**_request(request, data), **own}


def _decided(request: ReviewRequest, data: Data) -> Data:
    return {**_request(request, data), "outcome": data["outcome"]}


_SAYS = {"request.submitted": _submitted, "request.decided": _decided}


def _condition(condition: Condition, _data: Data) -> Data:
    request = condition.decision.request
    return {
        "reference": request.reference,
        "digest": condition.decision.manifest_sha256,
        "number": condition.number,
        "state": condition.state,
        "due": moment(condition.due_at),
        "blocks_release": condition.blocks_release,
        "url": page("reviews:condition", request.reference, condition.number),
    }


def _ballot(ballot: Ballot, _data: Data) -> Data:
    request = ballot.review.request
    return {
        "reference": request.reference,
        "digest": _digest(request.pk),
        "number": ballot.number,
        "board": ballot.review.board.slug,
        "kind": str(ballot.kind),
        "deadline": moment(ballot.deadline),
        "result": str(ballot.result) or None,
        "url": page("reviews:ballot", request.reference, ballot.number),
    }


def _appeal(appeal: Appeal, _data: Data) -> Data:
    return {
        "reference": appeal.request.reference,
        "digest": appeal.decision.manifest_sha256,
        "number": appeal.number,
        "outcome": str(appeal.outcome) or None,
        "url": page("reviews:show_appeal", appeal.request.reference, appeal.number),
    }


def _incident(report: IncidentReport, _data: Data) -> Data:
    return {
        "reference": report.reference,
        "request": report.request.reference if report.request else None,
        "state": str(report.state),
        "class": str(report.kind) or None,
        "url": page("reviews:incident", report.incident_id),
    }


def _late(since: datetime, until: datetime) -> Iterator[tuple[Condition, datetime]]:
    late = Condition.objects.filter(due_at__gt=since, due_at__lte=until).exclude(state__in=SETTLED)
    for condition in late.filter(decision__status="in_force").select_related("decision__request"):
        yield condition, condition.due_at
