"""The request to release a model version, and who has a part in it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from reviews.rules.lifecycle import RequestState

STATES = [state.value for state in RequestState]
BEFORE_SUBMISSION = [RequestState.DRAFT.value, RequestState.WITHDRAWN.value]


class ReferenceCounter(models.Model):
    """The last number given in a year; its row is locked while a number is taken."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class ReviewRequest(models.Model):
    """A request belongs to a model version; what boards judge are its revisions.

    `project` repeats the version's project, so that a list can begin with the containers that a person may see.
    """

    reference = models.CharField(max_length=20, unique=True, help_text="IMP-2026-0001")
    version = models.ForeignKey("registry.ModelVersion", on_delete=models.PROTECT, related_name="requests")
    project = models.ForeignKey("registry.Project", on_delete=models.PROTECT, related_name="requests")
    requester = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="requests")
    contributors = models.ManyToManyField(
        "accounts.User", through="reviews.Contributor", through_fields=("request", "person"), related_name="+"
    )
    state = models.CharField(max_length=20, default=RequestState.DRAFT, choices=[(s, s) for s in STATES])
    state_since = models.DateTimeField()
    language = models.CharField(max_length=10, choices=settings.LANGUAGES, default="en")
    purpose = models.CharField(max_length=300, help_text="what is asked: a release for whom, and for what")
    questionnaire = models.CharField(max_length=20, help_text="version of the questions, 2026-1")
    amends = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="amendments"
    )
    is_full_review = models.BooleanField(
        default=False,
        help_text="made by the system: the full review of the provisional approval that it amends",
    )
    renews = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="renewals"
    )
    tier = models.PositiveSmallIntegerField(null=True, blank=True)
    procedure = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True, help_text="first submission")
    check_by = models.DateTimeField(
        null=True, blank=True, help_text="completeness, then the route, is due for the secretary"
    )

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="request_newest"),
            models.Index(fields=["project", "-created_at", "-id"], name="request_project"),
            models.Index(fields=["requester", "-created_at", "-id"], name="request_requester"),
            models.Index(fields=["state", "-created_at", "-id"], name="request_state"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="request_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=BEFORE_SUBMISSION) | Q(submitted_at__isnull=False),
                name="request_beyond_draft_was_submitted",
            ),
            models.CheckConstraint(
                condition=Q(is_full_review=False) | Q(amends__isnull=False),
                name="request_full_review_of_another",
            ),
            models.UniqueConstraint(
                fields=["amends"], condition=Q(is_full_review=True), name="request_one_full_review"
            ),
            models.CheckConstraint(
                condition=Q(amends__isnull=True) | Q(renews__isnull=True), name="request_amends_or_renews"
            ),
            models.CheckConstraint(
                condition=Q(tier__isnull=True) | Q(tier__gte=1, tier__lte=4), name="request_tier_of_four"
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class Contributor(models.Model):
    """Somebody who works on the dossier: they may edit it, and may not judge it."""

    request = models.ForeignKey(ReviewRequest, on_delete=models.PROTECT, related_name="parts")
    person = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="contributions")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "person"], name="contributor_once")]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.person_id}"
