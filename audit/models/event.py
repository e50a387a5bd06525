"""The trail: events that are only ever added, and the personal values that may be erased from them."""

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

LARGEST_LEAF = 65_535  # bytes; a tile of leaves (C2SP) gives the length in two


class Event(models.Model):
    """One act, as the canonical bytes that are hashed; the other columns are derived from them for searching.

    On PostgreSQL the table has two more columns that the database fills in: `txid` and `leaf_hash`.
    """

    leaf = models.BinaryField(help_text="canonical JSON, at most 65,535 bytes")
    object_type = models.CharField(max_length=100)
    object_id = models.CharField(max_length=64)
    verb = models.CharField(max_length=100)
    actor = models.CharField(max_length=36, blank=True, help_text="pseudonym; empty: the system")
    project = models.CharField(max_length=64, blank=True, help_text="id of the project it belongs to")
    board = models.CharField(max_length=64, blank=True, help_text="id of the board it belongs to")
    root_type = models.CharField(max_length=100, help_text="the object whose story it is part of")
    root_id = models.CharField(max_length=64)
    occurred_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["object_type", "object_id", "id"], name="event_object"),
            models.Index(fields=["root_type", "root_id", "-occurred_at", "-id"], name="event_root"),
            models.Index(fields=["-occurred_at", "-id"], name="event_time"),
            models.Index(fields=["verb", "-occurred_at", "-id"], name="event_verb"),
            models.Index(fields=["actor", "-occurred_at", "-id"], name="event_actor", condition=~Q(actor="")),
            models.Index(
                fields=["project", "-occurred_at", "-id"], name="event_project", condition=~Q(project="")
            ),
            models.Index(fields=["board", "-occurred_at", "-id"], name="event_board", condition=~Q(board="")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("leaf"), Value(LARGEST_LEAF)), name="event_leaf_fits"
            )
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_type} {self.object_id}"


class Disclosure(models.Model):
    """A personal value whose commitment stands in a leaf: HMAC-SHA256(salt, value). Erasing deletes this row."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="disclosures")
    path = models.CharField(max_length=100)
    salt = models.BinaryField()
    value = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "path"], name="disclosure_once")]

    def __str__(self) -> str:
        return self.path
