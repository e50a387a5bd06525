"""Bundles: what auditors take away to prove the log on their own machine."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class BundleState(models.TextChoices):
    """Where a bundle stands."""

    ASKED = "asked", _("being made")
    READY = "ready", _("ready")
    GONE = "gone", _("file deleted")


class Bundle(models.Model):
    """A file that was asked for, about an engagement or about one request; its bytes lie in `oversight.shelf`.

    The row stays when the file is deleted: with `sha256` it says what left the house.
    """

    engagement = models.ForeignKey(
        "oversight.Engagement", null=True, on_delete=models.PROTECT, related_name="bundles"
    )
    request = models.ForeignKey(
        "reviews.ReviewRequest", null=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    with_disclosures = models.BooleanField(help_text="names and other personal values in scope go along")
    reason = models.TextField(blank=True, help_text="why the personal values are needed")
    scope = models.JSONField(default=dict, help_text="what was asked, as it stands in the bundle")
    state = models.CharField(max_length=10, choices=BundleState.choices, default=BundleState.ASKED)
    failure = models.TextField(blank=True, help_text="why the last attempt came to nothing, in words")
    expires_at = models.DateTimeField(help_text="when the file is deleted")
    made_at = models.DateTimeField(null=True)
    size = models.PositiveBigIntegerField(default=0, help_text="bytes")
    sha256 = models.CharField(max_length=64, blank=True)
    tree_size = models.PositiveBigIntegerField(default=0, help_text="leaves of the log that are in it")
    tree_root = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(engagement__isnull=False) | Q(request__isnull=False),
                name="bundle_of_something",
            ),
            models.CheckConstraint(condition=Q(state__in=BundleState.values), name="bundle_state_known"),
            models.CheckConstraint(
                condition=Q(with_disclosures=False) | ~Q(reason=""), name="bundle_disclosures_with_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | ~Q(sha256="") & Q(size__gt=0, made_at__isnull=False),
                name="bundle_ready_with_its_digest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.state}"

    def may_be_fetched(self, now: datetime) -> bool:
        """Say whether there is a file to download."""
        return self.state == BundleState.READY and now < self.expires_at
