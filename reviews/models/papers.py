"""Papers of a meeting as one PDF: a working copy for a class of readers, made again when the agenda changes."""

from django.conf import settings
from django.db import models
from django.db.models import Q

STATES = ["building", "ready", "failed"]


class Papers(models.Model):
    """The papers of one version of an agenda, for readers who are kept from the same items.

    `agenda_sha256` changes with the agenda and with what lies before the board; `kept_from`: the items, by id, that
    these readers don't get, because they are recused from them. `problems`: attachments that couldn't be joined.
    """

    meeting = models.ForeignKey("reviews.Meeting", on_delete=models.PROTECT, related_name="papers")
    agenda_sha256 = models.CharField(max_length=64)
    kept_from = models.JSONField(default=list, blank=True)
    readers = models.CharField(max_length=64, help_text="SHA-256 of kept_from, names the class of readers")
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    state = models.CharField(max_length=10, default="building", choices=[(s, s) for s in STATES])
    failure = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list, blank=True)
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "agenda_sha256", "readers", "language"], name="papers_once_a_class_of_readers"
            ),
            models.CheckConstraint(condition=Q(state__in=STATES), name="papers_state_known"),
            models.CheckConstraint(
                condition=Q(state="ready", made_at__isnull=False, size__gt=0) & ~Q(sha256="")
                | ~Q(state="ready") & Q(sha256="", made_at__isnull=True),
                name="papers_ready_with_their_file",
            ),
            models.CheckConstraint(
                condition=Q(state="failed") & ~Q(failure="") | ~Q(state="failed") & Q(failure=""),
                name="papers_failed_with_a_reason",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.meeting_id}: papers ({self.state})"
