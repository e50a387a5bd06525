"""Comments on the controls of an assessment: what owner and reviewer write to each other."""

from django.db import models
from django.db.models import Q

from compliance.models.assessment import Assessment
from compliance.models.library import Control


class ControlComment(models.Model):
    """A comment; never changed, never removed."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="comments")
    control = models.ForeignKey(Control, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="control_comment_says_something")]

    def __str__(self) -> str:
        return f"{self.assessment_id}/{self.control_id}: {self.pk}"
