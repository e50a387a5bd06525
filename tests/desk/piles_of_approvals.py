"""What waits after approvals, for a pile of work: an overdue condition, continuing reviews, an incident."""

from datetime import timedelta
from typing import Any

from compliance.models import Incident
from reviews import models as rows
from tests.dossiers import NOW


def leave_approvals(pile: Any) -> None:
    """Leave a report to write and one to vote on, a condition that is long overdue, and an incident to classify."""
    for requester, state in ((pile.busy, "asked"), (pile.other, "reported")):
        decision = pile._decision("released", "in_force", requester)
        review = rows.ContinuingReview.objects.create(
            decision=decision, number=1, due=NOW.date(), due_at=NOW + timedelta(days=9), opened_at=NOW, state=state,
        )  # fmt: skip
        if state == "reported":
            rows.ContinuingReport.objects.create(
                review=review, number=1, changes="None.", incidents="None.", monitoring="As before.",
                reported_by=requester, reported_at=NOW,
            )  # fmt: skip
            rows.Condition.objects.create(
                decision=decision, review=rows.BoardReview.objects.get(request=decision.request), number=1,
                text="Name it.", owner=pile.other, verifier=pile.busy, due=NOW.date(), due_at=NOW - timedelta(days=9),
                escalate_at=NOW - timedelta(days=2),
            )  # fmt: skip
    incident = Incident.objects.create(
        project=pile.version.model.project, version=pile.version, happened_at=NOW - timedelta(hours=3),
        text="It broke.", entered_at=NOW, entered_by=pile.other,
    )  # fmt: skip
    rows.IncidentReport.objects.create(
        incident=incident, project=incident.project, reporter=pile.other, raised_at=NOW, state_since=NOW,
        aware_at=NOW - timedelta(hours=2), due_at=NOW + timedelta(hours=46),
    )  # fmt: skip
