"""What a request says: its answers and files while they are written, and the revisions that froze them."""

from django.db import models
from django.db.models import Q


class Answer(models.Model):
    """The present answer to one question; `version` counts its changes, so that a stale write is noticed."""

    request = models.ForeignKey("reviews.ReviewRequest", on_delete=models.PROTECT, related_name="answers")
    question = models.CharField(max_length=60)
    value = models.JSONField(null=True, help_text="text, list of codes, or number as text; null: emptied")
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "question"], name="answer_once_a_question")]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.question}"


class AnswerFile(models.Model):
    """A file given with an answer; the bytes are kept under their digest. Two of one name are two files."""

    request = models.ForeignKey("reviews.ReviewRequest", on_delete=models.PROTECT, related_name="files")
    question = models.CharField(max_length=60)
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    added_at = models.DateTimeField()
    added_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True, help_text="taken out of the draft")

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["request", "question", "id"], name="answer_file_request")]
        constraints = [
            models.CheckConstraint(condition=~Q(sha256="") & ~Q(name=""), name="answer_file_has_digest")
        ]

    def __str__(self) -> str:
        return self.name


class Revision(models.Model):
    """One frozen submission; `content` is canonical JSON and is what `sha256` is the digest of."""

    request = models.ForeignKey("reviews.ReviewRequest", on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    manifest_sha256 = models.CharField(max_length=64)
    questionnaire = models.CharField(max_length=20)
    why = models.TextField(
        blank=True, help_text="what changed since the revision before, in the requester's words"
    )

    class Meta:
        ordering = ["request", "number"]
        constraints = [
            models.UniqueConstraint(fields=["request", "number"], name="revision_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="revision_counts_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.number}"
