"""Engagements: what auditors were asked to look at, from when until when; the grants on them name the auditors."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from accounts.grants import UserGrant

READ_ENGAGEMENT = "read_engagement"


class Engagement(models.Model):
    """An order to audit. It covers the whole organisation, or projects and boards, between two moments.

    `starts_at` is the first moment and `ends_at` the first that is out; ended earlier, `ended_at` is the last word.
    These say when it may be read. `period_from` and `period_until` (the first moment that is out) say which time is
    looked at; without them, the whole past and what is still to come.
    """

    title = models.CharField(max_length=120)
    purpose = models.TextField()
    whole = models.BooleanField(help_text="the whole organisation: every event and every record")
    projects = models.ManyToManyField("registry.Project", blank=True, related_name="+")
    boards = models.ManyToManyField("reviews.Board", blank=True, related_name="+")
    period_from = models.DateTimeField(
        null=True, help_text="first moment that is looked at; null: no beginning"
    )
    period_until = models.DateTimeField(null=True, help_text="first moment that is left out; null: no end")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-starts_at", "-id"]
        permissions = [(READ_ENGAGEMENT, "May read what the engagement covers")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="engagement_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="engagement_ended_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(period_from=None) | Q(period_until=None) | Q(period_until__gt=F("period_from")),
                name="engagement_period_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def is_in_force(self, now: datetime) -> bool:
        """Say whether its auditors may read at this moment."""
        return self.starts_at <= now < self.ends_at and self.ended_at is None

    @property
    def has_period(self) -> bool:
        """Say whether only a part of the time is looked at."""
        return self.period_from is not None or self.period_until is not None


class EngagementGrant(UserGrant):
    """An auditor of an engagement; `valid_until` is its end."""

    content_object = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="grants")

    class Meta(UserGrant.Meta):
        pass


class OpenedContainer(models.Model):
    """A grant on a project or a board that exists for an engagement's sake, and is withdrawn with it."""

    auditor = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey("registry.Project", null=True, on_delete=models.PROTECT, related_name="+")
    board = models.ForeignKey("reviews.Board", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["auditor", "project"], condition=Q(board=None), name="opened_project_once"
            ),
            models.UniqueConstraint(
                fields=["auditor", "board"], condition=Q(project=None), name="opened_board_once"
            ),
            models.CheckConstraint(
                condition=Q(project=None, board__isnull=False) | Q(project__isnull=False, board=None),
                name="opened_project_or_board",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.auditor_id}: project {self.project_id}, board {self.board_id}"
