"""Things as the log calls them: `ballot 41`, and the reference of the request whose story an event is part of."""

import re
from collections.abc import Iterable

from django.apps import apps
from django.db.models import BigIntegerField, Case, OuterRef, Subquery, When
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from audit.selectors import Filter
from audit.telling import Told
from reviews.models import ReviewRequest

REQUEST = ReviewRequest._meta.label_lower
_NAMED = re.compile(r"(?:([a-z]+)\.)?([a-z]+)[ :#]+(\S{1,64})")
_REFERENCE = re.compile(r"[A-Za-z]+-\d{4}-\d+")

WORDS: dict[str, StrOrPromise] = {
    "accounts.invitation": gettext_lazy("invitation"),
    "accounts.user": gettext_lazy("person"),
    "audit.checkpoint": gettext_lazy("checkpoint"),
    "audit.event": gettext_lazy("event"),
    "audit.reconciliation": gettext_lazy("comparison with the log"),
    "audit.tree": gettext_lazy("log"),
    "compliance.action": gettext_lazy("action"),
    "compliance.applicabilityoverride": gettext_lazy("decision on what applies"),
    "compliance.controlcomment": gettext_lazy("comment on a control"),
    "compliance.controlexception": gettext_lazy("exception"),
    "compliance.finding": gettext_lazy("finding"),
    "compliance.incident": gettext_lazy("incident"),
    "compliance.planning": gettext_lazy("planned dates"),
    "compliance.answer": gettext_lazy("answer of an assessment"),
    "compliance.assessment": gettext_lazy("assessment"),
    "compliance.evidence": gettext_lazy("evidence"),
    "compliance.library": gettext_lazy("checklist library"),
    "compliance.periodreport": gettext_lazy("report"),
    "compliance.schedule": gettext_lazy("schedule"),
    "jobs.job": gettext_lazy("job"),
    "oversight.bundle": gettext_lazy("bundle"),
    "oversight.engagement": gettext_lazy("engagement"),
    "oversight.sample": gettext_lazy("sample"),
    "oversight.sampleitem": gettext_lazy("request of a sample"),
    "records.record": gettext_lazy("record"),
    "registry.aimodel": gettext_lazy("model"),
    "registry.modelversion": gettext_lazy("model version"),
    "registry.project": gettext_lazy("project"),
    "reminders.message": gettext_lazy("message"),
    "reviews.answer": gettext_lazy("answer"),
    "reviews.answerfile": gettext_lazy("file"),
    "reviews.ballot": gettext_lazy("ballot"),
    "reviews.block": gettext_lazy("block"),
    "reviews.board": gettext_lazy("board"),
    "reviews.continuingreview": gettext_lazy("continuing review"),
    "reviews.incidentreport": gettext_lazy("report of an incident"),
    "reviews.boardreview": gettext_lazy("board review"),
    "reviews.comment": gettext_lazy("comment"),
    "reviews.condition": gettext_lazy("condition"),
    "reviews.decision": gettext_lazy("decision"),
    "reviews.declaration": gettext_lazy("declaration of interest"),
    "reviews.motion": gettext_lazy("motion"),
    "reviews.note": gettext_lazy("note"),
    "reviews.questionnaireversion": gettext_lazy("version of the questions"),
    "reviews.questionnairemark": gettext_lazy("use of the questions"),
    "reviews.questionnairedraft": gettext_lazy("draft of questions"),
    "reviews.policy": gettext_lazy("policy"),
    "reviews.question": gettext_lazy("question"),
    "reviews.recusal": gettext_lazy("recusal"),
    "reviews.reviewrequest": gettext_lazy("request"),
    "reviews.revision": gettext_lazy("revision"),
    "reviews.seat": gettext_lazy("seat"),
    "reviews.signature": gettext_lazy("signature"),
    "reviews.stance": gettext_lazy("stance"),
    "reviews.suspension": gettext_lazy("suspension"),
    "reviews.vote": gettext_lazy("vote"),
}


def kind_of(label: str) -> str:
    """Return the word for a kind of thing; the name of its model where it has none."""
    return str(WORDS.get(label) or label.partition(".")[2])


def find(text: str) -> Filter | None:
    """Return the filter for what somebody typed: the reference of a request, or `ballot 41`; None when it is neither.

    A reference stands for the whole story of the request, `reviews.ballot:41` for that one thing.
    """
    text = text.strip()
    if _REFERENCE.fullmatch(text):
        key = ReviewRequest.objects.filter(reference=text.upper()).values_list("pk", flat=True).first()
        return Filter(root=(REQUEST, str(key))) if key else None
    match = _NAMED.fullmatch(text.lower())
    if match is None:
        return None
    app, name, number = match.groups()
    for label in _labels(name):
        if app in {None, label.partition(".")[0]}:
            return Filter(object_type=label, object_id=number)
    return None


def _labels(name: str) -> list[str]:
    """Return the models of ours that somebody may mean, those of the log first."""
    installed = [f"{config.label}.{name}" for config in apps.get_app_configs() if name in config.models]
    worded = [label for label, word in WORDS.items() if str(word).lower() == name]
    return sorted({*installed, *worded}, key=lambda label: label not in WORDS)


def references(told: Iterable[Told]) -> dict[str, str]:
    """Return the references of the requests in whose stories the events stand, by id; one query."""
    keys = {
        event.leaf["place"]["root"]["id"] for event in told if event.leaf["place"]["root"]["type"] == REQUEST
    }
    found = ReviewRequest.objects.filter(pk__in=[key for key in keys if key.isdigit()]).values_list(
        "pk", "reference"
    )
    return {str(key): reference for key, reference in found}


def reference_of_root() -> Case:
    """Return the expression, of events, for the reference of the request in whose story they stand."""
    number = Cast(OuterRef("root_id"), BigIntegerField())
    found = ReviewRequest.objects.filter(pk=number).values("reference")
    return Case(When(root_type=REQUEST, then=Subquery(found[:1])), default=None)


def name_of(event: Told) -> str:
    """Return what the event is about, in words: `ballot 41`."""
    return thing(event.object_type, event.object_id)


def thing(label: str, key: str) -> str:
    """Return a kind and its number, in words: `ballot 41`."""
    return _("{kind} {id}").format(kind=kind_of(label), id=key)
