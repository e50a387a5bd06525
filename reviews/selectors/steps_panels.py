"""Steps about panels and appeals: to appeal, and to form a panel."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reviews.models import Decision, Suspension
from reviews.permissions.appealing import Chance, why_not_file
from reviews.permissions.panels import why_not_form_appeal, why_not_keeper
from reviews.rules.lifecycle import RequestState
from reviews.selectors.appeals import until_of
from reviews.selectors.calendar import local_day
from reviews.selectors.steps import Asking, Step


def panels(asking: Asking) -> Iterator[Step]:
    """Yield the panels that this person has to form, because the request waits for them."""
    linked, request = asking.rows.linked, asking.rows.request
    appeal = linked.to_hear
    if appeal is not None and why_not_form_appeal(asking.actor, appeal, asking.now) is None:
        yield Step(
            _("The requester appealed. A panel of people who took no part has to be formed."),
            _("Form the appeal panel"),
            "users",
            reverse("reviews:form_appeal_panel", args=[asking.reference, appeal.number]),
            appeal.due_at,
        )
    if linked.needs_experts and why_not_keeper(asking.actor, request, asking.now) is None:
        yield Step(
            ngettext(
                "{count} expert from outside reviews this a second time.",
                "{count} experts from outside review this a second time.",
                linked.needs_experts,
            ).format(count=linked.needs_experts),
            _("Form the expert panel"),
            "users",
            reverse("reviews:form_panel", args=[asking.reference]),
        )


def appealing(asking: Asking) -> Iterator[Step]:
    """Yield the appeal, to the requester of what was rejected or suspended."""
    chance = _chance(asking)
    if chance is None or why_not_file(asking.actor, asking.rows.request, chance) is not None:
        return
    yield Step(
        _("A panel looks at it again in which nobody sits who voted. That is possible once."),
        _("Appeal"),
        "scale",
        reverse("reviews:appeal", args=[asking.reference]),
        by=chance.until,
    )


def _chance(asking: Asking) -> Chance | None:
    """Return until when what was decided can be appealed, from what the page has read."""
    rows = asking.rows
    found = _about(rows.decision, rows.request.state)
    board = next((review.board for review in rows.reviews if review.leading), None)
    if found is None or board is None or asking.actor.pk != rows.request.requester_id:
        return None
    decision, suspension = found
    return Chance(
        until=until_of(decision, suspension, board),
        today=local_day(asking.now, board),
        filed_already=any(
            (appeal.decision_id, appeal.suspension_id) == (decision.pk, suspension.pk if suspension else None)
            for appeal in rows.linked.appeals
        ),
    )


def _about(decision: Decision | None, state: str) -> tuple[Decision, Suspension | None] | None:
    if decision is None:
        return None
    if state == RequestState.SUSPENDED:
        standing = [one for one in decision.suspensions.all() if one.ended_at is None]
        return (decision, standing[0]) if standing else None
    return (decision, None) if state == RequestState.REJECTED else None
