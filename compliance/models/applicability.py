"""What a person decided about whether a library applies, against what its conditions say."""

from django.db import models
from django.db.models import Q


class ApplicabilityOverride(models.Model):
    """A decision with its reason; it counts until `until` or until it is taken back, and the newest one in force wins.

    About a model version, or about the organisation when `version` is empty.
    """

    library_code = models.SlugField(max_length=60)
    version = models.ForeignKey(
        "registry.ModelVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    applies = models.BooleanField()
    reason = models.TextField()
    until = models.DateField(
        null=True, blank=True, help_text="the last day on which it counts; empty: no end"
    )
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-made_at", "-id"]
        indexes = [models.Index(fields=["library_code", "version"], name="override_of_library")]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="override_with_a_reason"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="override_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.library_code}: {'applies' if self.applies else 'does not apply'}"
