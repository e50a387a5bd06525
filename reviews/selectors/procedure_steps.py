"""Steps of a person that a procedure brings: to determine that a request is exempt, to send it on with a doubt."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from reviews.permissions import procedures
from reviews.rules.clocks import Procedure
from reviews.rules.exemption import LEADS_TO
from reviews.rules.lifecycle import RequestState
from reviews.selectors.steps import Asking, Step


def exempt_steps(asking: Asking) -> Iterator[Step]:
    """Return that this person may determine whether the request is exempt."""
    request = asking.rows.request
    if request.procedure != Procedure.EXEMPT or request.state != RequestState.IN_REVIEW:
        return
    for review in asking.rows.reviews:
        if procedures.why_not_determine(asking.actor, review, asking.now) is None:
            yield Step(
                _("It was routed as exempt. Look whether it is so: no ballot is held."),
                _("Determine that it is exempt"),
                "checklist",
                reverse("reviews:exempt", args=[asking.reference, review.board.slug]),
                review.due_at,
            )


def doubt_steps(asking: Asking) -> Iterator[Step]:
    """Return that this person may send the request to a stricter procedure; once, though they sit on several boards."""
    request = asking.rows.request
    if request.state != RequestState.IN_REVIEW or not LEADS_TO.get(Procedure(request.procedure or "full")):
        return
    for review in asking.rows.reviews:
        if procedures.why_not_doubt(asking.actor, review, asking.now) is None:
            yield Step(
                _("A doubt sends the request to a stricter procedure."),
                _("Send it to another procedure"),
                "scale",
                reverse("reviews:doubt", args=[asking.reference, review.board.slug]),
            )
            return
