"""Random samples of requests, kept with their seed and with what they were drawn from."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

METHOD = "sha256-1"


class Sample(models.Model):
    """A draw; `oversight.draw` repeats it from `seed`, `population` and `size`, and so can anybody else."""

    engagement = models.ForeignKey("oversight.Engagement", on_delete=models.PROTECT, related_name="samples")
    drawn_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()
    method = models.CharField(max_length=20, default=METHOD)
    seed = models.CharField(max_length=64)
    size = models.PositiveSmallIntegerField()
    population = models.JSONField(help_text="references of all requests that were in scope, sorted")
    population_sha256 = models.CharField(max_length=64, help_text="of these references, one a line")

    class Meta:
        ordering = ["-drawn_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(size__gte=1), name="sample_of_one_at_least"),
            models.CheckConstraint(condition=~Q(seed=""), name="sample_has_its_seed"),
        ]

    def __str__(self) -> str:
        return f"{self.engagement_id}: {self.size}, {self.seed}"


class SampledState(models.TextChoices):
    """How far the auditors are with a request of the sample."""

    OPEN = "open", _("to look at")
    LOOKED_AT = "looked_at", _("looked at, nothing found")
    NOTED = "noted", _("looked at, something noted")


class SampleItem(models.Model):
    """A request that was drawn, in the order of the draw, and what the auditors say of it."""

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="items")
    place = models.PositiveSmallIntegerField(help_text="place in the draw, from 1")
    request = models.ForeignKey("reviews.ReviewRequest", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=SampledState.choices, default=SampledState.OPEN)
    note = models.TextField(blank=True)
    changed_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["sample", "place"]
        constraints = [
            models.UniqueConstraint(fields=["sample", "place"], name="sample_place_once"),
            models.UniqueConstraint(fields=["sample", "request"], name="sample_request_once"),
            models.CheckConstraint(
                condition=Q(state__in=SampledState.values), name="sample_item_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sample_id}: {self.place}"
