"""Recording the release of exactly what was approved."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from compliance import gates
from reviews.models import Decision, Release
from reviews.permissions import releasing
from reviews.permissions.reasons import require
from reviews.rules.lifecycle import RequestEvent
from reviews.services.locking import decision_to_change
from reviews.services.progress import move_request


@transaction.atomic
def record_release(
    *, actor: User, decision_id: int, manifest_sha256: str, where: str, now: datetime
) -> Release:
    """Record that the version was released: its digest must be the approved one, in date, conditions met.

    `manifest_sha256` is that of what is shipped, `where` says where to. Raises Refused with what stands against it.
    """
    decision = decision_to_change(actor, decision_id, now)
    require(releasing.why_not_release(actor, decision, now))
    shipped = manifest_sha256.strip().lower()
    if shipped != decision.manifest_sha256:
        raise Refused(
            _("This is not what was approved. Approved: {approved}; given: {given}.").format(
                approved=decision.manifest_sha256, given=shipped or "–"
            )
        )
    if missing := missing_checklists(decision, now):
        raise Refused(
            _("These checklists aren't accepted any more: {titles}.").format(
                titles=pgettext("between members of a list", ", ").join(missing)
            )
        )
    release = Release.objects.create(
        decision=decision, manifest_sha256=shipped, where=where.strip(), released_at=now, released_by=actor
    )
    move_request(decision.request, RequestEvent.RELEASE, now)
    trail.record(
        "request.released", obj=decision.request, actor=actor, now=now, also=[release],
        data={"manifest_sha256": shipped, "where": release.where, "decision": decision.number},
    )  # fmt: skip
    gates.happened(
        gates.Happening.VERSION_RELEASED, version_id=decision.request.version_id, occasion=f"release:{release.pk}",
        now=now, data={"decision": decision.number},
    )  # fmt: skip
    return release


def missing_checklists(decision: Decision, now: datetime) -> list[str]:
    """Return the titles of the checklists that the boards' policies ask for and that are not accepted now."""
    ballots = decision.request.ballots.filter(review__round=decision.round, result="passed")
    codes = dict.fromkeys(
        code for policy in ballots.values_list("policy", flat=True) for code in policy["gates"]
    )
    if not codes:
        return []
    checks = gates.readiness(decision.request.version_id, list(codes), now)
    return [check.title for check in checks if not check.met]
