"""What a person decided about whether a library applies, against what its conditions say."""

from django.db import models
from django.db.models import Q

from compliance.rules.applicability import Level


class ApplicabilityOverride(models.Model):
    """A decision with its reason; it counts until `until` or until it is taken back, and the newest one in force wins.

    About a project, a model or a version; about the organisation when all three are empty. `project` is that of the
    model or version too, so that who may read the reason is asked of one column.
    """

    library_code = models.SlugField(max_length=60)
    level = models.CharField(max_length=20, choices=[(level, level) for level in Level])
    project = models.ForeignKey(
        "registry.Project", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    model = models.ForeignKey(
        "registry.AIModel", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
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
        indexes = [models.Index(fields=["library_code", "level"], name="override_of_library")]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="override_with_a_reason"),
            models.CheckConstraint(
                condition=Q(
                    level="organisation", project__isnull=True, model__isnull=True, version__isnull=True
                )
                | Q(level="project", project__isnull=False, model__isnull=True, version__isnull=True)
                | Q(level="model", project__isnull=False, model__isnull=False, version__isnull=True)
                | Q(level="version", project__isnull=False, model__isnull=True, version__isnull=False),
                name="override_about_what_its_level_says",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="override_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.library_code}: {'applies' if self.applies else 'does not apply'}"

    @property
    def subject_id(self) -> int:
        """Return the id of what it is about, 0 for the organisation."""
        about = {Level.PROJECT: self.project_id, Level.MODEL: self.model_id, Level.VERSION: self.version_id}
        return about.get(Level(self.level)) or 0
