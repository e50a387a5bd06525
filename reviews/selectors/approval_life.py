"""What an approval has lived through: its continuing reviews, incidents, and the requests that follow from it."""

from dataclasses import dataclass

from django.db.models import Q

from reviews.models import ContinuingReview, Decision, IncidentReport, ReviewRequest


@dataclass(frozen=True, slots=True)
class ApprovalLife:
    """What was found, each newest first; empty for most requests."""

    continuing: tuple[ContinuingReview, ...] = ()
    incidents: tuple[IncidentReport, ...] = ()
    followers: tuple[ReviewRequest, ...] = ()

    @property
    def open_review(self) -> ContinuingReview | None:
        """Return the continuing review that is open, or None."""
        return next((review for review in self.continuing if review.state != "closed"), None)

    @property
    def renewal(self) -> ReviewRequest | None:
        """Return the renewal that is under way or done, or None."""
        return next((one for one in self.followers if one.renews_id), None)


def life_of(request: ReviewRequest, decision: Decision | None) -> ApprovalLife:
    """Return the life of the request's approval; a query for each thing that there is, as the decision was told."""
    if decision is None or decision.approved_at is None:
        return ApprovalLife()
    told = decision.__dict__
    reviews: tuple[ContinuingReview, ...] = ()
    if told.get("was_continued", True):
        reviews = tuple(ContinuingReview.objects.filter(decision=decision).order_by("-number"))
    for review in reviews:
        review.decision = decision
    incidents: tuple[IncidentReport, ...] = ()
    if told.get("had_incidents", True):
        incidents = tuple(IncidentReport.objects.filter(request=request).select_related("incident"))
    followers: tuple[ReviewRequest, ...] = ()
    if told.get("was_followed", True):
        rows = ReviewRequest.objects.filter(Q(amends=request) | Q(renews=request), is_full_review=False)
        followers = tuple(rows.exclude(submitted_at=None, state="withdrawn").order_by("-id"))
    return ApprovalLife(reviews, incidents, followers)
