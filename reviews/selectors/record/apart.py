"""What a record says of a decision that is not like others: provisional, a full review, or on appeal."""

from django.db.models import Q
from django.utils.translation import gettext as _

from records.context import instant
from records.decision_context import Apart
from reviews.models import Appeal, Decision, Triage
from reviews.rules.appeals import AppealState
from reviews.selectors.panel_words import GROUNDS
from reviews.selectors.record.duties import appeal_route


def apart_of(decision: Decision) -> Apart:
    """Return it; without a key where there is nothing of its kind."""
    request, said = decision.request, Apart()
    if decision.provisional:
        ground = Triage.objects.filter(request=request).values_list("ground", flat=True).first()
        said["provisional"] = _(
            "Approved in an emergency ({ground}). The approval is provisional: a full review follows, and without its "
            "approval this one ends on its last day."
        ).format(ground=str(GROUNDS.get(ground or "", "")))
    if request.is_full_review and request.amends is not None:
        said["full_review_of"] = request.amends.reference
    heard = Q(state=AppealState.HEARD) | Q(led_to=decision.pk)
    appeals = Appeal.objects.filter(heard, request=request, suspension__isnull=True)
    appeal = appeals.select_related("panel", "decision", "filed_by").first()
    if appeal is not None and appeal.panel is not None:
        said["appeal"] = {
            "number": appeal.number,
            "against": appeal.decision.number,
            "filed_by": appeal.filed_by.display_name,
            "filed_at": instant(appeal.filed_at),
            "grounds": appeal.grounds,
            "panel": appeal.panel.name,
        }
    return said


def where_it_is_appealed(decision: Decision) -> str:
    """Return who decides on an appeal, or that an appeal panel has decided already."""
    if decision.outcome == "rejected" and decision.appeal_until is None:
        return _("An appeal panel has decided this, so it is final.")
    return appeal_route()
