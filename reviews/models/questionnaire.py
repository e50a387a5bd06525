"""Versions of the questions that the organisation made itself, which are used and retired, and drafts of the next."""

from django.db import models
from django.db.models import Q


class QuestionnaireVersion(models.Model):
    """A published version, never changed; `content` is canonical JSON and is what `sha256` is the digest of."""

    version = models.CharField(max_length=20, unique=True, help_text="2026-1.2: the second made from 2026-1")
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    based_on = models.CharField(max_length=20)
    why = models.TextField(help_text="what changed, and why")
    published_at = models.DateTimeField()
    published_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(why="") & ~Q(sha256=""), name="questionnaire_says_why")
        ]

    def __str__(self) -> str:
        return self.version


class QuestionnaireMark(models.Model):
    """A version, shipped or own, was taken for new requests from now on, or retired; the last word counts."""

    version = models.CharField(max_length=20)
    kind = models.CharField(max_length=10, choices=[("used", "used"), ("retired", "retired")])
    why = models.TextField(blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["used", "retired"]), name="questionnaire_mark_known")
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.kind}"


class QuestionnaireDraft(models.Model):
    """A version in the making; `content` is that of a file, `changes` counts so that a stale write is noticed."""

    based_on = models.CharField(max_length=20)
    content = models.JSONField()
    changes = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.based_on} → {self.pk}"
