"""Five tables with the columns of a vote, which differ in what is written beside a row."""

from django.db import models
from simple_history.models import HistoricalRecords


class LikeVote(models.Model):
    """The columns of reviews.Vote."""

    ballot = models.ForeignKey("reviews.Ballot", on_delete=models.PROTECT, related_name="+")
    seat = models.ForeignKey("reviews.BallotSeat", on_delete=models.PROTECT, related_name="+")
    position = models.CharField(max_length=10)
    reason = models.TextField()
    revision_sha256 = models.CharField(max_length=64)
    cast_at = models.DateTimeField()
    entered_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True
        app_label = "peers"

    def __str__(self) -> str:
        return f"{self.ballot}: {self.position}"


class BareVote(LikeVote):
    """Nothing beside the row."""


class TrailVote(LikeVote):
    """An event of the trail, and the commit guard."""


class AuditlogVote(LikeVote):
    """An entry of django-auditlog."""


class HistoryVote(LikeVote):
    """A history row of django-simple-history."""

    history = HistoricalRecords()


class ChainVote(LikeVote):
    """A link of a serial hash chain."""


class ChainHead(models.Model):
    """The newest hash of the chain; one row, which each writer holds until its commit."""

    hash = models.BinaryField()

    def __str__(self) -> str:
        return bytes(self.hash).hex()


class ChainLink(models.Model):
    """What was done, with the hash over it and over the link before it."""

    content = models.BinaryField()
    hash = models.BinaryField()

    def __str__(self) -> str:
        return bytes(self.hash).hex()
