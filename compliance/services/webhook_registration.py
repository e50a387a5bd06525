"""What webhooks tell of checklists."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from compliance.models import Assessment
from compliance.models.schedule import Scope
from compliance.rules.lifecycle import EDITABLE, AssessmentState
from webhooks.emission import register
from webhooks.saying import REFERENCE, at, moment, page, sha256
from webhooks.types import Data, Type, Value

MEMBERS = {
    "reference": REFERENCE,
    "library": Value("string", "code of the library of controls"),
    "scope": Value("string", "what is checked", tuple(scope.value for scope in Scope)),
    "state": Value("string", "state of the checklist", tuple(state.value for state in AssessmentState)),
    "due": at("until when it is due"),
    "digest": sha256("of the accepted content; null before", nullable=True),
    "url": Value("uri", "address of its page; opening it needs a sign-in"),
}


def register_types() -> None:
    """Make them known; called from AppConfig.ready()."""
    for name, label, when, verb in (
        (
            "checklist.opened",
            _("A checklist waits to be filled in"),
            "A checklist came due to be filled in.",
            "opened",
        ),
        (
            "checklist.submitted",
            _("A checklist was submitted"),
            "A checklist waits for its reviewer.",
            "submitted",
        ),
        (
            "checklist.returned",
            _("A checklist was returned"),
            "The reviewer gave a checklist back.",
            "returned",
        ),
        (
            "checklist.accepted",
            _("A checklist was accepted"),
            "The reviewer accepted a checklist.",
            "accepted",
        ),
    ):
        register(Type(name, label, when, MEMBERS, _checklist, verbs=(f"assessment.{verb}",)))
    register(
        Type(
            "checklist.late", _("A checklist is late"), "The due moment of a checklist passed before it was submitted.",
            MEMBERS, _checklist, due=_late,
        )
    )  # fmt: skip


def _checklist(row: Assessment, _data: Data) -> Data:
    return {
        "reference": str(row.pk),
        "library": row.library.code,
        "scope": row.scope,
        "state": str(row.state),
        "due": moment(row.due),
        "digest": row.sha256 or None,
        "url": page("compliance:assessment", row.pk),
    }


def _late(since: datetime, until: datetime) -> Iterator[tuple[Assessment, datetime]]:
    late = Assessment.objects.filter(due__gt=since, due__lte=until, state__in=EDITABLE)
    for row in late.select_related("library").order_by("due", "id"):
        yield row, row.due
