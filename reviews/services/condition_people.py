"""Naming another owner or verifier of a condition, when the one before can't do it any more."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from reviews.models import Condition
from reviews.permissions import conditions as permissions
from reviews.permissions.reasons import require
from reviews.permissions.standing import parties_of
from reviews.rules.recusal import conflicts_of
from reviews.services.conditions import condition_to_change


@transaction.atomic
def reassign_condition(
    *, actor: User, condition_id: int, part: str, person_id: int, reason: str, now: datetime
) -> Condition:
    """Let somebody take over as "owner" or "verifier", as the secretary of the board; everything else stays.

    Only from somebody who left, or whose part in the request keeps them from verifying. Reports stay their writers'.
    """
    condition = condition_to_change(actor, condition_id, now)
    require(permissions.why_not_reassign(actor, condition, part, now))
    if not reason.strip():
        raise Refused(_("Say why somebody else takes it over."))
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if person is None:
        raise Refused(_("Choose somebody who is here."))
    _check(condition, part, person)
    before: User = getattr(condition, part)
    setattr(condition, part, person)
    condition.save(update_fields=[part])
    trail.record(
        "condition.reassigned", obj=condition, actor=actor, now=now, reason=reason.strip(),
        data={
            "number": condition.number, "part": part,
            "person": {"old": str(before.pseudonym), "new": str(person.pseudonym)},
        },
        personal={"before": before.display_name, "after": person.display_name},
    )  # fmt: skip
    return condition


def _check(condition: Condition, part: str, person: User) -> None:
    """Refuse who could not do it: the verifier is somebody else than the owner, and without a part in the request."""
    other = condition.owner_id if part == "verifier" else condition.verifier_id
    if person.pk == other:
        raise Refused(_("Somebody other than its owner verifies a condition."))
    if part == "verifier" and conflicts_of(person.pk, parties_of(condition.decision.request)):
        raise Refused(_("The verifier has a part in the request. Choose somebody else."))
    waiting = condition.reports.filter(accepted__isnull=True).first()
    if part == "verifier" and waiting is not None and waiting.reported_by_id == person.pk:
        raise Refused(_("This person reported it, so somebody else verifies it."))
