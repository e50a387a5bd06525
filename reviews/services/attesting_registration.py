"""What lower apps know of attested approvals: the job, where they belong, and who may read them."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role, has_role
from audit import scope
from jobs import registry
from records import sealed_hooks
from records.attestation import readers, rotation
from records.attestation.rows import Attested
from records.permissions import may_read
from reviews.models import Decision
from reviews.selectors.attested import manifest_text
from reviews.services.attesting import ATTEST, attest, attest_anew, when_sealed

DECISION = "reviews.decision"


def register() -> None:
    """Register all of it; called from AppConfig.ready()."""
    registry.register(ATTEST, attest, label=_("Attest an approval"), lease=timedelta(minutes=2))
    sealed_hooks.register("review", when_sealed)
    readers.register(DECISION, _may_read, _manifest)
    rotation.register(attest_anew)
    scope.register("records.attested", _place)
    for label in ("attestation", "standingchange"):
        scope.register(f"records.{label}", lambda row: _place(row.attested))


def _may_read(user: User, decision_id: str, now: datetime) -> bool:
    """Who ships may read every attestation; others those of requests whose records they may read."""
    if has_role(user, Role.RELEASE_MANAGER):
        return True
    decision = Decision.objects.select_related("record").filter(pk=int(decision_id)).first()
    return decision is not None and decision.record is not None and may_read(user, decision.record, now)


def _manifest(decision_id: str) -> bytes | None:
    decision = Decision.objects.select_related("request__version").filter(pk=int(decision_id)).first()
    return manifest_text(decision) if decision else None


def _place(attested: Attested | Any) -> scope.Place:  # noqa: ANN401
    decision = Decision.objects.select_related("request").filter(pk=int(attested.object_id)).first()
    if decision is None:
        return scope.Place()
    return scope.Place(
        project=decision.request.project_id, root=("reviews.reviewrequest", decision.request_id)
    )
